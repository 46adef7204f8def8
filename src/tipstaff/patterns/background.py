"""The alternative: how likely the wearer is to be somewhere, living as usual.

g mixes the wearer's own routine at that hour and kind of day, their routine at all hours, and
where wearers of the area are in general, each at two scales, with a trace of anywhere. Own days
carry weights, so a week can be left out and days drawn again (columns of `weights`).
Held-out likelihood alone would give the wearer's own hours three quarters and the area a hundredth
(worlds 900 to 902); the shares keep more for new places, so that a first visit is not overrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.cells import (
    TOP_LEVEL,
    UNIT_M,
    corners,
    find,
    ground_scale,
    level_for,
    parent,
)
from tipstaff.patterns.routine import Routine

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

#: Components, in order: own hour fine, coarse; own all hours fine, coarse; area fine, coarse; any.
COMPONENTS: Final = 7
#: How many levels coarser the second scale is.
COARSER: Final = 2
#: Half the width of "at that hour", in minutes.
HOUR_REACH_MIN: Final = 90.0


@dataclass(frozen=True, slots=True)
class BackgroundShares:
    """The share of each component of g (they sum to 1); versioned with the model."""

    own_hour_fine: float = 0.55
    own_hour_coarse: float = 0.06
    own_all_fine: float = 0.20
    own_all_coarse: float = 0.04
    area_fine: float = 0.07
    area_coarse: float = 0.06
    anywhere: float = 0.02

    def as_row(self) -> F64:
        """The shares in the order of the components."""
        return np.array(
            [
                self.own_hour_fine,
                self.own_hour_coarse,
                self.own_all_fine,
                self.own_all_coarse,
                self.area_fine,
                self.area_coarse,
                self.anywhere,
            ]
        )


@njit(cache=True)
def hour_weights(minute: int, out: F64) -> None:
    """How much of each local hour lies within 90 minutes of `minute` of a day, into `out` (24,)."""
    out[:] = 0.0
    low, high = minute - HOUR_REACH_MIN, minute + HOUR_REACH_MIN
    first = int(np.floor(low / 60.0))
    for h in range(first, first + 5):
        inside = min(high, 60.0 * (h + 1)) - max(low, 60.0 * h)
        if inside > 0.0:
            out[h % 24] += inside / 60.0


class WeighedRoutine(NamedTuple):
    """A routine summed over days by B sets of day weights, ready for look-up.

    `by_hour` (24·C, B) and `by_all` (C, B): weighted minutes of (cell, hour) and of cell, in the
    order of the routine's cells; `norm_hour` (24, B), `norm_all` (B,): the same over all cells.
    `known`: whether the first set leaves enough history.
    """

    by_hour: F64
    by_all: F64
    norm_hour: F64
    norm_all: F64
    known: bool


@njit(cache=True, nogil=True)
def weigh(routine: Routine, weights_hour: F64, weights_all: F64, known: bool) -> WeighedRoutine:
    """Sum a routine over its days by `weights_hour`, `weights_all` (D, B)."""
    cells, draws = len(routine.keys), weights_all.shape[1]
    by_hour, by_all = np.zeros((24 * cells, draws)), np.zeros((cells, draws))
    norm_hour, norm_all = np.zeros((24, draws)), np.zeros(draws)
    # level 0 is never looked up: `level_for` begins at 1
    for slot in range(24 * routine.level_from[1], 24 * cells):
        for e in range(routine.hour_from[slot], routine.hour_from[slot + 1]):
            minutes, day = routine.hour_min[e], routine.hour_day[e]
            for b in range(draws):
                by_hour[slot, b] += weights_hour[day, b] * minutes
    for c in range(routine.level_from[1], cells):
        for e in range(routine.all_from[c], routine.all_from[c + 1]):
            minutes, day = routine.all_min[e], routine.all_day[e]
            for b in range(draws):
                by_all[c, b] += weights_all[day, b] * minutes
    hours, days = routine.hour_total.shape
    for h in range(hours):
        for d in range(days):
            for b in range(draws):
                norm_hour[h, b] += weights_hour[d, b] * routine.hour_total[h, d]
                norm_all[b] += weights_all[d, b] * routine.hour_total[h, d]
    return WeighedRoutine(by_hour, by_all, norm_hour, norm_all, known)


@njit(cache=True)
def _own(
    cells: I64,
    bilinear: F64,
    level: int,
    hours: F64,
    routine: Routine,
    weighed: WeighedRoutine,
    by_hour: F64,
    by_all: F64,
) -> None:
    """Weighted minutes round a place, at that hour and over all hours, into (B,) arrays."""
    by_hour[:] = 0.0
    by_all[:] = 0.0
    first = routine.level_from[level]
    table = routine.keys[first : routine.level_from[level + 1]]
    for j in range(4):
        found = find(table, cells[j])
        if found < 0 or bilinear[j] <= 0.0:
            continue
        cell = first + found
        for b in range(len(by_all)):
            by_all[b] += bilinear[j] * weighed.by_all[cell, b]
        for h in range(24):
            if hours[h] > 0.0:
                share = bilinear[j] * hours[h]
                for b in range(len(by_hour)):
                    by_hour[b] += share * weighed.by_hour[cell * 24 + h, b]


@njit(cache=True)
def _region_share(own_min: float, own_total: float, mass: float, total: float) -> float:
    """How much of this wearer's life lies in a top cell: own history, softened by everybody's."""
    everybody = mass / total if total > 0.0 else 0.0
    if own_total > 0.0:
        return 0.98 * own_min / own_total + 0.0199 * everybody + 1e-4
    return 0.9999 * everybody + 1e-4


@njit(cache=True)
def _others(
    cells: I64,
    bilinear: F64,
    level: int,
    size2: float,
    top_size2: float,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
) -> tuple[float, float]:
    """Density of the other wearers' map round a place, and of anywhere, given the region."""
    top = area.keys[area.level_from[TOP_LEVEL] : area.level_from[TOP_LEVEL + 1]]
    top_mass = area.mass[area.level_from[TOP_LEVEL] : area.level_from[TOP_LEVEL + 1]]
    own_keys = routine.keys[routine.level_from[TOP_LEVEL] : routine.level_from[TOP_LEVEL + 1]]
    total = float(top_mass.sum())
    around, anywhere = 0.0, 0.0
    for j in range(4):
        if bilinear[j] <= 0.0:
            continue
        region = parent(cells[j], level, TOP_LEVEL)
        at, own = find(top, region), find(own_keys, region)
        mass = float(top_mass[at]) if at >= 0 else 0.0
        own_min, own_cap = 0.0, 0.0
        if own >= 0:
            own_min = weighed.by_all[routine.level_from[TOP_LEVEL] + own, 0]
            own_cap = float(routine.cap[routine.level_from[TOP_LEVEL] + own])
        share = bilinear[j] * _region_share(own_min, weighed.norm_all[0], mass, total)
        anywhere += share / top_size2
        if mass - own_cap <= 0.0:
            around += share / top_size2
            continue
        here = find(area.keys[area.level_from[level] : area.level_from[level + 1]], cells[j])
        if here < 0:
            continue
        found = float(area.mass[area.level_from[level] + here])
        mine = find(
            routine.keys[routine.level_from[level] : routine.level_from[level + 1]], cells[j]
        )
        if mine >= 0:
            found -= routine.cap[routine.level_from[level] + mine]
        around += share * found / (mass - own_cap) / size2
    return around, anywhere


