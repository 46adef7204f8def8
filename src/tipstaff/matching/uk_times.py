"""UK clock times as a person would say them, the zone's name beside them where it is needed.

On the night of the last Sunday of October the clocks show one hour twice, so that a later time can
read as an earlier one; in March an hour is missing. BST or GMT then stands beside the time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.local_time import is_repeated, is_summer
from tipstaff.domain.periods import to_micros

_HOUR: Final = timedelta(hours=1)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def local(instant: datetime) -> datetime:
    """UK wall-clock time of an aware instant, as a naive datetime for display only."""
    own = instant.utcoffset() or timedelta()
    shift = _HOUR if is_summer(to_micros(instant)) else timedelta()
    return instant.replace(tzinfo=None) - own + shift


def zone(instant: datetime) -> str:
    """The name of UK time at that instant: BST in summer, GMT otherwise."""
    return "BST" if is_summer(to_micros(instant)) else "GMT"


def needs_zone(*instants: datetime) -> bool:
    """Whether clock times of these instants mislead without BST or GMT beside them.

    They do where the clocks changed between any two, and where one lies in an hour that the clocks
    show twice.
    """
    told = [to_micros(instant) for instant in instants]
    return len({is_summer(at_us) for at_us in told}) > 1 or any(map(is_repeated, told))


def clock(instant: datetime, *, zoned: bool | None = None) -> str:
    """UK time of day, "14:05"; `zoned`: "01:05 BST", by default where that hour happens twice."""
    shown = f"{local(instant):%H:%M}"
    wanted = needs_zone(instant) if zoned is None else zoned
    return f"{shown} {zone(instant)}" if wanted else shown


def day(instant: datetime) -> str:
    """UK calendar day, "3 June 2024"."""
    there = local(instant)
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}"


def span(start: datetime, end: datetime) -> str:
    """From–to, the day said once where it is the same."""
    return f"{clock(end)} on {day(end)}" if start == end else _joined(start, "to", end)


def both(first: datetime, second: datetime) -> str:
    """Two instants, "14:05 and 14:11 on 3 June 2024", the day said once where it is the same."""
    return _joined(first, "and", second)


def _joined(first: datetime, word: str, second: datetime) -> str:
    zoned = needs_zone(first, second)
    early, late = clock(first, zoned=zoned), clock(second, zoned=zoned)
    if day(first) == day(second):
        return f"{early} {word} {late} on {day(second)}"
    return f"{early} on {day(first)} {word} {late} on {day(second)}"
