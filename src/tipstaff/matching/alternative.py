"""The alternative at each minute: how likely, living as usual, is what the fixes show.

Z = ∫ g·h, by one look-up for the core of the minute's state and one for what may be grossly wrong;
and with it how familiar the place is: the share of the wearer's own life in g there.
Source: EVIDENCE, "A formulation of strength that worked", 3 and 4.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.minutes import Minutes, apart2
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.background import COMPONENTS, WeighedRoutine, components, hour_weights
from tipstaff.patterns.motion import REACH_MIN
from tipstaff.patterns.routine import Routine

F64 = NDArray[np.float64]

#: The components of g that are the wearer's own come first, so many.
OWN: int = 4


@njit(cache=True)
def used_shares(shares: F64, known: bool) -> F64:
    """The shares of g's components; with too little history only where people are in general."""
    use = shares.copy()
    if not known:
        own = use[:OWN].sum()
        use[:OWN] = 0.0
        use[4] += own * 0.5
        use[5] += own * 0.5
    return use


@njit(cache=True)
def alternative(
    x: float,
    y: float,
    variance: float,
    local_minute: int,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    gross_share: float,
    gross_variance: float,
    total: F64,
) -> float:
    """Z into `total` (B,), one for each set of day weights; returns how familiar the place is.

    Familiar: the share, 0 to 1, of the wearer's own routine in g there, by the first weights.
    """
    hours = np.zeros(24)
    hour_weights(local_minute, hours)
    use = used_shares(shares, weighed.known)
    total[:] = 0.0
    out = np.zeros((COMPONENTS, len(total)))
    familiar = 0.0
    for wide in range(2):
        at = variance + wide * gross_variance
        components(x, y, at, hours, routine, area, weighed, out)
        share = gross_share if wide else 1.0 - gross_share
        for c in range(COMPONENTS):
            for b in range(len(total)):
                total[b] += share * use[c] * out[c, b]
        if not wide:
            own, whole = 0.0, 0.0
            for c in range(COMPONENTS):
                own += use[c] * out[c, 0] if c < OWN else 0.0
                whole += use[c] * out[c, 0]
            familiar = own / whole if whole > 0.0 else 0.0
    return familiar


@njit(cache=True)
def ask_alternative(
    k: int,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    z: F64,
    familiar: F64,
) -> None:
    """Fill `z[k]` (B,) and `familiar[k]`, where not yet asked for, of minute `k`.

    A minute like the first of its ten-minute block (within 3 m and a tenth of the variance) takes
    that one's values: people are mostly still. The block is that of the clock, so the answer does
    not depend on who asked first.
    """
    if not math.isnan(z[k, 0]):
        return
    first = max(0, k - (minutes.first + k) % 10)
    alike = abs(minutes.variance[k] - minutes.variance[first]) <= 0.1 * minutes.variance[first]
    whole = (minutes.first + first) % 10 == 0 and minutes.near_min[first] <= REACH_MIN
    still = apart2(minutes, first, minutes.x[k], minutes.y[k]) <= 9.0
    at = first if whole and alike and still else k
    if math.isnan(z[at, 0]):
        familiar[at] = alternative(
            minutes.x[at],
            minutes.y[at],
            minutes.variance[at] + p[5],
            minutes.local_minute[at],
            routine,
            area,
            weighed,
            shares,
            p[0],
            p[1],
            z[at],
        )
    if at != k:
        z[k] = z[at]
        familiar[k] = familiar[at]
