"""When wearers truly were where they must not be: from their paths, not from what tags reported."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.visits import APART
from tipstaff.simulation.paths import Path
from validation.watched_lives import Town, WatchedLife

F64 = NDArray[np.float64]
#: Paths are asked every so many metres.
STEP_M: Final = 5.0
#: Being out for less than this does not end a presence.
BREAK_S: Final = 60.0
#: A presence of this and more is a breach that must be found.
BREACH_S: Final = 300.0
#: The shortest presence that counts as a pass.
PASS_S: Final = 15.0
Stretches = NDArray[np.float64]


def watched_ground(life: WatchedLife) -> shapely.Polygon:
    """The ground that counts: the zone, or the house with the margin that a curfew allows."""
    flat, margin = life.drawing.flat, PARAMETERS_V1.presence.margin_m
    return flat.buffer(margin, quad_segs=8) if life.drawing.is_curfew else flat


def curfew_hours(town: Town) -> list[tuple[int, int]]:
    """Each night from 19:00 to 07:00 within the town's days, in µs."""
    nights = []
    for day in range(town.calendar.count - 2):
        start, end = (town.start_us + round(town.calendar.instant_s(day, h * 3600.0) * 1e6)
                      for h in (19.0, 31.0))  # fmt: skip
        nights.append((start, end))
    return nights


def true_stretches(town: Town, life: WatchedLife) -> Stretches:
    """(n, 2) µs from and to which the wearer truly was where they must not be, in the hours."""
    inside = stretches_of(life.path, watched_ground(life), outside=life.drawing.is_curfew)
    if not life.drawing.is_curfew:
        return town.start_us + 1e6 * _joined(inside)
    grace = round(PARAMETERS_V1.presence.grace_s * 1e6)
    found = town.start_us + 1e6 * inside
    hours = np.array(curfew_hours(town), dtype=np.float64)
    parts = [np.clip(found, low + grace, high) for low, high in hours]
    clipped = np.concatenate([p[p[:, 1] > p[:, 0]] for p in parts])
    return _joined(clipped, BREAK_S * 1e6)


def stretches_of(path: Path, ground: shapely.Polygon, *, outside: bool) -> Stretches:
    """(n, 2) seconds inside the ground, or outside it."""
    t, x, y = _asked(path, ground)
    there = shapely.contains_xy(ground, x, y) != outside
    turns = np.flatnonzero(np.diff(there.astype(np.int8)))
    edges = (t[turns] + t[turns + 1]) / 2.0
    if there[0]:
        edges = np.concatenate([t[:1], edges])
    if there[-1]:
        edges = np.concatenate([edges, t[-1:]])
    return edges.reshape(-1, 2)


def _asked(path: Path, ground: shapely.Polygon) -> tuple[F64, F64, F64]:
    """Instants and places at which the path is asked: closely where it may meet the ground."""
    west, south, east, north = ground.bounds
    x, y = path.x, path.y
    near = (np.maximum(x[1:], x[:-1]) >= west) & (np.minimum(x[1:], x[:-1]) <= east)
    near &= (np.maximum(y[1:], y[:-1]) >= south) & (np.minimum(y[1:], y[:-1]) <= north)
    length = np.hypot(np.diff(x), np.diff(y))
    pieces = np.where(near, np.maximum(1, np.ceil(length / STEP_M)), 1).astype(np.int64)
    knot = np.repeat(np.arange(pieces.size), pieces)
    share = (np.arange(knot.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[knot]

    def along(column: F64) -> F64:
        return np.append(column[knot] + share * (column[knot + 1] - column[knot]), column[-1])

    return along(path.t_s), along(x), along(y)


def _joined(stretches: Stretches, gap: float = BREAK_S) -> Stretches:
    """Stretches less than the gap apart as one."""
    if len(stretches) < 2:
        return stretches
    apart = np.flatnonzero(stretches[1:, 0] - stretches[:-1, 1] >= gap)
    starts = np.concatenate([stretches[:1, 0], stretches[apart + 1, 0]])
    return np.column_stack([starts, np.append(stretches[apart, 1], stretches[-1, 1])])


def breaches(stretches: Stretches) -> Stretches:
    """What must be found: presences grouped as episodes are, with one of 5 minutes among them.

    Each begins with its first presence of 5 minutes and ends with its last.
    """
    long = stretches[stretches[:, 1] - stretches[:, 0] >= BREACH_S * 1e6]
    if not len(long):
        return long
    apart_us = APART.total_seconds() * 1e6
    whole = _joined(stretches, apart_us)
    first = np.searchsorted(whole[:, 1], long[:, 0])
    _, place = np.unique(first, return_index=True)
    ends = np.append(place[1:], len(long)) - 1
    return np.column_stack([long[place, 0], long[ends, 1]])


def passes(stretches: Stretches) -> Stretches:
    """Presences too short for a breach, of `PASS_S` at least."""
    length_s = (stretches[:, 1] - stretches[:, 0]) / 1e6
    return stretches[(length_s >= PASS_S) & (length_s < BREACH_S)]


def depths_m(town: Town, life: WatchedLife, must: Stretches) -> F64:
    """How deep each breach goes: the furthest from the ground's edge that the wearer was."""
    ground, out = watched_ground(life), np.zeros(len(must))
    for i, (start, end) in enumerate(must):
        t = np.linspace(start, end, max(2, int((end - start) / 2e7))) - town.start_us
        x, y, _ = life.path.at(t / 1e6)
        there = shapely.contains_xy(ground, x, y) != life.drawing.is_curfew
        edge = shapely.distance(ground.exterior, shapely.points(x, y))
        out[i] = float(np.max(edge[there], initial=0.0))
    return out
