"""Wall time of Great Britain and instants, one at a time; `local_time` does whole columns.

A wall time is a naive datetime: what a clock on a wall in London shows. In spring the times from
01:00 to before 02:00 of one night do not exist; in autumn those of one night come twice. Two
readings of a wall time as an instant cover every rule this program needs:

- `first_reached`: the first instant at which the clock shows it or later;
- `last_reached`: the last instant at which the clock shows it.

They differ only in the hour that comes twice, 01:00 itself included. Of a time that does not exist
both give the first instant that does (01:00 UTC of that night).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tipstaff.domain.local_time import FIRST_YEAR, LAST_YEAR, clock_changes

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: The days whose wall time is known: the rule in force since 1996, to the end of this century.
FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = date(LAST_YEAR - 1, 12, 31)


def _offset(instant: datetime) -> timedelta:
    summer = bisect_right(clock_changes(), instant) % 2 == 1
    return HOUR if summer else timedelta(0)


def wall_time(instant: datetime) -> datetime:
    """What the clock shows at an aware `instant`."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: pass an aware datetime")
    utc = instant.astimezone(UTC)
    return (utc + _offset(utc)).replace(tzinfo=None)


def first_reached(wall: datetime) -> datetime:
    """The first instant (UTC) at which the clock shows `wall` or later."""
    as_winter = _in_utc(wall)
    return _in_summer(as_winter) or _in_winter(as_winter)


def last_reached(wall: datetime) -> datetime:
    """The last instant (UTC) at which the clock shows `wall`."""
    as_winter = _in_utc(wall)
    if _offset(as_winter) == timedelta(0):
        return as_winter
    return _in_summer(as_winter) or _in_winter(as_winter)


def exists(wall: datetime) -> bool:
    """Whether the clock ever shows `wall`: not in the hour that is skipped in spring."""
    return wall_time(first_reached(wall)) == wall


def _in_utc(wall: datetime) -> datetime:
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no time zone: pass a naive datetime")
    return wall.replace(tzinfo=UTC)


def _in_summer(as_winter: datetime) -> datetime | None:
    """The instant at which the clock shows this in summer time; None where it is winter then."""
    instant = as_winter - HOUR
    return instant if _offset(instant) == HOUR else None


def _in_winter(as_winter: datetime) -> datetime:
    """The instant of this in winter time; the spring change where summer time has begun."""
    if _offset(as_winter) == timedelta(0):
        return as_winter
    changes = clock_changes()
    return changes[bisect_right(changes, as_winter) - 1]
