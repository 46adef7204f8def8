"""How a notice gets to whom it is for: its states, how an attempt ended, when to try again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


class NoticeState(StrEnum):
    """Where a notice stands. `SENT`: taken over by a relay or provider; `DELIVERED`: arrived.

    A place in a queue is delivered by being there. `SENDING` is held under a lease that runs out.
    """

    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    DELIVERED = "delivered"
    DEAD = "dead"


class AttemptCode(StrEnum):
    """How an attempt ended. `REFUSED` for good and `FAILED` for now; `BOUNCED` after acceptance.

    `NO_CONTACT` and `NOT_SET_UP`: nothing could be tried. `GIVEN_UP`: too often, or too long ago.
    """

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    REFUSED = "REFUSED"
    BOUNCED = "BOUNCED"
    NO_CONTACT = "NO_CONTACT"
    NOT_SET_UP = "NOT_SET_UP"
    GIVEN_UP = "GIVEN_UP"


#: States in which a notice is to be sent once it is due.
WAITING: Final = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.RETRYING)
#: The step by which the shift lead is told that a notice did not get through; never of itself.
UNDELIVERED: Final = "undelivered"
#: How long a deliverer holds a notice, renewed before each address; longer than any time-out.
LEASE: Final = timedelta(minutes=3)
#: The wait after the first failure; it doubles with each.
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=10)
#: Given up after so many failures, and not before so long.
MOST_FAILURES: Final = 20
LONGEST_TRYING: Final = timedelta(hours=4)
#: The shift lead is told of a notice that fails for so long; it is tried on.
STUCK: Final = timedelta(minutes=10)


def wait_after(notice: UUID, failures: int) -> timedelta:
    """The wait after the failure of that number, from 1: doubled each time, and spread.

    The spread, up to a quarter less, is the notice's own: those that failed together do not all
    come back together, and the same notice always waits the same.
    """
    doubled: int = 2 ** min(failures - 1, 16)
    whole = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    digest = hashlib.sha256(notice.bytes + failures.to_bytes(4, "big")).digest()
    return whole * (1 - int.from_bytes(digest[:4], "big") / 2**34)


def is_given_up(tried_from: datetime, failures: int, now: datetime) -> bool:
    """Whether a notice that failed again is tried no more: often enough and long enough."""
    return failures >= MOST_FAILURES and now - tried_from >= LONGEST_TRYING


def is_stuck(tried_from: datetime, now: datetime) -> bool:
    """Whether a notice that failed again has failed for so long that somebody must know."""
    return now - tried_from >= STUCK
