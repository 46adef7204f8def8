"""The gate: which wearers must be looked at for which crime.

Every wearer who may be searched and was to be monitored at some time of the window is *searched*.
Of these, one with a fix within 10 km in the padded window is *near*; one with no fix in the window
is *unseen*; the rest are *beyond*. Of those beyond, the ones whose fixes are so regular and so far
off that no removal of a fix, run or block could let them reach the scene are *far beyond*:
excluded by reach with certainty, and only counted. The rest of them are judged like the near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.local_time import MINUTE_US
from tipstaff.domain.scenes import scene_radius_m
from tipstaff.matching.shares import Runner, wearer_blocks
from tipstaff.matching.trails import DOUBT_CLOCK, Scenes, Trails

I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]

WRITTEN_WITHIN_M: Final = 10_000.0
PAD_US: Final = 10 * MINUTE_US
#: Beyond this distance, with a trusted fix at least every four minutes and no long run of equal
#: coordinates, an interval left by any removal is under 14 minutes: at 45 m/s a detour of at most
#: 37.8 km, so 18.9 km there and as far back. Twenty leaves room for the fixes' radii; the scene's
#: own is added.
CERTAIN_M: Final = 20_000.0
TOP_SPEED_MPS: Final = 45.0
REGULAR_US: Final = 4 * MINUTE_US
BRACKET_US: Final = 15 * MINUTE_US
#: A doubtful clock this near to the padded window leaves nobody out (see `exclusion`).
CLOCK_US: Final = 60 * MINUTE_US

NOT_SEARCHED: Final = 0
NEAR: Final = 1
UNSEEN: Final = 2
BEYOND: Final = 3
FAR_BEYOND: Final = 4

SLOT_US: Final = 30 * MINUTE_US


@dataclass(frozen=True, slots=True)
class Slots:
    """Half-hours of each wearer: bounds of the fixes and whether they are regular.

    Slots of wearer w are `first[w]` (half-hours since 1970) on, `offsets[w]:offsets[w + 1]`.
    `bounds`: south, north, west, east in 1e-7 degrees (north < south: no fix); `regular`: sound
    satellite fixes at most four minutes apart throughout, each within reach of the last, no run of
    equal places over five minutes; `clock`: a fix whose time is in doubt.
    """

    first: I64
    offsets: I64
    bounds: NDArray[np.int32]
    regular: NDArray[np.bool_]
    clock: NDArray[np.bool_]


@njit(cache=True)
def out_of_reach(
    t_us: I64, lat: NDArray[np.int32], lon: NDArray[np.int32], before: int, i: int
) -> bool:
    """Whether the step between two fixes is faster than anybody's, their radii not allowed for."""
    dlon = ((lon[i] - lon[before]) * 1e-7 + 180.0) % 360.0 - 180.0
    dy, dx = (lat[i] - lat[before]) * 0.0112, dlon * 112_000.0 * np.cos(np.radians(lat[i] * 1e-7))
    most = TOP_SPEED_MPS * (t_us[i] - t_us[before]) / 1e6
    return bool(dx * dx + dy * dy > most * most)


@njit(cache=True, nogil=True)
def _fill_bounds(
    offsets: I64,
    t_us: I64,
    lat: NDArray[np.int32],
    lon: NDArray[np.int32],
    doubt: NDArray[np.int8],
    first: I64,
    slot_offsets: I64,
    bounds: NDArray[np.int32],
    clock: NDArray[np.bool_],
) -> None:
    for w in range(len(first)):
        for i in range(offsets[w], offsets[w + 1]):
            s = slot_offsets[w] + t_us[i] // SLOT_US - first[w]
            bounds[s, 0] = min(bounds[s, 0], lat[i])
            bounds[s, 1] = max(bounds[s, 1], lat[i])
            bounds[s, 2] = min(bounds[s, 2], lon[i])
            bounds[s, 3] = max(bounds[s, 3], lon[i])
            clock[s] |= (doubt[i] & DOUBT_CLOCK) != 0


