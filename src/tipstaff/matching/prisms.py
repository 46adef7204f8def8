"""One interval between two trusted fixes, and whether a visit to the scene could hide in it.

Distances to the scene are already less the 99.9% regions of the fix and of the scene: 0 means that
the wearer may have been there at the fix itself.

The functions are inlined: handed a dozen arrays at each call, a kernel would spend most of its time
counting references to them (measured: five times slower).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.excursions import ONE, Table, look_up
from tipstaff.matching.trails import F64, I64


class Limits(NamedTuple):
    """What a kernel needs of the parameters and the table."""

    top_speed_mps: float
    longest_us: int
    silent_us: int
    block_us: int
    gap_us: int
    pad_us: int
    cover_us: int
    bound: int
    table: Table


class Chain(NamedTuple):
    """The trusted fixes about one window, in time order, as columns.

    `row` in the trails; `east_m`, `north_m` from the scene; `region_m` the radius of the fix's own
    region; `left_m` what is left of the distance to the scene after both regions; `place` a number
    for the coordinate; `stay_before`, `stay_after` as `stays.find_stays` has them.
    """

    row: I64
    t_us: I64
    east_m: F64
    north_m: F64
    region_m: F64
    left_m: F64
    place: I64
    stay_before: NDArray[np.bool_]
    stay_after: NDArray[np.bool_]


@njit(cache=True, inline="always")
def seconds_between(chain: Chain, i: int, j: int) -> float:
    """Elapsed seconds from fix i to fix j."""
    return float((chain.t_us[j] - chain.t_us[i]) / 1e6)


@njit(cache=True, inline="always")
def apart_m(chain: Chain, i: int, j: int) -> float:
    """Metres between two fixes."""
    east = chain.east_m[j] - chain.east_m[i]
    north = chain.north_m[j] - chain.north_m[i]
    return sqrt(east * east + north * north)


@njit(cache=True, inline="always")
def is_empty(chain: Chain, i: int, j: int, limits: Limits) -> bool:
    """Whether no journey at the top speed joins the two fixes, their regions allowed for."""
    least = apart_m(chain, i, j) - chain.region_m[i] - chain.region_m[j]
    return bool(least > limits.top_speed_mps * seconds_between(chain, i, j))


@njit(cache=True, inline="always")
def speed_needed_mps(chain: Chain, i: int, j: int) -> float:
    """The least speed that takes the wearer from fix i by the scene to fix j."""
    path = chain.left_m[i] + chain.left_m[j]
    seconds = seconds_between(chain, i, j)
    if path == 0.0:
        return 0.0
    return float(path / seconds) if seconds > 0.0 else float("inf")


@njit(cache=True, inline="always")
def is_reachable(chain: Chain, i: int, j: int, first_us: int, last_us: int, limits: Limits) -> bool:
    """Whether at the top speed the scene can be reached within first … last and left in time."""
    arrive = chain.left_m[i] / limits.top_speed_mps
    leave = seconds_between(chain, i, j) - chain.left_m[j] / limits.top_speed_mps
    earliest = max(arrive, (first_us - chain.t_us[i]) / 1e6)
    latest = min(leave, (last_us - chain.t_us[i]) / 1e6)
    return bool(earliest <= latest)


@njit(cache=True, inline="always")
def visit_parts(chain: Chain, i: int, j: int, first_us: int, last_us: int, limits: Limits) -> int:
    """The bound of the probability of a visit between two fixes next to each other.

    In parts per billion: 0 if the interval does not touch first … last or the scene is out of
    reach, 1 (whole) if the fixes contradict each other, lie at the scene or too far apart in time.
    """
    if chain.t_us[j] < first_us or chain.t_us[i] > last_us:
        return 0
    if chain.left_m[i] == 0.0 or chain.left_m[j] == 0.0 or is_empty(chain, i, j, limits):
        return ONE
    if not is_reachable(chain, i, j, first_us, last_us, limits):
        return 0
    if chain.t_us[j] - chain.t_us[i] > limits.longest_us:
        return ONE
    stays = int(chain.stay_before[i]) + int(chain.stay_after[j])
    path = chain.left_m[i] + chain.left_m[j]
    gap_s = seconds_between(chain, i, j)
    return look_up(limits.table, stays, gap_s, apart_m(chain, i, j), path)
