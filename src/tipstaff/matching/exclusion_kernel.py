"""The verdict on each pair: what `exclusion` says, in one pass over the pair's fixes."""

from __future__ import annotations

from math import hypot
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.excursions import ONE
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.plane import offset_of
from tipstaff.matching.prisms import (
    Chain,
    Limits,
    apart_m,
    is_empty,
    seconds_between,
    speed_needed_mps,
    visit_parts,
)
from tipstaff.matching.removals import base_sums, is_bracketed, worst_removal
from tipstaff.matching.trails import DOUBT_CLOCK, F64, I8, I32, I64

_REACH: Final = int(DecidedBy.REACH)
_TRAIL: Final = int(DecidedBy.TRAIL)
_NO_FIX: Final = int(DecidedBy.NO_FIX)
_GAP: Final = int(DecidedBy.GAP)
_ACTIVATION: Final = int(DecidedBy.ACTIVATION)
_CLOCK: Final = int(DecidedBy.CLOCK)
_CONTRADICTION: Final = int(DecidedBy.CONTRADICTION)
_NETWORK_ONLY: Final = int(DecidedBy.NETWORK_ONLY)
_FRAGILE: Final = int(DecidedBy.FRAGILE)
_NEAR: Final = int(DecidedBy.NEAR)


class Columns(NamedTuple):
    """The trails, with trust and region of each fix."""

    offsets: I64
    t_us: I64
    lat_e7: I32
    lon_e7: I32
    place: I64
    doubt: I8
    trusted: NDArray[np.bool_]
    region_m: F64
    stay_before: NDArray[np.bool_]
    stay_after: NDArray[np.bool_]
    active_offsets: I64
    active_from_us: I64
    active_to_us: I64


class Places(NamedTuple):
    """The scenes, with the radius of each one's 99.9% region."""

    latitude: F64
    longitude: F64
    radius_m: F64
    start_us: I64
    end_us: I64


class Window(NamedTuple):
    """One pair's window, padded and not, and its rows in the trails (first, one past the last)."""

    start_us: int
    end_us: int
    first_us: int
    last_us: int
    low: int
    high: int


class Fates(NamedTuple):
    """The verdicts as columns."""

    decided: I8
    before: I64
    after: I64
    speed_needed_mps: F64
    bound_parts: I64
    coverage: F64
    nearest_m: F64
    nearest_us: I64


class Sight(NamedTuple):
    """What all fixes of one pair, trusted or not, show of its window."""

    fixes: int
    nearest_m: float
    nearest_us: int
    coverage: float
    clock: bool
    at_scene: bool


class View(NamedTuple):
    """Each fix of one pair from its scene, in metres."""

    east_m: F64
    north_m: F64
    away_m: F64


@njit(cache=True)
def window_of(columns: Columns, places: Places, scene: int, wearer: int, limits: Limits) -> Window:
    """The window of a pair; its rows reach `longest_us` beyond the padding."""
    start, end = places.start_us[scene], places.end_us[scene]
    first, last = start - limits.pad_us, end + limits.pad_us
    base = columns.offsets[wearer]
    times = columns.t_us[base : columns.offsets[wearer + 1]]
    low = base + np.searchsorted(times, first - limits.longest_us, side="left")
    high = base + np.searchsorted(times, last + limits.longest_us, side="right")
    return Window(start, end, first, last, low, high)


@njit(cache=True)
def is_active(columns: Columns, wearer: int, start_us: int, end_us: int) -> bool:
    """Whether the wearer's periods, joined where they meet, cover start … end."""
    covered = start_us
    begun = False
    for k in range(columns.active_offsets[wearer], columns.active_offsets[wearer + 1]):
        if columns.active_from_us[k] <= covered and columns.active_to_us[k] > start_us:
            begun = True
            covered = max(covered, columns.active_to_us[k])
    return bool(begun and covered >= end_us)


@njit(cache=True)
def view_of(columns: Columns, places: Places, scene: int, window: Window) -> View:
    """All fixes of a pair from its scene."""
    size = window.high - window.low
    view = View(np.empty(size), np.empty(size), np.empty(size))
    for k in range(size):
        row = window.low + k
        east, north = offset_of(
            places.latitude[scene],
            places.longitude[scene],
            columns.lat_e7[row] / 1e7,
            columns.lon_e7[row] / 1e7,
        )
        view.east_m[k], view.north_m[k] = east, north
        view.away_m[k] = hypot(east, north)
    return view