@njit(cache=True, nogil=True)
def _mark_irregular(
    offsets: I64,
    t_us: I64,
    lat: NDArray[np.int32],
    lon: NDArray[np.int32],
    sound: NDArray[np.bool_],
    first: I64,
    slot_offsets: I64,
    regular: NDArray[np.bool_],
) -> None:
    """Clear `regular` where the sound fixes leave a gap, hold a place, or jump."""
    for w in range(len(first)):
        base, end = slot_offsets[w], slot_offsets[w + 1]
        before, run_from = -1, -1
        for i in range(offsets[w], offsets[w + 1]):
            if not sound[i]:
                continue
            s = base + t_us[i] // SLOT_US - first[w]
            if before < 0:  # nothing sound up to here
                regular[base : s if t_us[i] % SLOT_US <= REGULAR_US else s + 1] = False
                before = run_from = i
                continue
            if lat[i] != lat[before] or lon[i] != lon[before]:
                run_from = i
            gap = t_us[i] - t_us[before] > REGULAR_US
            if gap or out_of_reach(t_us, lat, lon, before, i):
                regular[base + t_us[before] // SLOT_US - first[w] : s + 1] = False
            if t_us[i] - t_us[run_from] > 5 * MINUTE_US:
                regular[base + t_us[run_from] // SLOT_US - first[w] : s + 1] = False
            before = i
        last = base
        if before >= 0:
            last += t_us[before] // SLOT_US - first[w]
            last += 1 if t_us[before] % SLOT_US >= SLOT_US - REGULAR_US else 0
        regular[last:end] = False


def slots_of(trails: Trails, sound: NDArray[np.bool_]) -> Slots:
    """Summarise the fixes of every wearer by half-hours; `sound` as `trust.sound_fixes` has it."""
    count = len(trails.wearers)
    has = np.diff(trails.offsets) > 0
    first, last = np.zeros(count, np.int64), np.full(count, -1, np.int64)
    first[has] = trails.t_us[trails.offsets[:-1][has]] // SLOT_US
    last[has] = trails.t_us[trails.offsets[1:][has] - 1] // SLOT_US
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)]).astype(np.int64)
    total = int(offsets[-1])
    bounds = np.empty((total, 4), np.int32)
    bounds[:, 0::2] = np.iinfo(np.int32).max
    bounds[:, 1::2] = np.iinfo(np.int32).min
    regular, clock = np.ones(total, np.bool_), np.zeros(total, np.bool_)
    columns = (trails.offsets, trails.t_us, trails.lat_e7, trails.lon_e7)
    _fill_bounds(*columns, trails.doubt, first, offsets, bounds, clock)
    _mark_irregular(*columns, sound, first, offsets, regular)
    regular &= bounds[:, 1] >= bounds[:, 0]
    return Slots(first, offsets, bounds, regular, clock)


@njit(cache=True)
def _within(
    lat: float, lon: float, metres: float, lat_e7: float, lon_e7: float, metres_lon: float
) -> bool:
    """Whether a fix lies within `metres` of a place, on the flat map round it."""
    dlon = (lon_e7 * 1e-7 - lon + 180.0) % 360.0 - 180.0
    dy, dx = (lat_e7 * 1e-7 - lat) * 111_200.0, dlon * metres_lon
    return dx * dx + dy * dy <= metres * metres


@njit(cache=True)
def slot_far(
    lat: float, lon: float, metres: float, box: NDArray[np.int32], metres_lon: float
) -> bool:
    """Whether a half-hour's bounds are all further than `metres` off (boxes over ±180° never)."""
    if box[1] < box[0]:
        return True
    dy = max(box[0] * 1e-7 - lat, lat - box[1] * 1e-7, 0.0) * 110_500.0
    west, east = box[2] * 1e-7, box[3] * 1e-7
    dx = 0.0
    if not west <= lon <= east:
        # the parallel shortens towards the pole: take a shorter one than any within reach
        dx = min((west - lon) % 360.0, (lon - east) % 360.0) * metres_lon * 0.98
    return dy > metres or dx > metres


