"""How long a fix waits for its findings when fixes come one by one, for 100,000 wearers.

Fixes come at the instant that they bear. In each step whoever has fixes makes a fleet of their own,
is advanced and put back; meanwhile others come. The clock is that of what was done: it goes on by
the processor's time of each step, so that who comes meanwhile waits in the figures, and who else
wants the cores does not matter. From facts in memory to findings; reading them, timers of those who
have no fixes and the commit of what is told are the worker's, and measured there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipstaff.monitoring.engine import FactColumns, advance
from tipstaff.monitoring.fix_columns import columns_of
from tipstaff.monitoring.fleet_states import FleetState
from tipstaff.monitoring.fleets import Fleet, fleet_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.presence_jobs import unit_columns
from tipstaff.monitoring.watches import Watch

I64 = NDArray[np.int64]
#: A fix a minute each: 1,667 a second.
WEARERS: Final = 100_000
SECONDS: Final = 20
#: Nobody looks for fixes more often than this.
IDLE_US: Final = 1_000


class Feed(NamedTuple):
    """Fixes in order of time, with the number of whose they are."""

    wearer: I64
    at_us: I64
    lat_e7: I64
    lon_e7: I64
    mechanism: I64
    radius_cm: I64


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds from a fix to its findings; how busy the engine was, and what was offered."""

    p50_ms: float
    p99_ms: float
    busy: float
    fixes_a_second: float
    wearers: int


def repeated(feed: Feed, wearers: int, copies: int) -> Feed:
    """The same fixes of so many times the wearers, each at a part of the second of their own."""
    whole = [np.tile(column, copies) for column in feed]
    whole[0] += np.repeat(np.arange(copies) * wearers, feed.at_us.size)
    whole[1] += whole[0] * 7_919 % 1_000 * 1_000
    order = np.argsort(whole[1], kind="stable")
    return Feed(*(column[order] for column in whole))


def waits(
    watched: Sequence[Sequence[Watch]], fleet: Fleet, state: FleetState, feed: Feed, wearers: int
) -> Waits:
    """The waits of `wearers` like those of the fleet, in the 20 seconds after the horizon."""
    copies = max(1, round(wearers / fleet.wearers))
    fixes = repeated(feed, fleet.wearers, copies)
    nation = _Nation(watched, fleet, state, copies)
    begun_us, busy_us, row = state.horizon_us, 0.0, 0
    now_us = float(begun_us)
    found: list[NDArray[np.float64]] = []
    while now_us < begun_us + SECONDS * 1e6:
        until = int(np.searchsorted(fixes.at_us, now_us, side="right"))
        if until == row:
            now_us += IDLE_US
            continue
        clock = time.process_time()
        nation.take(Feed(*(column[row:until] for column in fixes)), int(now_us))
        spent = 1e6 * (time.process_time() - clock)
        busy_us, now_us = busy_us + spent, now_us + spent
        found.append(np.asarray((now_us - fixes.at_us[row:until]) / 1e3))
        row = until
    whole = np.concatenate(found)
    p50, p99 = np.quantile(whole, [0.5, 0.99])
    lasted = (now_us - begun_us) / 1e6
    rate = whole.size / lasted
    return Waits(float(p50), float(p99), busy_us / 1e6 / lasted, rate, copies * fleet.wearers)


class _Nation:
    """Copies of a fleet's wearers with a state each; all have the same number of jobs."""

    def __init__(
        self, watched: Sequence[Sequence[Watch]], fleet: Fleet, state: FleetState, copies: int
    ) -> None:
        self._watched, self._horizon_us = watched, state.horizon_us
        self._zones = [_many(array, copies) for array in state.zones]
        self._presences = [_many(array, copies) for array in state.presences]
        self._of_zones = len(fleet.zone_places.wearer) // fleet.wearers
        self._of_presences = len(fleet.presence_places.wearer) // fleet.wearers
        self._kinds = (type(state.zones), type(state.presences))

    def take(self, fixes: Feed, now_us: int) -> None:
        """Advance those whose fixes these are."""
        who, place = np.unique(fixes.wearer, return_inverse=True)
        own = fleet_of([self._watched[w % len(self._watched)] for w in who], PARAMETERS_V1)
        zones, presences = _rows(who, self._of_zones), _rows(who, self._of_presences)
        state = FleetState(
            self._horizon_us,
            self._kinds[0](*(array[zones] for array in self._zones)),
            self._kinds[1](*(array[presences] for array in self._presences)),
        )
        _, after = advance(own, state, _facts(fixes, place, own), now_us)
        for kept, new in zip(self._zones, after.zones, strict=True):
            kept[zones] = new
        for kept, new in zip(self._presences, after.presences, strict=True):
            kept[presences] = new
        self._horizon_us = now_us


def _many(array: NDArray[Any], copies: int) -> NDArray[Any]:
    return np.concatenate([array] * copies)


def _rows(who: I64, jobs: int) -> I64:
    return (who[:, np.newaxis] * jobs + np.arange(jobs)).ravel()


def _facts(fixes: Feed, place: I64, fleet: Fleet) -> FactColumns:
    order = np.lexsort((fixes.at_us, place))
    rows = [column[order] for column in fixes[1:]]
    starts = np.searchsorted(place[order], np.arange(fleet.wearers + 1)).astype(np.int64)
    columns = columns_of(rows[0], rows[1], rows[2], rows[3], rows[4], PARAMETERS_V1)
    return FactColumns(columns, starts, unit_columns([], fleet.addresses), np.zeros_like(starts))


def bytes_held(*kept: Any) -> int:
    """The bytes of all arrays in these values."""
    total, left = 0, list(kept)
    while left:
        one = left.pop()
        if isinstance(one, np.ndarray):
            total += one.nbytes
        elif is_dataclass(one):
            left += [getattr(one, field.name) for field in fields(one)]
        elif isinstance(one, Sequence) and not isinstance(one, str | bytes):
            left += list(one)
    return total
