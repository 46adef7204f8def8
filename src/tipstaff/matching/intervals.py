"""Intervals of strength: how far the answer moves with what is not known for sure.

Forty seeded draws of the error's scale and of the share of gross errors, each with one of eight
bootstraps of the days of history. The scale acts on the minutes' variance: the filter's spread is
proportional to the fixes' own, so it need not run again. Source: EVIDENCE, "A formulation that
worked".
"""

from __future__ import annotations

import math
from typing import Final
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.dwell import DwellTable
from tipstaff.matching.minutes import Minutes, apart2
from tipstaff.matching.strength import NEGLIGIBLE, ask, is_far, scene_density, unasked
from tipstaff.matching.window_ratio import FLOOR, gap_weight, window_ratio
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.background import WeighedRoutine
from tipstaff.patterns.motion import REACH_MIN
from tipstaff.patterns.routine import Routine

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DRAWS: Final = 40
#: Days are drawn this often; each drawing serves several draws of the error.
DAY_DRAWS: Final = 8
LOW, HIGH = 0.05, 0.95
#: Spread of the drawn factors, on the log scale.
SCALE_SPREAD: Final = 0.25
GROSS_SPREAD: Final = 0.5


def drawn_factors(seed: int = 1) -> tuple[F64, F64]:
    """Factors (DRAWS,) on the variance and on the gross share; the same for every pair."""
    generator = np.random.Generator(np.random.PCG64(seed))
    scale = np.exp(generator.normal(0.0, SCALE_SPREAD, DRAWS))
    gross = np.exp(generator.normal(0.0, GROSS_SPREAD, DRAWS))
    return scale**2, gross


def drawn_days(name: str, day: int, count: int) -> F64:
    """Bootstrap weights (count, DAY_DRAWS) of a wearer's days, seeded by who and when alone."""
    generator = np.random.Generator(np.random.PCG64([crc32(name.encode()), day]))
    if count == 0:
        return np.zeros((0, DAY_DRAWS))
    even = np.full(count, 1.0 / count)
    return np.asarray(generator.multinomial(count, even, DAY_DRAWS).T, dtype=np.float64)


@njit(cache=True, nogil=True)
def drawn_strengths(
    mark_from: I64,
    mark_to: I64,
    scene_x: F64,
    scene_y: F64,
    scene_variances: F64,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    scene_shares: F64,
    p: F64,
    law: DwellTable,
    not_on_wearer: float,
    variance_factor: F64,
    gross_factor: F64,
    out: F64,
) -> None:
    """LR of each pair (P,) under each draw into `out` (P, DRAWS); 1 where no mark has a state."""
    draws = len(variance_factor)
    drawn = np.empty((draws, len(p)))
    for b in range(draws):
        drawn[b] = p
        drawn[b, 0] = min(0.5, p[0] * gross_factor[b])
    day_draws = len(weighed.norm_all) - 1
    asked = unasked(len(minutes.x), day_draws + 1)
    widest = variance_factor.max()
    half = int(p[3]) // 2
    components = scene_variances.shape[1]
    for i in range(len(mark_from)):
        count = mark_to[i] - mark_from[i] + 1 + 2 * half
        log_r = np.zeros((draws, count, components))
        seen = False
        for j in range(count):
            k = mark_from[i] - half - minutes.first + j
            if k < 0 or k >= len(minutes.x) or minutes.near_min[k] > REACH_MIN:
                continue
            seen = True
            fade = gap_weight(minutes.near_min[k], p[2])
            d2 = apart2(minutes, k, scene_x[i], scene_y[i])
            loosest = minutes.variance[k] * widest + p[5] + scene_variances[i].max()
            far = is_far(d2, loosest, p)
            if far or 8.0 * scene_density(d2, loosest, 0.0, p) <= NEGLIGIBLE:
                log_r[:, j] = math.log(max(fade, FLOOR))
                continue
            for b in range(draws):
                variance = minutes.variance[k] * variance_factor[b] + p[5]
                for c in range(components):
                    density = scene_density(d2, variance, scene_variances[i, c], drawn[b])
                    ratio = 0.0
                    if density > NEGLIGIBLE:
                        ask(k, minutes, routine, area, weighed, shares, p, law, asked)
                        ratio = asked.weight[k] * density / asked.z[k, 1 + b % day_draws]
                    log_r[b, j, c] = math.log(max(fade + (1.0 - fade) * ratio, FLOOR))
        for b in range(draws):
            out[i, b] = 1.0
            if seen:
                ratio = window_ratio(log_r[b], int(p[3]), int(p[4]), scene_shares)
                out[i, b] = (1.0 - not_on_wearer) * ratio + not_on_wearer


def interval(drawn: F64, point: F64) -> tuple[F64, F64]:
    """The 5% and 95% points of draws (P, DRAWS), made to hold the point estimate (P,)."""
    low, high = np.quantile(drawn, [LOW, HIGH], axis=1, method="inverted_cdf")
    return np.minimum(low, point), np.maximum(high, point)
