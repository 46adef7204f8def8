"""Many outlines in rows for the kernels, and whether a fix's error can reach one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.monitoring.fix_columns import FixAt
from tipstaff.monitoring.outlines import Outline
from tipstaff.monitoring.zone_evidence import lay_by

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
#: South, north, west, east.
Box = tuple[float, float, float, float]

_NOWHERE: Final = Outline(np.empty(0), np.empty(0), np.zeros(1, dtype=np.int64))


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
    box: Box


def outline_rows(given: Sequence[Outline | None]) -> OutlineRows:
    """Outlines in rows; where there is none, one without places and with a box of NaN."""
    outlines = [_NOWHERE if outline is None else outline for outline in given]
    boxes = [_box(outline) for outline in outlines]
    none = [np.empty(0)]
    return OutlineRows(
        box=np.array(boxes, dtype=np.float64).reshape(-1, 4),
        place_starts=starts_of(len(o.latitude) for o in outlines),
        ring_lat=np.concatenate([o.latitude for o in outlines] or none),
        ring_lon=np.concatenate([o.longitude for o in outlines] or none),
        ring_starts=starts_of(len(o.starts) for o in outlines),
        rings=np.concatenate([np.empty(0, dtype=np.int64), *(o.starts for o in outlines)]),
    )


def _box(outline: Outline) -> Box:
    lat, lon = outline.latitude, outline.longitude
    if len(lat) == 0:
        return np.nan, np.nan, np.nan, np.nan
    return float(lat.min()), float(lat.max()), float(lon.min()), float(lon.max())


def starts_of(lengths: Iterable[int]) -> I64:
    """Where each of so many stretches begins, and where the last ends."""
    return np.cumsum([0, *lengths]).astype(np.int64)


@njit(cache=True)
def outline_at(rows: OutlineRows, i: int) -> OutlineAt:
    """Outline i."""
    low, high = rows.place_starts[i], rows.place_starts[i + 1]
    rings = rows.rings[rows.ring_starts[i] : rows.ring_starts[i + 1]]
    lat, lon = rows.ring_lat[low:high], rows.ring_lon[low:high]
    return OutlineAt(lat, lon, rings, box_of(rows.box, i))


@njit(cache=True)
def box_of(boxes: F64, i: int) -> Box:
    """Box i."""
    return boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]


@njit(cache=True)
def lay_round(fix: FixAt, outline: OutlineAt, east: F64, north: F64) -> None:
    """Lay an outline round a fix, as `zone_evidence.lay` does."""
    scale = (fix.to_north, fix.to_east, fix.slope)
    lat, lon = fix.latitude, fix.longitude
    lay_by(lat, lon, scale, outline.latitude, outline.longitude, east, north)


@njit(cache=True)
def box_round(fix: FixAt, box: Box) -> Box:
    """A box in degrees from a fix."""
    south, north, west, east = box
    turn = 360.0 * np.rint((fix.longitude - west) / 360.0)
    lat, lon = fix.latitude, fix.longitude
    return south - lat, north - lat, west + turn - lon, east + turn - lon


@njit(cache=True)
def beyond(fix: FixAt, round_it: Box) -> bool:
    """Whether a box, in degrees from a fix, is too far for the fix's error to reach it."""
    south, north, west, east = round_it
    up = max(south, -north, 0.0) * fix.to_north
    side = max(west, -east, 0.0) * fix.to_east * 0.99
    return bool(up * up + side * side > fix.reach_m * fix.reach_m)


@njit(cache=True)
def beside(round_it: Box, up: float, side: float) -> bool:
    """Whether the line from a fix to so many degrees north and east of it passes by the box.

    Metres to a degree east differ by less than 1% along the line and the box: within half a degree.
    """
    south, north, west, east = round_it
    if south > max(up, 0.0) or north < min(up, 0.0):
        return True
    if max(abs(up), abs(south), abs(north)) > 0.5:
        return False
    return bool(west > 1.01 * max(side, 0.0) or east < 1.01 * min(side, 0.0))
