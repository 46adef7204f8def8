"""Presence and dwell: whether the wearer was within 100 m of the scene, and for how long.

A different question from the strength of evidence. Source: EVIDENCE, "Strength of evidence".
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]


@njit(cache=True)
def disc_probability(distance2: float, variance: float, radius: float) -> float:
    """P(within `radius` of a point at squared distance `distance2`) of a round normal law.

    A Poisson mixture of central chi-squares while the means are moderate, else the normal law of
    the distance itself.
    """
    beyond = math.sqrt(distance2) - radius
    if beyond > 0.0 and beyond * beyond > 60.0 * variance:
        return 0.0
    a, b = 0.5 * distance2 / variance, 0.5 * radius * radius / variance
    if a > 300.0 or b > 300.0:
        return 0.5 * math.erfc(beyond / math.sqrt(2.0 * variance))
    weight, term, tail = math.exp(-a), math.exp(-b), 0.0
    total = 0.0
    for j in range(1000):
        tail += term
        total += weight * max(0.0, 1.0 - tail)
        weight *= a / (j + 1)
        term *= b / (j + 1)
        if j > a and weight < 1e-12:
            break
    return min(1.0, max(0.0, total))


@njit(cache=True)
def presence_and_dwell(distance2: F64, spread: F32) -> tuple[float, float]:
    """P(within 100 m at some time) over 5-minute blocks, and the longest stretch with p ≥ ½ (min).

    A minute without a state (`distance2` < 0) counts as p = 0: the trail shows no presence.
    """
    absent, best, longest, here = 1.0, 0.0, 0.0, 0.0
    for j in range(len(distance2)):
        p = disc_probability(distance2[j], spread[j], 100.0) if distance2[j] >= 0.0 else 0.0
        here = here + 1.0 if p >= 0.5 else 0.0
        longest = max(longest, here)
        best = max(best, p)
        if j % 5 == 4 or j == len(distance2) - 1:
            absent *= 1.0 - best
            best = 0.0
    return 1.0 - absent, longest
