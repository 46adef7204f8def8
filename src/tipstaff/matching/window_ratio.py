"""A window's ratio from its minutes': a stay is asked for, and the window averaged.

The minutes of a stay are one witness, so they count by their geometric mean. By Hölder's inequality
the mean over the window of such means keeps E[LR | living as usual] ≤ 1. Source: EVIDENCE, "A
formulation that worked", 5 and 6.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.local_time import MINUTE_US
from tipstaff.patterns.motion import REACH_MIN

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

#: No single minute counts against presence beyond this.
FLOOR: Final = 1e-12


def window_marks(start_us: int, end_us: int) -> tuple[int, int]:
    """The minute marks (since 1970, inclusive) nearest to a window; at least one."""
    first = (start_us + MINUTE_US // 2) // MINUTE_US
    return first, max(first, (end_us + MINUTE_US // 2 - 1) // MINUTE_US)


@njit(cache=True)
def gap_weight(near_min: float, gap_min: float) -> float:
    """λ: how far a minute so many minutes from any fix says nothing; 1 beyond the reach."""
    if near_min > REACH_MIN:
        return 1.0
    return 1.0 - math.exp(-near_min / gap_min)


@njit(cache=True)
def _stay(log_r: F64, at: int, half: int, component: int) -> float:
    """The geometric mean of R over the minutes within `half` of `at`."""
    total = 0.0
    for i in range(at - half, at + half + 1):
        total += log_r[i, component]
    mean: float = math.exp(total / (2 * half + 1))
    return mean


@njit(cache=True)
def window_ratio(log_r: F64, stay: int, short: int, shares: F64) -> float:
    """The mean over the window of the geometric mean over a stay; components apart, then joined.

    The stay is `short` or `stay` minutes (both odd, `short` not the longer), each as likely.
    `log_r` (K, C) has `stay` // 2 more minutes at each end than the window.
    """
    half = stay // 2
    count = len(log_r) - 2 * half
    total = 0.0
    for c in range(log_r.shape[1]):
        mean = 0.0
        for j in range(half, half + count):
            mean += 0.5 * _stay(log_r, j, half, c) + 0.5 * _stay(log_r, j, short // 2, c)
        total += shares[c] * mean / count
    return total


@njit(cache=True)
def faded_stays(near_min: F32, p: F64) -> F64:
    """What a stay about each mark counts for where none of its minutes is at the scene.

    (K + 2·half,): the marks have half a stay more at each end than `near_min`, (K,).
    """
    half, short = int(p[3]) // 2, int(p[4]) // 2
    log_r = np.zeros((len(near_min) + 4 * half, 1))
    for k in range(len(near_min)):
        if near_min[k] <= REACH_MIN:
            log_r[2 * half + k, 0] = math.log(max(gap_weight(near_min[k], p[2]), FLOOR))
    out = np.empty(len(near_min) + 2 * half)
    for k in range(len(out)):
        out[k] = 0.5 * _stay(log_r, half + k, half, 0) + 0.5 * _stay(log_r, half + k, short, 0)
    return out


@njit(cache=True)
def faded_ratio(passing: F64, first: int, count: int, shares: F64) -> float:
    """What `window_ratio` is, bit for bit, where every stay of the window is that of `passing`.

    `count` stays from index `first`; beyond the ends of `passing` no minute has a state.
    """
    mean = 0.0
    for j in range(first, first + count):
        mean += passing[j] if 0 <= j < len(passing) else 1.0
    total = 0.0
    for c in range(len(shares)):
        total += shares[c] * mean / count
    return total
