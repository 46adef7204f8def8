"""Whether a fix belongs to a stay: the wearer was at that place well before, or is well after.

Someone seen at a place 10 to 25 minutes before a gap and 10 to 25 minutes after it is far less
likely to have been elsewhere in the gap than someone on the move, however near its ends lie; the
excursion table keeps them apart. The witnesses of a stay must survive every removal (see
`removals`): two of them at least, at different coordinates, and further apart in time than a block.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.trails import F64, I64

NEAR_M: Final = 150.0
FROM_US: Final = 10 * 60 * 1_000_000
TO_US: Final = 25 * 60 * 1_000_000
BLOCK_US: Final = 5 * 60 * 1_000_000


@njit(cache=True)
def _is_witnessed(
    i: int, low: int, high: int, t_us: I64, east_m: F64, north_m: F64, place: I64
) -> bool:
    """Whether the fixes low … high − 1, in order of time, hold the witnesses of a stay at fix i."""
    first = -1
    two = False
    for k in range(low, high):
        east, north = east_m[k] - east_m[i], north_m[k] - north_m[i]
        if east * east + north * north > NEAR_M * NEAR_M:
            continue
        if first < 0:
            first = k
        two |= place[k] != place[first]
        if two and t_us[k] - t_us[first] > BLOCK_US:
            return True
    return False


@njit(cache=True)
def find_stays(
    t_us: I64, east_m: F64, north_m: F64, place: I64
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per fix of one wearer, in order of time: whether witnessed before, and after.

    Equal numbers in `place` mean equal coordinates.
    """
    size = t_us.size
    before, after = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    back_low = back_high = fore_low = fore_high = 0
    for i in range(size):
        while t_us[back_low] < t_us[i] - TO_US:
            back_low += 1
        while t_us[back_high] <= t_us[i] - FROM_US:
            back_high += 1
        while fore_low < size and t_us[fore_low] < t_us[i] + FROM_US:
            fore_low += 1
        while fore_high < size and t_us[fore_high] <= t_us[i] + TO_US:
            fore_high += 1
        before[i] = _is_witnessed(i, back_low, back_high, t_us, east_m, north_m, place)
        after[i] = _is_witnessed(i, fore_low, fore_high, t_us, east_m, north_m, place)
    return before, after
