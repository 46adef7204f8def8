"""Which looks of a month a supervisor examines: drawn at random, so that nobody chooses them.

The draw is seeded by the month, the unit and the hash of the first entry chained after the end of
the month. Nobody can foresee that hash while the month lasts, nobody can choose it afterwards, and
whoever has the log can draw again and see the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from tipstaff.domain.periods import Period
from tipstaff.domain.wall_time import first_reached

#: The rule below; a rule that has been used is never changed, the next one is added beside it.
RULE: Final = "dip_v1"
SHARE_PERCENT: Final = 2
LEAST: Final = 10
#: How long an examination may wait: the next month's draw then finds this one done.
TIME_TO_EXAMINE: Final = timedelta(days=30)
NOTE_LENGTH: Final = 2000


class Outcome(StrEnum):
    """What an examiner found."""

    PROPER = "proper"
    QUESTIONED = "questioned"


class SampleCode(StrEnum):
    """Why a sample cannot be drawn, or a look not be examined."""

    MONTH_NOT_KNOWN = "MONTH_NOT_KNOWN"
    MONTH_NOT_OVER = "MONTH_NOT_OVER"
    NOT_CHAINED_YET = "NOT_CHAINED_YET"
    ITEM_NOT_KNOWN = "ITEM_NOT_KNOWN"
    OWN_LOOK = "OWN_LOOK"
    EXAMINED_ALREADY = "EXAMINED_ALREADY"
    NOTE_MISSING = "NOTE_MISSING"
    NOTE_TOO_LONG = "NOTE_TOO_LONG"


def month_of(text: str) -> Period | None:
    """A month, as `2026-10`, by the clock in Great Britain; None where it is none."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return Period(
        first_reached(datetime(year, month, 1)),  # noqa: DTZ001 (wall time)
        first_reached(datetime(*following, 1)),  # noqa: DTZ001 (wall time)
    )


def sample_size(looks: int) -> int:
    """How many of `looks` are drawn: the share rounded up, at least ten where there are as many."""
    share = -(-looks * SHARE_PERCENT // 100)
    return min(looks, max(LEAST, share))


def drawn(looks: Iterable[UUID], *, month: str, unit: str, entry_hash: str) -> tuple[UUID, ...]:
    """The requests that are drawn, in the order of the draw; the order of `looks` is no matter."""
    wanted = sorted(set(looks))
    seed = "\n".join((RULE, month, unit, entry_hash))

    def ticket(request_ref: UUID) -> str:
        return hashlib.sha256(f"{seed}\n{request_ref}".encode()).hexdigest()

    return tuple(sorted(wanted, key=ticket)[: sample_size(len(wanted))])
