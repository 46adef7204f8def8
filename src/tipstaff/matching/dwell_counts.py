"""Counting how long wearers' stays last, and the dwell law that follows.

Under H2 a minute belongs to a stay as long as wearers' stays at places so familiar last: counted,
minute by minute, over wearers living as usual. Under H1 to one as long as offenders stay, which no
trail tells: assumed, from the field's own figure (burglars stay about 20 minutes on average,
FACTS 6), and kept broad. The law is the quotient, within limits beyond which the counts cannot
bear it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.local_time import DAY_US, MINUTE_US, offset_us
from tipstaff.matching.alternative import ask_alternative
from tipstaff.matching.dwell import CLASSES, LONGEST_MIN, DwellLaw, DwellTable, class_of, stay_at
from tipstaff.matching.groups import minutes_of, weighed_for
from tipstaff.matching.minutes import Minutes
from tipstaff.matching.states import States
from tipstaff.matching.strength import StrengthParameters
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.background import WeighedRoutine
from tipstaff.patterns.motion import REACH_MIN
from tipstaff.patterns.routine import Routine

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

#: Lengths of stay told apart, from these minutes on.
FROM_MIN: Final = (1, 2, 4, 6, 9, 13, 21, 31, 46, 61, 91)
#: Weights are kept within these: the tails of both laws are guesses.
LEAST, MOST = 0.05, 20.0
#: Every class is mixed with so many minutes of all classes together, for where few were counted.
SHARED_MIN: Final = 30.0


@dataclass(frozen=True, slots=True)
class OffenderStays:
    """How long offenders stay: lognormal, mixed with any length (uniform in its logarithm)."""

    median_min: float = 16.0
    spread: float = 0.65
    any_share: float = 0.1

    def shares(self, from_min: Sequence[int] = FROM_MIN) -> F64:
        """The share of offenders' stays of each length, (len(from_min),), summing to 1."""
        minutes = np.arange(1, 2 * LONGEST_MIN)
        edges = np.log(np.append(minutes - 0.5, minutes[-1] + 0.5) / self.median_min) / self.spread
        below = np.array([0.5 * (1.0 + math.erf(e / math.sqrt(2.0))) for e in edges])
        usual, anything = np.diff(below), 1.0 / minutes
        share = (1.0 - self.any_share) * usual / usual.sum()
        share += self.any_share * anything / anything.sum()
        bounds = [*from_min[1:], len(minutes) + 1]
        parts = zip(from_min, bounds, strict=True)
        return np.array([share[low - 1 : high - 1].sum() for low, high in parts])


@njit(cache=True)
def _count_day(
    first: int,
    count: int,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    law: DwellTable,
    out: I64,
) -> None:
    z, familiar = np.full((len(minutes.x), 1), np.nan), np.zeros(len(minutes.x))
    for k in range(first, first + count):
        if minutes.near_min[k] > REACH_MIN:
            continue
        ask_alternative(k, minutes, routine, area, weighed, shares, p, z, familiar)
        out[class_of(familiar[k]), stay_at(minutes, k, law)] += 1


def count_stays(
    states: States, routines: Sequence[Routine], area: AreaMap, parameters: StrengthParameters
) -> I64:
    """Minutes by familiarity and length of the stay they belong to, (CLASSES, LONGEST_MIN + 2).

    Column 0 counts minutes whose stay cannot be told. Days whose routine is unknown are left out.
    """
    out = np.zeros((CLASSES, LONGEST_MIN + 2), np.int64)
    p, law = parameters.as_row(), parameters.dwell.as_table()
    shares = parameters.background.as_row()
    for wearer, routine in enumerate(routines):
        for day in routine.days.tolist():
            weighed = weighed_for(routine, day)
            if not weighed.known:
                continue
            first, last = _local_day(day)
            minutes = minutes_of(states, wearer, first - LONGEST_MIN, last + LONGEST_MIN)
            _count_day(
                LONGEST_MIN, last - first, minutes, routine, area, weighed, shares, p, law, out
            )
    return out


def _local_day(day: int) -> tuple[int, int]:
    """First mark of a local day, and of the next."""
    midnights = np.array([day, day + 1], np.int64) * DAY_US
    first, last = ((midnights - offset_us(midnights)) // MINUTE_US).tolist()
    return first, last


def law_from(
    counts: I64, offenders: OffenderStays | None = None, limits: DwellLaw | None = None
) -> DwellLaw:
    """The law: how often offenders stay so long, over how often a wearer's minute does there."""
    starts = np.array(FROM_MIN)
    usual = np.add.reduceat(counts[:, 1:].astype(np.float64), starts - 1, axis=1)
    usual += SHARED_MIN * usual.sum(axis=0) / usual.sum()
    usual /= usual.sum(axis=1, keepdims=True)
    offending = (offenders or OffenderStays()).shares()
    weights = np.clip(offending / np.maximum(usual, 1e-12), LEAST, MOST)
    rows = tuple(tuple(float(f"{w:.3g}") for w in row) for row in weights)
    of = limits or DwellLaw()
    return DwellLaw(FROM_MIN, rows, of.within_m, of.surest_m, of.seen_min)


def to_module(law: DwellLaw, made_from: str) -> str:
    """A Python module that holds the law."""
    rows = "\n".join(f"        {row}," for row in law.weights)
    return f'''"""The dwell law of model v1. Written by `tipstaff calibrate dwell`; do not edit.

Made from {made_from}.
Rows: a strange place, a known one, a usual one.
"""

from __future__ import annotations

from typing import Final

from tipstaff.matching.dwell import DwellLaw

DWELL_V1: Final = DwellLaw(
    from_min={law.from_min},
    weights=(
{rows}
    ),
    within_m={law.within_m},
    surest_m={law.surest_m},
    seen_min={law.seen_min},
)
'''
