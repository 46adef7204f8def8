"""Pairs of crime and wearer, grouped by what they share: one wearer, one day's background.

All pairs of a group use the same minutes and the same weighed routine, so that each minute's
alternative is worked out once however many crimes ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.geodesy import to_mercator
from tipstaff.domain.local_time import MINUTE_US, is_weekend, local_days, local_minutes
from tipstaff.domain.scenes import scene_sigmas_m
from tipstaff.matching.dwell import LONGEST_MIN
from tipstaff.matching.minutes import Minutes
from tipstaff.matching.states import States
from tipstaff.matching.trails import Scenes
from tipstaff.matching.window_ratio import window_marks
from tipstaff.patterns.background import WeighedRoutine, weigh
from tipstaff.patterns.motion import MINUTES_A_DAY, NO_FIX_MIN
from tipstaff.patterns.routine import ENOUGH_DAYS, Routine, day_weights, known_days

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: So far outside a window its minutes may be asked for: half a stay, and from there as far as a
#: stay is followed.
EDGE_MIN: Final = LONGEST_MIN + 15


@dataclass(frozen=True, slots=True)
class Windows:
    """Scene and window of each pair (P,), ready for the kernels.

    `mark_from`, `mark_to`: minutes since 1970; `day`: the local day of the window's middle;
    `x`, `y` Mercator; `variances` (P, C) of the scene's components.
    """

    mark_from: I64
    mark_to: I64
    day: I64
    x: F64
    y: F64
    variances: F64

    @classmethod
    def of(cls, scenes: Scenes, start_us: I64 | None = None, end_us: I64 | None = None) -> Windows:
        """Windows of scenes; `start_us`, `end_us` stand in for the crimes' own (controls)."""
        start = scenes.start_us if start_us is None else start_us
        end = scenes.end_us if end_us is None else end_us
        marks = [window_marks(int(a), int(b)) for a, b in zip(start, end, strict=True)]
        x, y = to_mercator(scenes.latitude, scenes.longitude)
        return cls(
            mark_from=np.array([m[0] for m in marks], np.int64),
            mark_to=np.array([m[1] for m in marks], np.int64),
            day=local_days((start + end) // 2),
            x=x,
            y=y,
            variances=scene_sigmas_m(scenes.rounding_m) ** 2,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs `pairs` (indexes) of one wearer whose background is that of local day `day`."""

    wearer: int
    day: int
    left_out: tuple[int, ...]
    pairs: I64


def grouped(
    scene: I64, wearer: I64, day: I64, left_out: Sequence[tuple[int, ...]]
) -> Iterator[Group]:
    """Group pairs (P,) by wearer, day and days left out; the last two (C,) are by scene."""
    sets = sorted(set(left_out))
    number = {days: i for i, days in enumerate(sets)}
    without = np.array([number[days] for days in left_out], np.int32)[scene]
    keys = (without, day[scene], wearer)
    order = np.lexsort(keys)
    begins = np.zeros(len(order), np.bool_)
    begins[:1] = True
    for key in keys:
        begins[1:] |= key[order[1:]] != key[order[:-1]]
    edges = [*np.flatnonzero(begins).tolist(), len(order)]
    for low, high in pairwise(edges):
        first = int(order[low])
        who, when = int(wearer[first]), int(day[scene[first]])
        yield Group(who, when, sets[int(without[first])], order[low:high])


def minutes_of(states: States, wearer: int, mark_from: int, mark_to: int) -> Minutes:
    """The wearer's minutes from one mark to another (inclusive), unseen where there is no row."""
    count = mark_to - mark_from + 1
    x, y = np.zeros(count), np.zeros(count)
    variance = np.zeros(count, np.float32)
    near = np.full(count, NO_FIX_MIN, np.float32)
    for day in range(mark_from // MINUTES_A_DAY, mark_to // MINUTES_A_DAY + 1):
        column = day - states.first_day
        if not 0 <= column < states.row_of.shape[1] or states.row_of[wearer, column] < 0:
            continue
        row = states.row_of[wearer, column]
        low = max(mark_from, day * MINUTES_A_DAY)
        high = min(mark_to + 1, (day + 1) * MINUTES_A_DAY)
        to = slice(low - mark_from, high - mark_from)
        own = slice(low - day * MINUTES_A_DAY, high - day * MINUTES_A_DAY)
        x[to], y[to] = states.x[row, own], states.y[row, own]
        variance[to], near[to] = states.variance[row, own], states.near_min[row, own]
    marks_us = np.arange(mark_from, mark_to + 1, dtype=np.int64) * MINUTE_US
    return Minutes(mark_from, x, y, variance, near, local_minutes(marks_us))


def weighed_for(
    routine: Routine, day: int, left_out: Sequence[int] = (), draws: F64 | None = None
) -> WeighedRoutine:
    """The routine as it may speak of local day `day`; `draws` (D, B − 1) adds drawn day weights.

    The first set of weights is always the plain one.
    """
    plain = day_weights(routine, day, tuple(left_out))
    weights = plain[:, np.newaxis]
    if draws is not None:
        weights = np.concatenate([weights, draws * weights], axis=1)
    same_kind = is_weekend(routine.days.astype(np.int64)) == is_weekend(np.array([day]))[0]
    known = known_days(routine, plain) >= ENOUGH_DAYS
    return weigh(routine, weights * same_kind[:, np.newaxis], weights, known)


def utc_days_of(windows: Windows) -> I64:
    """Every UTC day that the windows touch."""
    days = {
        day
        for a, b in zip(windows.mark_from, windows.mark_to, strict=True)
        for day in range(
            (int(a) - EDGE_MIN) // MINUTES_A_DAY, (int(b) + EDGE_MIN) // MINUTES_A_DAY + 1
        )
    }
    return np.array(sorted(days), np.int64)
