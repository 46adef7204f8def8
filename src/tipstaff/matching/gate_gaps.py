"""The gate, second look: wearers so far off that even the gaps in their trails cannot matter.

`gate.classify` counts those as far beyond whose fixes are regular. A trail with a quarter of an
hour on network positions is not, yet nobody gets from Newcastle to Plymouth in it. Here the longest
interval that any removal leaves about the window is worked out; half of it at top speed is as far
as a detour goes. With every fix of the window and that long on either side further off than this,
exclusion by reach is certain, and the pair need not be judged. Removals are those of `removals`: a
block, or one coordinate, of whose fixes those that follow one another open one interval.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.local_time import MINUTE_US
from tipstaff.domain.scenes import scene_radius_m
from tipstaff.matching.exclusion import ExclusionParameters
from tipstaff.matching.gate import (
    BEYOND,
    CLOCK_US,
    FAR_BEYOND,
    PAD_US,
    SLOT_US,
    Slots,
    out_of_reach,
    slot_far,
)
from tipstaff.matching.trails import Scenes, Trails

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]

#: The intervals of an exclusion reach at most this far beyond the padded window.
LONGEST_US: Final = 60 * MINUTE_US
#: Room for the radii of the two fixes, as in `gate.CERTAIN_M`.
ROOM_M: Final = 1_100.0
_NEVER: Final = 1 << 40


@njit(cache=True)
def _spread(widest_us: I64, from_slot: int, to_slot: int, length_us: int) -> None:
    """An interval of this length touches these half-hours."""
    for s in range(from_slot, to_slot + 1):
        widest_us[s] = max(widest_us[s], length_us)


@njit(cache=True)
def _fill_own(
    t_us: I64, lat: I32, lon: I32, rows: I64, first: int, block_us: int, widest_us: I64
) -> None:
    """`_fill` for one wearer, whose trusted fixes are `rows`."""
    n, last_slot = len(rows), len(widest_us) - 1
    past_run, past_block = 0, 0
    for k in range(-1, n):  # what is taken out begins after fix k
        past_run, past_block = max(past_run, k + 2), max(past_block, k + 2)
        while past_run < n and _same(lat, lon, rows[past_run], rows[k + 1]):
            past_run += 1
        while past_block < n and t_us[rows[past_block]] - t_us[rows[k + 1]] <= block_us:
            past_block += 1
        end = max(past_run, past_block)
        from_slot = t_us[rows[k]] // SLOT_US - first if k >= 0 else 0
        to_slot = t_us[rows[end]] // SLOT_US - first if end < n else last_slot
        length = t_us[rows[end]] - t_us[rows[k]] if k >= 0 and end < n else _NEVER
        if 0 <= k < n - 1 and out_of_reach(t_us, lat, lon, rows[k], rows[k + 1]):
            length = _NEVER
        _spread(widest_us, from_slot, to_slot, length)


@njit(cache=True)
def _same(lat: I32, lon: I32, i: int, j: int) -> bool:
    return bool(lat[i] == lat[j] and lon[i] == lon[j])


@njit(cache=True, nogil=True)
def _fill(
    offsets: I64,
    t_us: I64,
    lat: I32,
    lon: I32,
    trusted: NDArray[np.bool_],
    first: I64,
    slot_offsets: I64,
    block_us: int,
    widest_us: I64,
) -> None:
    """Per half-hour the longest interval, of those that any removal leaves, that touches it."""
    for w in range(len(first)):
        rows = offsets[w] + np.flatnonzero(trusted[offsets[w] : offsets[w + 1]])
        own = widest_us[slot_offsets[w] : slot_offsets[w + 1]]
        _fill_own(t_us, lat, lon, rows, first[w], block_us, own)


@njit(cache=True, nogil=True)
def _certain(
    lat: float,
    lon: float,
    radius: float,
    low: int,
    high: int,
    first: int,
    bounds: I32,
    clock: NDArray[np.bool_],
    widest_us: I64,
    top_speed_mps: float,
) -> bool:
    """Whether no interval about low … high lets the wearer reach the scene."""
    n = len(widest_us)
    for slot in range((low - CLOCK_US) // SLOT_US, (high + CLOCK_US) // SLOT_US + 1):
        s = slot - first
        if 0 <= s < n and clock[s]:
            return False
    interval = 0
    for slot in range(low // SLOT_US, high // SLOT_US + 1):
        s = slot - first
        if s < 0 or s >= n:
            return False
        interval = max(interval, widest_us[s])
    if interval > LONGEST_US:
        return False
    away = 0.5 * top_speed_mps * interval / 1e6 + ROOM_M + radius
    metres_lon = 111_300.0 * np.cos(np.radians(lat))
    for slot in range((low - interval) // SLOT_US, (high + interval) // SLOT_US + 1):
        s = slot - first
        if 0 <= s < n and not slot_far(lat, lon, away, bounds[s], metres_lon):
            return False
    return True


@njit(cache=True, nogil=True)
def _sort_out(
    scenes: tuple[F64, F64, F64, I64, I64],
    active: tuple[I64, I64, I64],
    first: I64,
    slot_offsets: I64,
    bounds: I32,
    clock: NDArray[np.bool_],
    widest_us: I64,
    top_speed_mps: float,
    classes: I8,
) -> None:
    latitude, longitude, radius, start, end = scenes
    active_offsets, active_from, active_to = active
    for c in range(len(start)):
        for w in range(len(first)):
            if classes[c, w] != BEYOND:
                continue
            whole = False
            for a in range(active_offsets[w], active_offsets[w + 1]):
                whole |= active_from[a] <= start[c] and active_to[a] > end[c]
            own = slice(slot_offsets[w], slot_offsets[w + 1])
            if whole and _certain(
                latitude[c],
                longitude[c],
                radius[c],
                start[c] - PAD_US,
                end[c] + PAD_US,
                first[w],
                bounds[own],
                clock[own],
                widest_us[own],
                top_speed_mps,
            ):
                classes[c, w] = FAR_BEYOND


def sort_out(
    trails: Trails,
    scenes: Scenes,
    slots: Slots,
    trusted: NDArray[np.bool_],
    parameters: ExclusionParameters,
    classes: I8,
) -> None:
    """Turn those of `classes` (C, W) that are beyond into far beyond where that is certain.

    `trusted` as `trust.judge_fixes` has it: the very fixes that exclusion would rely on.
    """
    widest_us = np.zeros(len(slots.clock), np.int64)
    _fill(
        trails.offsets,
        trails.t_us,
        trails.lat_e7,
        trails.lon_e7,
        trusted,
        slots.first,
        slots.offsets,
        round(parameters.block_s * 1e6),
        widest_us,
    )
    radius = scene_radius_m(scenes.rounding_m, parameters.trust.level)
    _sort_out(
        (scenes.latitude, scenes.longitude, radius, scenes.start_us, scenes.end_us),
        (trails.active_offsets, trails.active_from_us, trails.active_to_us),
        slots.first,
        slots.offsets,
        slots.bounds,
        slots.clock,
        widest_us,
        parameters.top_speed_mps,
        classes,
    )