@njit(cache=True)
def look(columns: Columns, view: View, region_m: float, window: Window, limits: Limits) -> Sight:
    """What all fixes show; `region_m` is the radius of the scene's region."""
    fixes, nearest, nearest_us = 0, np.nan, 0
    clock, at_scene = False, False
    seen_us, seen_to = 0, window.start_us
    point = False  # whether a window of no length lies near a fix
    for row in range(window.low, window.high):
        t = columns.t_us[row]
        clock |= (columns.doubt[row] & DOUBT_CLOCK) != 0
        begin = max(seen_to, t - limits.cover_us)
        end = min(window.end_us, t + limits.cover_us)
        if begin <= end:
            point = True
            seen_us += end - begin
            seen_to = max(seen_to, end)
        if t < window.first_us or t > window.last_us:
            continue
        fixes += 1
        distance = view.away_m[row - window.low]
        at_scene |= distance <= region_m
        if not distance >= nearest:
            nearest, nearest_us = distance, t
    length = window.end_us - window.start_us
    coverage = seen_us / length if length > 0 else (1.0 if point else 0.0)
    return Sight(fixes, nearest, nearest_us, coverage, clock, at_scene)


@njit(cache=True)
def chain_of(columns: Columns, view: View, region_m: float, window: Window) -> Chain:
    """The trusted fixes of a pair."""
    own = np.flatnonzero(columns.trusted[window.low : window.high])
    rows = window.low + own
    regions = columns.region_m[rows] + region_m
    return Chain(
        rows,
        columns.t_us[rows],
        view.east_m[own],
        view.north_m[own],
        columns.region_m[rows],
        np.maximum(0.0, view.away_m[own] - regions),
        columns.place[rows],
        columns.stay_before[rows],
        columns.stay_after[rows],
    )


@njit(cache=True, inline="always")
def _touches(chain: Chain, k: int, window: Window) -> bool:
    """Whether the interval from fix k to the next meets the padded window."""
    return bool(chain.t_us[k + 1] >= window.first_us and chain.t_us[k] <= window.last_us)


@njit(cache=True)
def find_contradiction(chain: Chain, window: Window, limits: Limits) -> int:
    """The first interval of the padded window whose ends no journey joins; -1: none."""
    for k in range(chain.t_us.size - 1):
        if _touches(chain, k, window) and is_empty(chain, k, k + 1, limits):
            return k
    return -1


@njit(cache=True)
def easiest_interval(chain: Chain, window: Window) -> int:
    """The first of the intervals in which a visit needs the least speed; -1: no interval."""
    best, least = -1, np.inf
    for k in range(chain.t_us.size - 1):
        if _touches(chain, k, window):
            speed = speed_needed_mps(chain, k, k + 1)
            if best < 0 or speed < least:
                best, least = k, speed
    return best


@njit(cache=True)
def is_near(chain: Chain, window: Window, limits: Limits) -> bool:
    """Whether the intervals up to the gap limit, or a fix at the scene, leave a visit possible."""
    seen = 0
    for k in range(chain.t_us.size - 1):
        if not _touches(chain, k, window):
            continue
        at_scene = chain.left_m[k] == 0.0 or chain.left_m[k + 1] == 0.0
        if at_scene or chain.t_us[k + 1] - chain.t_us[k] <= limits.gap_us:
            seen += visit_parts(chain, k, k + 1, window.first_us, window.last_us, limits)
    return bool(seen >= limits.bound)


@njit(cache=True)
def longest_silence(
    columns: Columns, window: Window, from_us: int, to_us: int
) -> tuple[int, int, int]:
    """The longest stretch without any fix within from … to: its length and its ends' rows."""
    longest, before, after = -1, -1, -1
    last_us, last_row = from_us, -1
    for row in range(window.low, window.high):
        t = columns.t_us[row]
        if t < from_us:
            last_row = row
            continue
        if t > to_us:
            break
        if t - last_us > longest:
            longest, before, after = t - last_us, last_row, row
        last_us, last_row = t, row
    if to_us - last_us > longest:
        following = last_row + 1 if last_row >= 0 else window.low
        longest, before = to_us - last_us, last_row
        after = following if following < window.high else -1
    return longest, before, after


@njit(cache=True)
def find_silence(
    columns: Columns, chain: Chain, window: Window, limits: Limits
) -> tuple[int, int, int]:
    """The longest stretch without any fix within the trusted fixes' gaps that hide a visit."""
    longest, before, after = -1, -1, -1
    size = chain.t_us.size
    for k in range(-1, size):
        begin = chain.t_us[k] if k >= 0 else window.first_us
        end = chain.t_us[k + 1] if k + 1 < size else window.last_us
        begin, end = max(begin, window.first_us), min(end, window.last_us)
        if begin >= end:
            continue
        if 0 <= k < size - 1:
            hidden = visit_parts(chain, k, k + 1, window.first_us, window.last_us, limits)
            if hidden == 0 or chain.t_us[k + 1] - chain.t_us[k] <= limits.gap_us:
                continue
        length, low, high = longest_silence(columns, window, begin, end)
        if length > longest:
            longest, before, after = length, low, high
    return longest, before, after


