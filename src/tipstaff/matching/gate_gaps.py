"""The gate, second look: wearers so far off that even the gaps in their trails cannot matter.

`gate.classify` counts those as far beyond whose fixes are regular. A trail with a quarter of an
hour on network positions is not, yet nobody gets from Newcastle to Plymouth in it. Here the
intervals that a removal leaves are looked at: the short ones all together, by the bounds of the
half-hours, since half of one at top speed is as far as a detour goes; each longer one by its ends.
Where no detour reaches, exclusion by reach is certain, and the pair need not be judged. Removals
are those of `removals`: a block, or one coordinate, of whose fixes those that follow one another
open one interval.
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
from tipstaff.matching.shares import Runner, wearer_blocks
from tipstaff.matching.trails import Scenes, Trails

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]

#: An interval up to this long is short: all of them are covered by one test of distance.
SHORT_US: Final = 8 * MINUTE_US
#: Distances are told up to this: where a map is flat, and further than anybody gets in an hour.
MAP_M: Final = 200_000.0
#: Exclusion looks for the ends of its intervals at most this far beyond the padded window.
LONGEST_US: Final = 60 * MINUTE_US
#: Room for the radii of the two fixes, as in `gate.CERTAIN_M`.
ROOM_M: Final = 1_100.0


@njit(cache=True)
def _same(lat: I32, lon: I32, i: int, j: int) -> bool:
    return bool(lat[i] == lat[j] and lon[i] == lon[j])


@njit(cache=True, nogil=True)
def _find_long(
    offsets: I64,
    t_us: I64,
    lat: I32,
    lon: I32,
    trusted: NDArray[np.bool_],
    block_us: int,
    count_from: I64,
    before: I64,
    after: I64,
) -> None:
    """The long intervals, of those that any removal leaves, as rows before and after (-1: none).

    Those of wearer w are `count_from[w]:count_from[w + 1]`. One that begins with a step that no
    journey makes has −2 less its end after. With `before` empty they are only counted.
    """
    size = 0
    for w in range(len(offsets) - 1):
        rows = offsets[w] + np.flatnonzero(trusted[offsets[w] : offsets[w + 1]])
        n = len(rows)
        past_run, past_block, last_end = 0, 0, -1
        for k in range(-1, n):  # what is taken out begins after fix k
            past_run, past_block = max(past_run, k + 2), max(past_block, k + 2)
            while past_run < n and _same(lat, lon, rows[past_run], rows[k + 1]):
                past_run += 1
            while past_block < n and t_us[rows[past_block]] - t_us[rows[k + 1]] <= block_us:
                past_block += 1
            end = max(past_run, past_block)
            torn = 0 <= k < n - 1 and out_of_reach(t_us, lat, lon, rows[k], rows[k + 1])
            whole = k >= 0 and end < n
            if not torn and whole and t_us[rows[end]] - t_us[rows[k]] <= SHORT_US:
                continue
            if not torn and end == last_end:  # lies within the one before
                continue
            last_end = -1 if torn else end
            if len(before):
                before[size] = rows[k] if k >= 0 else -1
                after[size] = rows[end] if end < n else -1
                if torn:
                    after[size] = -2 - rows[min(end, n - 1)]
            size += 1
        count_from[w + 1] = size


@njit(cache=True)
def _distance(lat: float, lon: float, lat_e7: int, lon_e7: int) -> float:
    """Metres to a fix, or a little less, on a flat map."""
    metres_lon = 110_800.0 * np.cos(np.radians(0.5 * (lat_e7 * 1e-7 + lat)))
    dlon = abs((lon_e7 * 1e-7 - lon + 180.0) % 360.0 - 180.0) * metres_lon
    dlat = abs(lat_e7 * 1e-7 - lat) * 110_500.0
    if dlat > MAP_M or dlon > MAP_M:
        return MAP_M
    return float(np.hypot(dlat, dlon))


@njit(cache=True)
def _long_ones_apart(
    lat: float,
    lon: float,
    room_m: float,
    low: int,
    high: int,
    t_us: I64,
    lat_e7: I32,
    lon_e7: I32,
    before: I64,
    after: I64,
    top_speed_mps: float,
) -> bool:
    """Whether no long interval that touches low … high lets the scene be reached."""
    for i in range(len(before)):
        a, b = before[i], after[i]
        torn = b < -1
        b = -2 - b if torn else b
        about = LONGEST_US if torn else 0  # removals about a contradiction leave others
        if (a >= 0 and t_us[a] - about > high) or (b >= 0 and t_us[b] + about < low):
            continue
        if a < 0 or b < 0 or torn or t_us[a] < low - LONGEST_US or t_us[b] > high + LONGEST_US:
            return False  # exclusion would not find two ends to it
        path = _distance(lat, lon, lat_e7[a], lon_e7[a])
        path += _distance(lat, lon, lat_e7[b], lon_e7[b])
        if path - 2.0 * room_m <= top_speed_mps * (t_us[b] - t_us[a]) / 1e6:
            return False
    return True


@njit(cache=True)
def _short_ones_apart(
    lat: float,
    lon: float,
    away_m: float,
    low: int,
    high: int,
    first: int,
    bounds: I32,
    clock: NDArray[np.bool_],
) -> bool:
    """Whether all fixes about low … high are so far off, and no clock in doubt."""
    metres_lon = 111_300.0 * np.cos(np.radians(lat))
    n = len(bounds)
    for slot in range((low - CLOCK_US) // SLOT_US, (high + CLOCK_US) // SLOT_US + 1):
        if 0 <= slot - first < n and clock[slot - first]:
            return False
    for slot in range((low - SHORT_US) // SLOT_US, (high + SHORT_US) // SLOT_US + 1):
        s = slot - first
        if 0 <= s < n and not slot_far(lat, lon, away_m, bounds[s], metres_lon):
            return False
    return True


@njit(cache=True, nogil=True)
def _sort_out(
    scenes: tuple[F64, F64, F64, I64, I64],
    active: tuple[I64, I64, I64],
    fixes: tuple[I64, I32, I32],
    slots: tuple[I64, I64, I32, NDArray[np.bool_]],
    long_ones: tuple[I64, I64, I64],
    top_speed_mps: float,
    block: tuple[int, int],
    classes: I8,
) -> None:
    latitude, longitude, radius, start, end = scenes
    active_offsets, active_from, active_to = active
    t_us, lat_e7, lon_e7 = fixes
    first, slot_offsets, bounds, clock = slots
    count_from, before, after = long_ones
    short_m = 0.5 * top_speed_mps * SHORT_US / 1e6
    for c in range(len(start)):
        for w in range(block[0], block[1]):
            if classes[c, w] != BEYOND:
                continue
            whole = False
            for a in range(active_offsets[w], active_offsets[w + 1]):
                whole |= active_from[a] <= start[c] and active_to[a] > end[c]
            if not whole:
                continue
            room = ROOM_M + radius[c]
            place = (latitude[c], longitude[c])
            window = (start[c] - PAD_US, end[c] + PAD_US)
            own = slice(slot_offsets[w], slot_offsets[w + 1])
            if not _short_ones_apart(
                place[0],
                place[1],
                short_m + room,
                window[0],
                window[1],
                first[w],
                bounds[own],
                clock[own],
            ):
                continue
            own = slice(count_from[w], count_from[w + 1])
            if _long_ones_apart(
                place[0],
                place[1],
                room,
                window[0],
                window[1],
                t_us,
                lat_e7,
                lon_e7,
                before[own],
                after[own],
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
    run: Runner = map,
) -> None:
    """Turn those of `classes` (C, W) that are beyond into far beyond where that is certain.

    `trusted` as `trust.judge_fixes` has it: the very fixes that exclusion would rely on.
    """
    fixes = (trails.t_us, trails.lat_e7, trails.lon_e7)
    block_us = round(parameters.block_s * 1e6)
    count_from = np.zeros(len(trails.wearers) + 1, np.int64)
    none = np.zeros(0, np.int64)
    _find_long(trails.offsets, *fixes, trusted, block_us, count_from, none, none)
    before, after = np.zeros((2, int(count_from[-1])), np.int64)
    _find_long(trails.offsets, *fixes, trusted, block_us, count_from, before, after)
    radius = scene_radius_m(scenes.rounding_m, parameters.trust.level)

    def one(block: tuple[int, int]) -> None:
        _sort_out(
            (scenes.latitude, scenes.longitude, radius, scenes.start_us, scenes.end_us),
            (trails.active_offsets, trails.active_from_us, trails.active_to_us),
            fixes,
            (slots.first, slots.offsets, slots.bounds, slots.clock),
            (count_from, before, after),
            parameters.top_speed_mps,
            block,
            classes,
        )

    for _done in run(one, wearer_blocks(trails)):
        pass
