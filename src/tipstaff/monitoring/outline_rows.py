"""Many outlines in rows for the kernels, and whether a fix's error can reach one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.monitoring.fix_columns import FixColumns
from tipstaff.monitoring.outlines import Outline

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class OutlineRows(NamedTuple):
    """Places of outline i are rows `place_starts[i]` up to the next of `ring_lat` and `ring_lon`.

    Its rings are entries `ring_starts[i]` up to the next, plus one, of `rings`, counted from its
    first place. `box` is (south, north, west, east) in degrees.
    """

    box: F64
    place_starts: I64
    ring_lat: F64
    ring_lon: F64
    ring_starts: I64
    rings: I64


class OutlineAt(NamedTuple):
    """One outline: places in degrees, where its rings start, its box."""

    latitude: F64
    longitude: F64
    rings: I64
    box: F64


def outline_rows(outlines: Sequence[Outline]) -> OutlineRows:
    """Outlines in rows."""
    boxes = [
        (o.latitude.min(), o.latitude.max(), o.longitude.min(), o.longitude.max()) for o in outlines
    ]
    none = [np.empty(0)]
    return OutlineRows(
        box=np.array(boxes, dtype=np.float64).reshape(-1, 4),
        place_starts=starts_of(len(o.latitude) for o in outlines),
        ring_lat=np.concatenate([o.latitude for o in outlines] or none),
        ring_lon=np.concatenate([o.longitude for o in outlines] or none),
        ring_starts=starts_of(len(o.starts) for o in outlines),
        rings=np.concatenate([np.empty(0, dtype=np.int64), *(o.starts for o in outlines)]),
    )


def starts_of(lengths: Iterable[int]) -> I64:
    """Where each of so many stretches begins, and where the last ends."""
    return np.cumsum([0, *lengths]).astype(np.int64)


@njit(cache=True)
def outline_at(rows: OutlineRows, i: int) -> OutlineAt:
    """Outline i."""
    low, high = rows.place_starts[i], rows.place_starts[i + 1]
    rings = rows.rings[rows.ring_starts[i] : rows.ring_starts[i + 1]]
    return OutlineAt(rows.ring_lat[low:high], rows.ring_lon[low:high], rings, rows.box[i])


@njit(cache=True)
def beyond(i: int, fixes: FixColumns, outline: OutlineAt) -> bool:
    """Whether fix i is too far from the outline's box for its error to reach it."""
    lat, lon = fixes.latitude[i], fixes.longitude[i]
    south_edge, north_edge, west_edge, east_edge = outline.box
    turn = 360.0 * np.rint((lon - outline.longitude[0]) / 360.0)
    up = max(south_edge - lat, lat - north_edge, 0.0) * fixes.to_north[i]
    side = max(west_edge + turn - lon, lon - east_edge - turn, 0.0) * fixes.to_east[i] * 0.99
    reach_m = fixes.reach_m[fixes.claim[i]]
    return bool(up * up + side * side > reach_m * reach_m)
