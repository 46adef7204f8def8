"""The daily digest to a force: which crime files came in a day, in counts. Nothing about a person.

A day is one of Great Britain's clock: of 23 or 25 hours where it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.wall_time import DAY, first_reached, wall_time

#: A worker that was away tells of so many days at most.
MOST_DAYS: Final = 14
#: A random name; in its last four bytes, nothing here, is the day.
_NAME: Final = UUID("8f0c5a3e-94d7-4b21-a6cb-1b7400000000")


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What became of a crime file: its rows, those that were taken, and crimes matched by now."""

    batch_id: str
    rows: int
    taken: int
    matched: int

    @property
    def refused(self) -> int:
        """Rows that were not taken."""
        return self.rows - self.taken


@dataclass(frozen=True, slots=True)
class DailyDigest:
    """The crime files of a force that came in on a day, in the order in which they came."""

    day: date
    force: str
    files: tuple[FileCounts, ...]


def name_of_day(day: date) -> UUID:
    """By what the notices of a day's digests are known, in place of a run."""
    return UUID(int=_NAME.int + day.toordinal())


def day_of_name(name: UUID) -> date:
    """The day that such a name is of; ValueError for any other."""
    return date.fromordinal(name.int - _NAME.int)


def span_of(day: date) -> tuple[datetime, datetime]:
    """The instants between which a day lies, the second exclusive."""
    start, end = (first_reached(datetime.combine(each, time())) for each in (day, day + DAY))
    return start, end


def days_to_tell(last: date | None, now: datetime) -> list[date]:
    """The days that are over and not told: after the `last` told, or yesterday where none was."""
    yesterday = wall_time(now).date() - DAY
    earliest = yesterday - timedelta(days=MOST_DAYS - 1)
    first = yesterday if last is None else max(last + DAY, earliest)
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]