@njit(cache=True)
def _far_beyond(
    lat: float,
    lon: float,
    radius: float,
    low: int,
    high: int,
    first_slot: int,
    bounds: NDArray[np.int32],
    regular: NDArray[np.bool_],
    clock: NDArray[np.bool_],
) -> bool:
    """Whether regular fixes keep the wearer out of reach from `low` to `high`, beyond doubt."""
    metres_lon = 111_300.0 * np.cos(np.radians(lat))
    n_slots = len(bounds)
    for slot in range((low - CLOCK_US) // SLOT_US, (high + CLOCK_US) // SLOT_US + 1):
        s = slot - first_slot
        if 0 <= s < n_slots and clock[s]:
            return False
    for slot in range((low - BRACKET_US) // SLOT_US, (high + BRACKET_US) // SLOT_US + 1):
        s = slot - first_slot
        if s < 0 or s >= n_slots or not regular[s]:
            return False
        if not slot_far(lat, lon, CERTAIN_M + radius, bounds[s], metres_lon):
            return False
    return True


@njit(cache=True, nogil=True)
def _class_of(
    lat: float,
    lon: float,
    start: int,
    end: int,
    t_us: I64,
    lat_e7: NDArray[np.int32],
    lon_e7: NDArray[np.int32],
    first_slot: int,
    bounds: NDArray[np.int32],
) -> int:
    """Near, unseen or beyond: the class of one searched wearer for one crime."""
    metres_lon = 111_300.0 * np.cos(np.radians(lat))
    n_slots = len(bounds)
    low = start - PAD_US
    high = end + PAD_US
    close = False
    for slot in range(low // SLOT_US, high // SLOT_US + 1):
        s = slot - first_slot
        if 0 <= s < n_slots and not slot_far(lat, lon, WRITTEN_WITHIN_M, bounds[s], metres_lon):
            close = True
    i = np.searchsorted(t_us, low)
    seen = False
    while i < len(t_us) and t_us[i] <= high:
        seen = seen or start <= t_us[i] <= end
        if close and _within(lat, lon, WRITTEN_WITHIN_M, lat_e7[i], lon_e7[i], metres_lon):
            return NEAR
        if seen and not close:
            break
        i += 1
    return BEYOND if seen else UNSEEN


@njit(cache=True, nogil=True)
def _classify(
    scenes: tuple[F64, F64, F64, I64, I64],
    offsets: I64,
    t_us: I64,
    lat_e7: NDArray[np.int32],
    lon_e7: NDArray[np.int32],
    active: tuple[I64, I64, I64],
    first: I64,
    slot_offsets: I64,
    bounds: NDArray[np.int32],
    regular: NDArray[np.bool_],
    clock: NDArray[np.bool_],
    block: tuple[int, int],
    out: I8,
) -> None:
    latitude, longitude, radius, start, end = scenes
    active_offsets, active_from, active_to = active
    for w in range(block[0], block[1]):
        own = slice(offsets[w], offsets[w + 1])
        slots = slice(slot_offsets[w], slot_offsets[w + 1])
        for c in range(len(start)):
            searched, whole = False, False
            for a in range(active_offsets[w], active_offsets[w + 1]):
                searched |= active_from[a] <= end[c] and active_to[a] > start[c]
                whole |= active_from[a] <= start[c] and active_to[a] > end[c]
            if not searched:
                continue
            if whole and _far_beyond(
                latitude[c],
                longitude[c],
                radius[c],
                start[c] - PAD_US,
                end[c] + PAD_US,
                first[w],
                bounds[slots],
                regular[slots],
                clock[slots],
            ):
                out[c, w] = FAR_BEYOND
                continue
            out[c, w] = _class_of(
                latitude[c],
                longitude[c],
                start[c],
                end[c],
                t_us[own],
                lat_e7[own],
                lon_e7[own],
                first[w],
                bounds[slots],
            )


def classify(trails: Trails, scenes: Scenes, slots: Slots, run: Runner = map) -> I8:
    """The class of every wearer for every scene: (C, W) codes of this module."""
    out = np.zeros((len(scenes.index), len(trails.wearers)), np.int8)
    radius = scene_radius_m(scenes.rounding_m)

    def one(block: tuple[int, int]) -> None:
        _classify(
            (scenes.latitude, scenes.longitude, radius, scenes.start_us, scenes.end_us),
            trails.offsets,
            trails.t_us,
            trails.lat_e7,
            trails.lon_e7,
            (trails.active_offsets, trails.active_from_us, trails.active_to_us),
            slots.first,
            slots.offsets,
            slots.bounds,
            slots.regular,
            slots.clock,
            block,
            out,
        )

    for _done in run(one, wearer_blocks(trails)):
        pass
    return out
