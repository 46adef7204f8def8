"""Chance matches: how many other wearers would score as high with no crime to explain it.

Control windows are the crime's own clock time on other days of the same kind, in other weeks,
within 56 days. A wearer's mean over those in which they were active is their chance of scoring as
high; the sum over the other wearers is what chance alone is expected to bring. One sorted vector
a crime serves all its candidates. Source: EVIDENCE, "Expected chance matches".
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.local_time import DAY_US, is_weekend, local_days, offset_us
from tipstaff.patterns.routine import HISTORY_DAYS

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: As many control windows as are used for a crime, the nearest in time first.
CONTROLS: Final = 8
#: Fewer than this and no expectation is stated.
FEWEST_CONTROLS: Final = 6
SAME_WEEK_DAYS: Final = 3


def control_shifts(start_us: int, end_us: int, first_day: int, last_day: int) -> list[int]:
    """Days by which to shift a window for its controls, nearest first, earlier before later.

    `first_day`, `last_day`: the local days (since 1970, inclusive) for which there are positions.
    """
    day = int(local_days(np.array([(start_us + end_us) // 2]))[0])
    span = int(local_days(np.array([end_us]))[0]) - day
    low, high = max(first_day, day - HISTORY_DAYS), min(last_day - span, day + HISTORY_DAYS)
    days = np.arange(low, high + 1)
    same = is_weekend(days) == is_weekend(np.array([day]))[0]
    fit = days[same & (np.abs(days - day) > SAME_WEEK_DAYS)]
    ordered = sorted((abs(int(d) - day), int(d) - day) for d in fit)
    return [shift for _distance, shift in ordered[:CONTROLS]]


def shifted_us(t_us: int, days: int) -> int:
    """The same local clock time `days` later: the clocks may change in between."""
    local = t_us + int(offset_us(np.array([t_us]))[0]) + days * DAY_US
    guess = local - int(offset_us(np.array([local]))[0])
    return local - int(offset_us(np.array([guess]))[0])


def expected_matches(scores: F64, active: NDArray[np.bool_], candidate: int, lr: float) -> float:
    """Expected number of other wearers scoring at least `lr`.

    `scores`, `active` (controls, W): LR of each wearer in each control window, and whether they
    were active then; `candidate` (index) is left out.
    """
    hits = ((scores >= lr) & active).sum(axis=0)
    windows = active.sum(axis=0)
    share = np.divide(hits, windows, out=np.zeros(len(windows)), where=windows > 0)
    share[candidate] = 0.0
    return float(np.round(math.fsum(share.tolist()), 6))
