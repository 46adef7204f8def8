"""Minute states of every wearer on every day: where they were, how surely, how long since a fix.

A row is one wearer's UTC day, smoothed from that day's fixes and those within two hours of it, so
a row is the same whatever other days are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel, fix_classes, sigmas_m
from tipstaff.domain.geodesy import E7, to_mercator
from tipstaff.domain.local_time import DAY_US, MINUTE_US, local_days, local_minutes
from tipstaff.matching.shares import Runner, of_block, wearer_blocks
from tipstaff.matching.trails import Trails
from tipstaff.patterns.cells import WORLD_M
from tipstaff.patterns.motion import (
    MINUTES_A_DAY,
    NO_FIX_MIN,
    REACH_MIN,
    MotionParameters,
    run_lengths,
    smooth,
)
from tipstaff.patterns.routine import Routine, routine_of, summarise

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

_REACH_US: Final = int(REACH_MIN) * MINUTE_US


@dataclass(frozen=True, slots=True)
class States:
    """Rows (R, 1440) of minute states: Mercator `x`, `y`, ground `variance`, minutes to a fix.

    `row_of` (W, D) gives the row of a wearer on UTC day `first_day` + d, −1 where there is none.
    """

    first_day: int
    row_of: NDArray[np.int32]
    x: F64
    y: F64
    variance: F32
    near_min: F32


@njit(cache=True, nogil=True)
def _smooth_rows(
    row_wearer: I64,
    row_day: I64,
    offsets: I64,
    t_us: I64,
    fixes: tuple[F64, F64, F64, F64, F64],
    p: F64,
    out: tuple[F64, F64, F32, F32],
) -> None:
    """Fill each row from its wearer's fixes in and near that day."""
    zx, zy, r, one, scale2 = fixes
    for row in range(len(row_wearer)):
        first, last = offsets[row_wearer[row]], offsets[row_wearer[row] + 1]
        start = row_day[row] * DAY_US
        low = first + np.searchsorted(t_us[first:last], start - _REACH_US)
        high = first + np.searchsorted(t_us[first:last], start + DAY_US + _REACH_US)
        t_min = (t_us[low:high] - start) / MINUTE_US
        part = (zx[low:high], zy[low:high], r[low:high], one[low:high], scale2[low:high])
        x, y, variance, near = smooth(t_min, part, MINUTES_A_DAY, p)
        out[0][row], out[1][row], out[2][row], out[3][row] = x, y, variance, near


def observations(trails: Trails, model: ErrorModel) -> tuple[F64, F64, F64, F64, F64]:
    """Fixes as the smoother takes them; a run of equal coordinates shares one fix's information."""
    x, y = to_mercator(trails.lat_e7 / E7, trails.lon_e7 / E7)
    scale2 = np.cosh(y / 6_378_137.0) ** 2
    sigma = sigmas_m(model, fix_classes(trails.mechanism, trails.radius_m), trails.radius_m)
    one = sigma**2 * scale2
    length = np.ones(len(x), np.int64)
    for i in range(len(trails.wearers)):
        own = slice(trails.offsets[i], trails.offsets[i + 1])
        if np.any(np.abs(np.diff(x[own])) > WORLD_M / 2):  # a trail over ±180° stays in one piece
            x[own] = np.unwrap(x[own], period=WORLD_M)
        length[own] = run_lengths(trails.lat_e7[own], trails.lon_e7[own])
    return x, y, one * length, one, scale2


def _days_seen(trails: Trails, days: I64 | None) -> tuple[I64, I64]:
    """Wearer and UTC day of each day with a fix, in order; of `days` alone where given."""
    day = (trails.t_us // DAY_US).astype(np.int32)
    begins = np.diff(day, prepend=np.int32(-1)) != 0  # fixes are in order within a wearer
    begins[trails.offsets[:-1][np.diff(trails.offsets) > 0]] = True
    at = np.flatnonzero(begins)
    if days is not None:
        at = at[np.isin(day[at], days)]
    wearer = np.searchsorted(trails.offsets, at, side="right") - 1
    return wearer.astype(np.int64), day[at].astype(np.int64)


def minute_states(
    trails: Trails,
    model: ErrorModel,
    motion: MotionParameters,
    days: I64 | None = None,
    run: Runner = map,
) -> States:
    """States of all wearers on `days` (UTC days since 1970; all days with fixes if None)."""
    row_wearer, row_day = _days_seen(trails, days)
    n = len(row_wearer)
    first = int(row_day.min()) if n else 0
    width = int(row_day.max()) - first + 1 if n else 0
    row_of = np.full((len(trails.wearers), width), -1, np.int32)
    row_of[row_wearer, row_day - first] = np.arange(n)
    shape = (n, MINUTES_A_DAY)
    out = (
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape, np.float32),
        np.full(shape, NO_FIX_MIN, np.float32),
    )
    p = motion.as_row()

    def one(block: tuple[int, int]) -> None:
        part = of_block(trails, block)
        low, high = np.searchsorted(row_wearer, block)
        to = (out[0][low:high], out[1][low:high], out[2][low:high], out[3][low:high])
        wearer, day = row_wearer[low:high] - block[0], row_day[low:high]
        _smooth_rows(wearer, day, part.offsets, part.t_us, observations(part, model), p, to)

    for _done in run(one, wearer_blocks(trails)):
        pass
    return States(first, row_of, *out)


def routines_of(states: States, count: int) -> list[Routine]:
    """The routine of each of `count` wearers from their states."""
    routines = []
    for wearer in range(count):
        days = np.flatnonzero(states.row_of[wearer] >= 0)
        rows = states.row_of[wearer, days]
        t_us = ((states.first_day + days)[:, np.newaxis] * DAY_US) + (
            np.arange(MINUTES_A_DAY) * MINUTE_US
        )
        routines.append(
            routine_of(
                summarise(
                    states.x[rows].ravel(),
                    states.y[rows].ravel(),
                    states.variance[rows].ravel(),
                    states.near_min[rows].ravel(),
                    local_days(t_us.ravel()),
                    local_minutes(t_us.ravel()),
                )
            )
        )
    return routines
