"""How long the wearer stayed where they were, and how much more likely that makes an offence.

Whoever passes a place is soon gone; whoever lives there stays for hours; an offence takes some
minutes. Under H1 a minute of the offence belongs to a stay as long as offenders stay; under H2 to
one as long as wearers' stays at places as familiar to them last. The law is the quotient of the
two, so its mean over wearers living as usual is 1 and the ratio stays bounded as it was. A stay is
told from the trail alone, whatever the scene. Where it cannot be told, the law says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.minutes import Minutes
from tipstaff.patterns.cells import ground_scale, wrapped

F64 = NDArray[np.float64]

#: A stay is followed so many minutes either way, and longer ones are not told apart.
LONGEST_MIN: Final = 90
#: Familiarity of a place (the share of one's own life in g there): below the first it is strange,
#: from the second on it is where one usually is.
FAMILIAR_FROM: Final = (0.5, 0.95)
CLASSES: Final = len(FAMILIAR_FROM) + 1


class DwellTable(NamedTuple):
    """A law as kernels take it: limits, and weights (`CLASSES`, LONGEST_MIN + 2) by minutes.

    Column 0 is for a stay that cannot be told.
    """

    within2: float
    surest2: float
    seen_min: float
    weights: F64


@dataclass(frozen=True, slots=True)
class DwellLaw:
    """Weights by familiarity and length of stay; empty: no law, every weight is 1.

    `weights[f][i]`: of a stay of `from_min[i]` minutes up to the next at a place of class f.
    A stay is the minutes round one during which the place remained within `within_m` of it, all
    with a spread (σ on one axis) below `surest_m` and a fix within `seen_min` minutes; so are the
    minutes that end it. A stay that goes out of sight cannot be told.
    """

    from_min: tuple[int, ...] = ()
    weights: tuple[tuple[float, ...], ...] = ()
    within_m: float = 100.0
    surest_m: float = 75.0
    seen_min: float = 15.0

    def __post_init__(self) -> None:
        """Refuse a law that does not say one weight for each class and length."""
        if self.weights and len(self.weights) != CLASSES:
            raise ValueError(f"a dwell law has {CLASSES} rows of weights, one for each familiarity")
        if any(len(row) != len(self.from_min) for row in self.weights):
            raise ValueError("a dwell law needs one weight for each length it names")
        if any(b <= a for a, b in pairwise((0, *self.from_min))):
            raise ValueError("the lengths of a dwell law are whole minutes from 1, ascending")
        if min((w for row in self.weights for w in row), default=1.0) <= 0.0:
            raise ValueError("the weights of a dwell law are above 0")

    def as_table(self) -> DwellTable:
        """The law as kernels take it."""
        by_minute = np.ones((CLASSES, LONGEST_MIN + 2))
        for f, row in enumerate(self.weights):
            for first, weight in zip(self.from_min, row, strict=True):
                by_minute[f, first:] = weight
        return DwellTable(self.within_m**2, self.surest_m**2, self.seen_min, by_minute)


@njit(cache=True, inline="always")
def _is_seen(minutes: Minutes, j: int, law: DwellTable) -> bool:
    """Whether minute `j` is known well enough to belong to a stay, or to end one."""
    if j < 0 or j >= len(minutes.x):
        return False
    return bool(minutes.near_min[j] <= law.seen_min and minutes.variance[j] < law.surest2)


@njit(cache=True, inline="always")
def _is_about(minutes: Minutes, j: int, k: int, scale: float, law: DwellTable) -> bool:
    """Whether minute `j` is near the place of minute `k`, whose ground scale is given."""
    dx = wrapped(minutes.x[j] - minutes.x[k]) * scale
    dy = (minutes.y[j] - minutes.y[k]) * scale
    return bool(dx * dx + dy * dy <= law.within2)


@njit(cache=True)
def _followed(minutes: Minutes, k: int, step: int, law: DwellTable) -> int:
    """How many minutes the stay goes on from `k` in steps of ±1; −1: it goes out of sight."""
    scale = ground_scale(minutes.y[k])
    for n in range(1, LONGEST_MIN + 1):
        j = k + step * n
        if not _is_seen(minutes, j, law):
            return -1
        if not _is_about(minutes, j, k, scale, law):
            return n - 1
    return LONGEST_MIN


@njit(cache=True)
def stay_at(minutes: Minutes, k: int, law: DwellTable) -> int:
    """Length of the stay that minute `k` belongs to, 1 to LONGEST_MIN + 1; 0: cannot be told.

    It cannot where the minute, or either end of the stay, is out of sight.
    """
    if not _is_seen(minutes, k, law):
        return 0
    before, after = _followed(minutes, k, -1, law), _followed(minutes, k, 1, law)
    if max(before, after) >= LONGEST_MIN:
        return LONGEST_MIN + 1
    if before < 0 or after < 0:
        return 0
    return min(before + after + 1, LONGEST_MIN + 1)


@njit(cache=True)
def class_of(familiar: float) -> int:
    """The class of a familiarity: 0 strange, 1 known, 2 usual."""
    return int(familiar >= FAMILIAR_FROM[0]) + int(familiar >= FAMILIAR_FROM[1])


@njit(cache=True)
def dwell_weight(minutes: Minutes, k: int, familiar: float, law: DwellTable) -> float:
    """What the law makes of minute `k` at a place so familiar."""
    weight: float = law.weights[class_of(familiar), stay_at(minutes, k, law)]
    return weight