@njit(cache=True)
def _pair(chain: Chain, k: int) -> tuple[int, int, float]:
    """Rows of interval k and the speed a visit in it needs."""
    if k < 0:
        return -1, -1, np.nan
    return chain.row[k], chain.row[k + 1], speed_needed_mps(chain, k, k + 1)


@njit(cache=True)
def _unexcluded(
    columns: Columns, chain: Chain, sight: Sight, window: Window, limits: Limits
) -> tuple[int, int, int, float]:
    """Code, rows and speed where the whole trail already leaves a visit possible."""
    if sight.fixes == 0:
        return _NO_FIX, -1, -1, np.nan
    if sight.at_scene or is_near(chain, window, limits):
        before, after, speed = _pair(chain, easiest_interval(chain, window))
        return _NEAR, before, after, speed
    silence, before, after = find_silence(columns, chain, window, limits)
    if silence > limits.gap_us:
        return _GAP, before, after, np.nan
    if silence >= 0:
        return _NETWORK_ONLY, -1, -1, np.nan
    before, after, speed = _pair(chain, easiest_interval(chain, window))
    return _NEAR, before, after, speed


@njit(cache=True)
def _by_chain(
    columns: Columns, chain: Chain, sight: Sight, window: Window, limits: Limits
) -> tuple[int, int, int, float, int]:
    """Code, rows, speed and bound from the trusted fixes."""
    torn = find_contradiction(chain, window, limits)
    if torn >= 0:
        least = apart_m(chain, torn, torn + 1) - chain.region_m[torn] - chain.region_m[torn + 1]
        seconds = seconds_between(chain, torn, torn + 1)
        speed = least / seconds if seconds > 0.0 else np.inf
        return _CONTRADICTION, chain.row[torn], chain.row[torn + 1], speed, ONE
    first, last = window.first_us, window.last_us
    sums = base_sums(chain, first, last, limits)
    total = min(ONE, int(sums[sums.size - 1]))
    if not is_bracketed(chain, 0, chain.t_us.size - 1, first, last):
        total = ONE
    if total >= limits.bound or sight.at_scene:
        code, before, after, speed = _unexcluded(columns, chain, sight, window, limits)
        return code, before, after, speed, total
    worst, left, right = worst_removal(chain, sums, first, last, limits)
    if worst < limits.bound:
        before, after, speed = _pair(chain, easiest_interval(chain, window))
        return (_REACH if worst == 0 else _TRAIL), before, after, speed, worst
    speed = speed_needed_mps(chain, left, right) if left >= 0 and right >= 0 else np.nan
    before = chain.row[left] if left >= 0 else -1
    after = chain.row[right] if right >= 0 else -1
    return _FRAGILE, before, after, speed, worst


@njit(cache=True, nogil=True)
def judge_all(
    columns: Columns, places: Places, pair_scene: I64, pair_wearer: I64, limits: Limits
) -> Fates:
    """The fate of each pair."""
    pairs = pair_scene.size
    fates = Fates(
        np.zeros(pairs, dtype=np.int8),
        np.full(pairs, -1, dtype=np.int64),
        np.full(pairs, -1, dtype=np.int64),
        np.full(pairs, np.nan),
        np.full(pairs, ONE, dtype=np.int64),
        np.zeros(pairs),
        np.full(pairs, np.nan),
        np.zeros(pairs, dtype=np.int64),
    )
    for pair in range(pairs):
        scene, wearer = pair_scene[pair], pair_wearer[pair]
        window = window_of(columns, places, scene, wearer, limits)
        view = view_of(columns, places, scene, window)
        sight = look(columns, view, places.radius_m[scene], window, limits)
        fates.coverage[pair] = sight.coverage
        fates.nearest_m[pair], fates.nearest_us[pair] = sight.nearest_m, sight.nearest_us
        if not is_active(columns, wearer, window.start_us, window.end_us):
            fates.decided[pair] = _ACTIVATION
        elif sight.clock:
            fates.decided[pair] = _CLOCK
        else:
            chain = chain_of(columns, view, places.radius_m[scene], window)
            code, before, after, speed, bound = _by_chain(columns, chain, sight, window, limits)
            fates.decided[pair], fates.bound_parts[pair] = code, bound
            fates.before[pair], fates.after[pair] = before, after
            fates.speed_needed_mps[pair] = speed
    return fates
