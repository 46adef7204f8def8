"""Meetings: who was within a distance of whom, of all pairs, for how long.

Between two fixes of a wearer no further apart in time than `gap_s`, the wearer is taken to have
moved straight at one speed; over longer gaps nothing is known, and nobody is met. A meeting is an
unbroken time of at least `least_s` in which two wearers were within `distance_m`; breaks of up to a
second are none. A cell with more than `crowd` wearers in one minute is a crowd: pairs in it are not
followed through that minute, and the crowd is told instead.

Every minute, each wearer's way has a box; boxes that may lie within the distance share a cell of a
grid, and only those pairs are solved. Times come out exact to the microsecond, distances are by the
ground's scale half-way between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.patterns.ways import EARTH_M, between, solve

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

#: A meeting goes on over a break of so many microseconds.
JOIN_US: Final = 1_000_000
SLOT_US: Final = 60_000_000
#: A cell's side in distances: a box spans few cells, and a cell holds few boxes.
_SIDES: Final = 4.0


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """What a meeting is. Metres, seconds, wearers in one cell."""

    distance_m: float = 50.0
    least_s: float = 300.0
    gap_s: float = 600.0
    crowd: int = 100


@dataclass(frozen=True, slots=True)
class Meetings:
    """Columns, a meeting each, by pair and time; `first` < `second` are wearers' numbers.

    `least_m` is the least distance, `least_at_us` when; `fixes` how many of both lie in it.
    """

    first: I64
    second: I64
    began_us: I64
    ended_us: I64
    least_m: F64
    least_at_us: I64
    #: Minutes (their beginning, µs) in which a cell was a crowd, its middle (Web Mercator), of how
    #: many.
    crowd_at_us: I64
    crowd_x: F64
    crowd_y: F64
    crowd_size: I64


def meetings(wearer: I64, t_us: I64, x: F64, y: F64, rules: MeetingRules) -> Meetings:
    """Every meeting of the wearers of some fixes.

    `wearer`: numbers from 0 without gaps, the fixes by wearer and time; of one wearer's instant
    only one fix. `x` and `y`: Web Mercator metres; ways over the antimeridian are not followed.
    ValueError where the fixes are not in order.
    """
    if len(wearer) and (np.any(np.diff(wearer) < 0) or _unsorted(wearer, t_us)):
        raise ValueError("fixes by wearer and time, each instant of a wearer once")
    count = int(wearer[-1]) + 1 if len(wearer) else 0
    starts = np.searchsorted(wearer, np.arange(count + 1))
    met, crowds = _all(
        starts, t_us, x, y, rules.distance_m, int(rules.gap_s * 1e6), int(rules.least_s * 1e6),
        rules.crowd,
    )  # fmt: skip
    order = np.lexsort((met[:, 2], met[:, 1], met[:, 0]))
    met, side = met[order], _SIDES * rules.distance_m
    return Meetings(
        first=met[:, 0].astype(np.int64),
        second=met[:, 1].astype(np.int64),
        began_us=met[:, 2].astype(np.int64),
        ended_us=met[:, 3].astype(np.int64),
        least_m=met[:, 4],
        least_at_us=met[:, 5].astype(np.int64),
        crowd_at_us=crowds[:, 0].astype(np.int64),
        crowd_x=(crowds[:, 1] + 0.5) * side,
        crowd_y=(crowds[:, 2] + 0.5) * side,
        crowd_size=crowds[:, 3].astype(np.int64),
    )


def _unsorted(wearer: I64, t_us: I64) -> bool:
    return bool(np.any((np.diff(wearer) == 0) & (np.diff(t_us) <= 0)))


@njit(cache=True)
def _all(
    starts: I64, t: I64, x: F64, y: F64, distance: float, gap: int, least: int, crowd: int
) -> tuple[F64, F64]:
    """Rows of meetings (first, second, began, ended, least, at) and of crowds."""
    count = len(starts) - 1
    done = _grown(np.empty((0, 6)), 64)
    crowds = _grown(np.empty((0, 4)), 64)
    n_done, n_crowds = 0, 0
    if count == 0 or len(t) == 0:
        return done[:0], crowds[:0]
    side = _SIDES * distance
    here = starts[:-1].copy()
    boxes = np.empty((count, 4))
    used = np.empty(count, np.int64)
    opened = np.empty((0, 6))
    begin = (t.min() // SLOT_US) * SLOT_US
    last = t.max()
    while begin <= last:
        end = begin + SLOT_US
        n_used = _boxes(starts, here, t, x, y, gap, begin, end, distance, boxes, used)
        new = np.empty((0, 6))
        if n_used > 1:
            new, told = _slot(
                starts, here, t, x, y, gap, begin, end, distance, side, boxes, used[:n_used], crowd
            )
            if n_crowds + len(told) > len(crowds):
                crowds = _grown(crowds, n_crowds + len(told))
            crowds[n_crowds : n_crowds + len(told)] = told
            n_crowds += len(told)
        opened, closed = _joined(opened, new, least)
        if n_done + len(closed) > len(done):
            done = _grown(done, n_done + len(closed))
        done[n_done : n_done + len(closed)] = closed
        n_done += len(closed)
        begin = end
    for row in opened:
        if row[3] - row[2] >= least:
            if n_done == len(done):
                done = _grown(done, n_done + 1)
            done[n_done] = row
            n_done += 1
    return done[:n_done], crowds[:n_crowds]


@njit(cache=True)
def _grown(rows: F64, least: int) -> F64:
    out = np.empty((max(2 * len(rows), least), rows.shape[1]))
    out[: len(rows)] = rows
    return out


@njit(cache=True)
def _boxes(
    starts: I64, here: I64, t: I64, x: F64, y: F64, gap: int, begin: int, end: int,
    distance: float, boxes: F64, used: I64,
) -> int:  # fmt: skip
    """The box of each wearer's way in a minute, wider by half the distance; how many have one.

    `here` is moved on to the first fix whose way reaches into the minute.
    """
    n = 0
    for w in range(len(here)):
        stop = starts[w + 1] - 1
        i = here[w]
        while i < stop and t[i + 1] <= begin:
            i += 1
        here[w] = i
        found = False
        while i < stop and t[i] < end:
            if t[i + 1] - t[i] <= gap:
                low, high = max(begin, t[i]), min(end, t[i + 1])
                x0, x1 = (
                    between(low, t[i], t[i + 1], x[i], x[i + 1]),
                    between(high, t[i], t[i + 1], x[i], x[i + 1]),
                )
                y0, y1 = (
                    between(low, t[i], t[i + 1], y[i], y[i + 1]),
                    between(high, t[i], t[i + 1], y[i], y[i + 1]),
                )
                if not found:
                    boxes[w] = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                    found = True
                else:
                    boxes[w, 0] = min(boxes[w, 0], x0, x1)
                    boxes[w, 1] = min(boxes[w, 1], y0, y1)
                    boxes[w, 2] = max(boxes[w, 2], x0, x1)
                    boxes[w, 3] = max(boxes[w, 3], y0, y1)
            i += 1
        if found:
            far = max(abs(boxes[w, 1]), abs(boxes[w, 3])) + 50_000.0
            half = 0.52 * distance * np.cosh(far / EARTH_M)
            boxes[w, 0] -= half
            boxes[w, 1] -= half
            boxes[w, 2] += half
            boxes[w, 3] += half
            used[n] = w
            n += 1
    return n


@njit(cache=True)
def _slot(
    starts: I64, here: I64, t: I64, x: F64, y: F64, gap: int, begin: int, end: int,
    distance: float, side: float, boxes: F64, used: I64, crowd: int,
) -> tuple[F64, F64]:  # fmt: skip
    """Times of nearness in a minute, by pair and time, and the cells that were crowds."""
    size = 0
    for w in used:
        size += _span(boxes[w, 0], boxes[w, 2], side) * _span(boxes[w, 1], boxes[w, 3], side)
    keys, who, n = np.empty(size, np.int64), np.empty(size, np.int64), 0
    for w in used:
        for column in range(_cell(boxes[w, 0], side), _cell(boxes[w, 2], side) + 1):
            for row in range(_cell(boxes[w, 1], side), _cell(boxes[w, 3], side) + 1):
                keys[n], who[n] = (column << 32) + row, w
                n += 1
    order = np.argsort(keys)
    near, n_near = np.empty((64, 6)), 0
    told, n_told = np.empty((4, 4)), 0
    at = 0
    while at < size:
        key, past = keys[order[at]], at
        while past < size and keys[order[past]] == key:
            past += 1
        column, row = (key + (1 << 31)) >> 32, 0
        row = key - (column << 32)
        if past - at > crowd:
            if n_told == len(told):
                told = _grown(told, n_told + 1)
            told[n_told] = (begin, column, row, past - at)
            n_told += 1
        else:
            for p in range(at, past):
                for q in range(p + 1, past):
                    a, b = who[order[p]], who[order[q]]
                    if a > b:
                        a, b = b, a
                    left = max(boxes[a, 0], boxes[b, 0])
                    lower = max(boxes[a, 1], boxes[b, 1])
                    if (
                        left > min(boxes[a, 2], boxes[b, 2])
                        or lower > min(boxes[a, 3], boxes[b, 3])
                        or _cell(left, side) != column
                        or _cell(lower, side) != row
                    ):
                        continue
                    most = n_near + _ways(starts, here, t, end, a) + _ways(starts, here, t, end, b)
                    if most > len(near):
                        near = _grown(near, 2 * most)
                    n_near = _pair(
                        starts, here, t, x, y, gap, begin, end, distance, a, b, near, n_near
                    )
        at = past
    found = near[:n_near]
    rank = np.argsort(found[:, 0] * len(here) + found[:, 1], kind="mergesort")
    return found[rank], told[:n_told]


@njit(cache=True)
def _ways(starts: I64, here: I64, t: I64, end: int, w: int) -> int:
    """How many ways from fix to fix a wearer has up to the end of a minute."""
    i, n = here[w], 0
    while i < starts[w + 1] - 1 and t[i] < end:
        i += 1
        n += 1
    return n


@njit(cache=True)
def _cell(value: float, side: float) -> int:
    return int(np.floor(value / side))


@njit(cache=True)
def _span(low: float, high: float, side: float) -> int:
    return _cell(high, side) - _cell(low, side) + 1


@njit(cache=True)
def _pair(
    starts: I64, here: I64, t: I64, x: F64, y: F64, gap: int, begin: int, end: int,
    distance: float, a: int, b: int, near: F64, n: int,
) -> int:  # fmt: skip
    """Add the times in a minute in which a pair is near, in order; how many there are then."""
    i, j = here[a], here[b]
    stop_a, stop_b = starts[a + 1] - 1, starts[b + 1] - 1
    first = n
    while i < stop_a and j < stop_b and t[i] < end and t[j] < end:
        low, high = max(begin, t[i], t[j]), min(end, t[i + 1], t[j + 1])
        if low < high and t[i + 1] - t[i] <= gap and t[j + 1] - t[j] <= gap:
            began, ended, least, when = solve(i, j, low, high, t, x, y, distance)
            if began <= ended:
                if n > first and began - near[n - 1, 3] <= JOIN_US:
                    near[n - 1, 3] = ended
                    if least < near[n - 1, 4]:
                        near[n - 1, 4], near[n - 1, 5] = least, when
                else:
                    near[n, 0], near[n, 1] = a, b
                    near[n, 2], near[n, 3] = began, ended
                    near[n, 4], near[n, 5] = least, when
                    n += 1
        if t[i + 1] <= t[j + 1]:
            i += 1
        else:
            j += 1
    return n


@njit(cache=True)
def _joined(opened: F64, new: F64, least: int) -> tuple[F64, F64]:
    """Open times with those of the next minute: what goes on, and what is over and long enough."""
    still, closed = np.empty((len(opened) + len(new), 6)), np.empty((len(opened) + len(new), 6))
    n_still, n_closed, p, q = 0, 0, 0, 0
    while p < len(opened) or q < len(new):
        before = 0
        if p < len(opened) and q < len(new):
            if opened[p, 0] != new[q, 0]:
                before = -1 if opened[p, 0] < new[q, 0] else 1
            elif opened[p, 1] != new[q, 1]:
                before = -1 if opened[p, 1] < new[q, 1] else 1
        elif p < len(opened):
            before = -1
        else:
            before = 1
        if before < 0:
            if opened[p, 3] - opened[p, 2] >= least:
                closed[n_closed] = opened[p]
                n_closed += 1
            p += 1
            continue
        row = new[q].copy()
        if before == 0:
            if row[2] - opened[p, 3] <= JOIN_US:
                row[2] = opened[p, 2]
                if opened[p, 4] <= row[4]:
                    row[4], row[5] = opened[p, 4], opened[p, 5]
            elif opened[p, 3] - opened[p, 2] >= least:
                closed[n_closed] = opened[p]
                n_closed += 1
            p += 1
        q += 1
        # of several in a minute only the last can go on
        while q < len(new) and new[q, 0] == row[0] and new[q, 1] == row[1]:
            if row[3] - row[2] >= least:
                closed[n_closed] = row
                n_closed += 1
            row = new[q].copy()
            q += 1
        still[n_still] = row
        n_still += 1
    return still[:n_still], closed[:n_closed]
