"""Local time of Great Britain for columns of instants, by the rule in force since 1996.

Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
October (Summer Time Order 2002, and its forerunners from 1996). Equal to Europe/London of the tz
database from 1996 on; tested against it.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.periods import from_micros, to_micros

I64 = NDArray[np.int64]
DAY_US: Final = 86_400_000_000
HOUR_US: Final = 3_600_000_000
MINUTE_US: Final = 60_000_000
FIRST_YEAR: Final = 1996
LAST_YEAR: Final = 2100


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@lru_cache(maxsize=1)
def clock_changes() -> tuple[datetime, ...]:
    """Instants of change from 1996 to 2099, spring and autumn in turn."""
    years = range(FIRST_YEAR, LAST_YEAR)
    return tuple(_last_sunday(year, month) for year in years for month in (3, 10))


@lru_cache(maxsize=1)
def _changes() -> tuple[int, ...]:
    return tuple(to_micros(change) for change in clock_changes())


@lru_cache(maxsize=1)
def _changes_us() -> I64:
    return np.array(_changes(), dtype=np.int64)


def is_summer(at_us: int) -> bool:
    """Whether summer time holds at one instant: `offset_us` without the columns."""
    return bisect_right(_changes(), at_us) % 2 == 1


def offset_us(t_us: I64) -> I64:
    """Microseconds to add to UTC to get local time: an hour in summer, none otherwise."""
    passed = np.searchsorted(_changes_us(), t_us, side="right")
    return np.where(passed % 2 == 1, HOUR_US, 0).astype(np.int64)


def is_repeated(at_us: int) -> bool:
    """Whether the clocks show the time of an instant twice that night: two hours in October."""
    before, now, after = (is_summer(at_us + shift) for shift in (-HOUR_US, 0, HOUR_US))
    return (now and not after) or (before and not now)


def changes_between(first_us: int, last_us: int) -> list[int]:
    """The instants after `first_us`, up to and including `last_us`, at which the clocks change."""
    changes = _changes_us()
    low, high = np.searchsorted(changes, [first_us, last_us], side="right")
    return [int(change) for change in changes[low:high]]


def local_days(t_us: I64) -> I64:
    """The local calendar day of each instant, as days since 1970-01-01."""
    return np.asarray((t_us + offset_us(t_us)) // DAY_US, dtype=np.int64)


def local_date(instant: datetime) -> date:
    """The local calendar date of one aware `instant`: `local_days` without the columns."""
    utc = from_micros(to_micros(instant))
    summer = _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)
    return (utc + timedelta(hours=1 if summer else 0)).date()


def local_minutes(t_us: I64) -> I64:
    """Minutes since local midnight by the wall clock, 0 to 1439."""
    return np.asarray((t_us + offset_us(t_us)) % DAY_US // MINUTE_US, dtype=np.int64)


def is_weekend(days: I64) -> NDArray[np.bool_]:
    """Whether days since 1970 are Saturdays or Sundays (1970-01-01 was a Thursday)."""
    return np.asarray((days + 3) % 7 >= 5)
