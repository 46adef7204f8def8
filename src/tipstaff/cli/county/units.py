"""Home units of the county: whether they hear the tag, by where the tags were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.cli.county.world import County, event
from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.periods import from_micros
from tipstaff.domain.received import Received

#: A unit tells each five minutes whether it hears the tag, and hears it so far.
_EVERY_US: Final = 300_000_000
_HEARS_M: Final = 45.0
_TO_SERVER: Final = timedelta(seconds=20)


def unit_of(county: County, wearer: str) -> str:
    """The identifier of the home unit of a wearer."""
    return f"U{county.old[wearer][1:]}"


def told(county: County, wearers: Iterable[str], start: datetime, end: datetime) -> list[Received]:
    """What the units of these wearers tell from `start` up to `end`, as it comes in."""
    return [event(unit, at, code) for unit, at, code in _events(county, wearers, start, end)]


def bodies(
    county: County, wearers: Iterable[str], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """The same as a supplier would send it; `came` is when."""
    return [
        {"came": (at + _TO_SERVER).timestamp(), "device_id": unit,
         "event_time": at.isoformat(), "code": code}
        for unit, at, code in _events(county, wearers, start, end)
    ]  # fmt: skip


def _events(
    county: County, wearers: Iterable[str], start: datetime, end: datetime
) -> Iterator[tuple[str, datetime, str]]:
    for wearer in wearers:
        unit = unit_of(county, wearer)
        for at, code in _of(county, wearer):
            if start <= at < end:
                yield unit, at, code


def _of(county: County, wearer: str) -> Iterator[tuple[datetime, str]]:
    """Each five minutes what the unit hears, by the middle of what the tag told in ten minutes."""
    own = county.positions.filter(pc.equal(county.positions["device_id"], county.old[wearer]))
    own = own.filter(pc.not_equal(own["mechanism"], "LBS")).sort_by("fix_time")
    at = own["fix_time"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    home = county.homes[wearer]
    away = distance_m(*home, own["latitude"].to_numpy(), own["longitude"].to_numpy())
    for moment in range(int(at[0]), int(at[-1]), _EVERY_US):
        first, last = np.searchsorted(at, (moment - 2 * _EVERY_US, moment))
        if last > first:
            heard = float(np.median(away[first:last])) < _HEARS_M
            yield from_micros(moment), "home_hears" if heard else "home_deaf"
