"""How often something may be done: a bucket of tokens, in whole microseconds and without a clock.

A bucket holds `burst` tokens and gains one each `every_us`; what is done takes one. It is kept as
one number, the instant at which the bucket will be full again: nothing is to be refilled, so
nothing has to run between two requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

_MINUTE_US: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Up to `burst` at once, and one more each `every_us`, both at least 1."""

    burst: int
    every_us: int

    def __post_init__(self) -> None:
        if self.burst < 1 or self.every_us < 1:
            raise ValueError("a rate lets at least one through, and takes time to do so again")

    @classmethod
    def per_minute(cls, often: int, burst: int) -> Rate:
        """At most `often` a minute in the long run, `burst` at once."""
        return cls(burst, -(-_MINUTE_US // often))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket: when it will be full, and the latest time that it was asked at."""

    full_at_us: int
    asked_at_us: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The bucket afterwards, and for how long to wait: 0 where the token was given."""

    bucket: Bucket
    wait_us: int

    @property
    def given(self) -> bool:
        """Whether there was a token."""
        return self.wait_us == 0


class BucketStore(Protocol):
    """Where buckets are kept between requests, each by a name."""

    def take(self, name: str, rate: Rate, now_us: int) -> Taken:
        """Take a token from the bucket of that name; nobody else's taking comes between."""


def take(bucket: Bucket | None, rate: Rate, now_us: int) -> Taken:
    """Take one token at `now_us`; a bucket that is not there yet is full.

    A clock that goes back gains nothing: time stands still until it has caught up.
    """
    now = now_us if bucket is None else max(now_us, bucket.asked_at_us)
    full_at = now if bucket is None else max(bucket.full_at_us, now)
    missing_us = full_at + rate.every_us - now
    wait_us = max(0, missing_us - rate.burst * rate.every_us)
    if wait_us:
        return Taken(Bucket(full_at, now), wait_us)
    return Taken(Bucket(full_at + rate.every_us, now), 0)
