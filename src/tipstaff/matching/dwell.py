"""How long the wearer stayed about the scene, and how much more likely that makes an offence.

Whoever passes a place is soon gone; whoever lives there stays for hours; an offence takes some
minutes. The law gives, for every length of a stay within `within_m` of the scene, how much more
often an offender's visit lasts so long than a wearer's minute there belongs to such a stay. Its
mean over wearers living as usual must not be above 1, so that LR stays bounded as it was. Where a
minute is not near, or too uncertain to tell, the law says nothing: the weight is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: Stays are told apart up to this many minutes; so far beyond a window they are followed.
LONGEST_MIN: Final = 60


@dataclass(frozen=True, slots=True)
class DwellLaw:
    """Weights by length of stay: `weights[i]` from `from_min[i]` minutes on; below the first, 1.

    A minute counts as near where its place is within `within_m` of the scene and its spread (σ on
    one axis) is below `surest_m`.
    """

    from_min: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    within_m: float = 150.0
    surest_m: float = 75.0

    def __post_init__(self) -> None:
        """Refuse a law that does not say one weight for each length."""
        if len(self.from_min) != len(self.weights):
            raise ValueError("a dwell law needs one weight for each length it names")
        if list(self.from_min) != sorted(set(self.from_min)) or min(self.from_min, default=1) < 1:
            raise ValueError("the lengths of a dwell law are whole minutes from 1, ascending")
        if min(self.weights, default=1.0) <= 0.0:
            raise ValueError("the weights of a dwell law are above 0")

    def as_row(self) -> F64:
        """(2 + LONGEST_MIN + 1,): the two limits squared, then the weight by minutes from 0."""
        by_minute = np.ones(LONGEST_MIN + 1)
        for first, weight in zip(self.from_min, self.weights, strict=True):
            by_minute[first:] = weight
        return np.concatenate([[self.within_m**2, self.surest_m**2], by_minute])


@njit(cache=True)
def dwell_weights(distance2: F64, variance: F64, law: F64, edge: int, out: F64) -> None:
    """The weight of each mark of a window into `out` (K,), by the stay that the mark belongs to.

    `distance2` (< 0: no state) and `variance` (m², one axis) have `edge` more marks at each end,
    (K + 2·edge,). `law` from `DwellLaw.as_row`.
    """
    out[:] = 1.0
    begin = -1
    for j in range(len(distance2) + 1):
        near = False
        if j < len(distance2) and distance2[j] >= 0.0:
            near = distance2[j] <= law[0] and variance[j] < law[1]
        if near and begin < 0:
            begin = j
        if near or begin < 0:
            continue
        weight = law[2 + min(j - begin, LONGEST_MIN)]
        for k in range(max(begin - edge, 0), min(j - edge, len(out))):
            out[k] = weight
        begin = -1