@njit(cache=True)
def components(
    x: float,
    y: float,
    variance_m2: float,
    hours: F64,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    out: F64,
) -> None:
    """Densities (a ground m²) of the seven components at a place blurred by `variance_m2`.

    (x, y) Mercator metres; `hours` (24,) from `hour_weights`. Into `out` (7, B). A component with
    nothing to go on takes the value of the next wider one.
    """
    scale = ground_scale(y)
    draws = len(weighed.norm_all)
    norm_all, norm_hour = weighed.norm_all, np.zeros(draws)
    for h in range(24):
        for b in range(draws):
            norm_hour[b] += hours[h] * weighed.norm_hour[h, b]
    cells, bilinear = np.zeros(4, np.int64), np.zeros(4)
    by_hour, by_all = np.zeros(draws), np.zeros(draws)
    fine = level_for(variance_m2, scale)
    top_size2 = (UNIT_M * scale * (1 << TOP_LEVEL)) ** 2
    for second in range(2):
        level = min(TOP_LEVEL, fine + second * COARSER)
        size2 = (UNIT_M * scale * (1 << level)) ** 2
        corners(x, y, level, cells, bilinear)
        _own(cells, bilinear, level, hours, routine, weighed, by_hour, by_all)
        around, anywhere = _others(cells, bilinear, level, size2, top_size2, routine, area, weighed)
        for b in range(draws):
            own_all = by_all[b] / norm_all[b] / size2 if norm_all[b] > 0.0 else around
            own_hour = by_hour[b] / norm_hour[b] / size2 if norm_hour[b] > 0.0 else own_all
            out[second, b] = own_hour
            out[2 + second, b] = own_all
            out[4 + second, b] = around
            out[6, b] = anywhere
