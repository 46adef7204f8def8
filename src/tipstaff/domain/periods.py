"""Periods of time: half-open, in aware UTC instants or in whole microseconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MICROSECOND = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z of an aware `instant`; exact, no float."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: pass an aware datetime")
    return (instant - _EPOCH) // _ONE_MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC instant `micros` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=int(micros))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The instants from `start` up to, not including, `end`. `end` is never before `start`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs aware instants")
        if self.end < self.start:
            raise ValueError("a period cannot end before it starts")

    @property
    def seconds(self) -> float:
        """Elapsed length in seconds."""
        return (self.end - self.start).total_seconds()

    def contains(self, instant: datetime) -> bool:
        """Whether `instant` is inside (start included, end not)."""
        return self.start <= instant < self.end

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one instant; a period of no length counts as its instant.

        A crime whose window is one instant still overlaps the activation that covers it.
        """
        first = max(self.start, other.start)
        return all(first == p.start or first < p.end for p in (self, other))

    def padded(self, by: timedelta) -> Period:
        """The period with `by` added at each end."""
        return Period(self.start - by, self.end + by)


def without(period: Period, others: Iterable[Period]) -> list[Period]:
    """What of `period` lies in none of `others`: apart, in order; nothing of no length."""
    left, at = [], period.start
    for other in sorted(others):
        if other.start > at:
            left.append(Period(at, min(other.start, period.end)))
        at = max(at, other.end)
        if at >= period.end:
            break
    if at < period.end:
        left.append(Period(at, period.end))
    return [each for each in left if each.start < each.end]
