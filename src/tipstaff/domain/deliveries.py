"""What becomes of a notice on its way, and when it is tried again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    """Where a notice is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    DEAD = "dead"


class Result(StrEnum):
    """What an attempt came to."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    NO_CONTACT = "no_contact"
    NOT_SET_UP = "not_set_up"


STATE_WORDS: Final[dict[DeliveryState, str]] = {
    DeliveryState.WAITING: "waits to be sent",
    DeliveryState.SENT: "taken by the relay or the provider",
    DeliveryState.DELIVERED: "delivered, as the provider says",
    DeliveryState.DEAD: "not delivered: somebody has to tell them by other means",
}
#: What is not worth trying again.
FINAL: Final = frozenset({Result.REFUSED, Result.NO_CONTACT, Result.NOT_SET_UP})
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=10)
#: After so long a notice that could not be sent is dead, and shouts.
GIVEN_UP_AFTER: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: what it came to, the provider's reference, and its words where it refused."""

    result: Result
    reference: str = ""
    words: str = ""


def next_attempt(attempts: int, seed: str, now: datetime) -> datetime:
    """When to try again after so many failed attempts (1 or more): waits double, up to the longest.

    Each is moved by up to a quarter, by the notice's `seed`, so that not all come at once.
    """
    if attempts < 1:
        raise ValueError("nothing has failed yet")
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 16), LONGEST_WAIT)
    digest = hashlib.sha256(f"{seed}/{attempts}".encode()).digest()
    return now + wait * (0.75 + digest[0] / 510)


def is_given_up(queued_at: datetime, now: datetime) -> bool:
    """Whether a notice has been tried for long enough."""
    return now - queued_at >= GIVEN_UP_AFTER
