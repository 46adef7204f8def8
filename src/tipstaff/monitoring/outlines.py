"""Zones as rings of places, which the kernels lay round each fix.

Round shapes become polygons: a circle one of 32 corners and the same area, buffers by shapely on a
plane round their middle. Edges are straight in degrees, so long ones are cut into pieces of 5 km
(a quarter of a metre). Outer rings run counter-clockwise, holes clockwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane, distance_m
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Place, Polygon, Ring, Shape

F64 = NDArray[np.float64]
CORNERS: Final = 32
EDGE_M: Final = 5_000.0


@dataclass(frozen=True, slots=True, repr=False)
class Outline:
    """Rings in degrees, open; ring i is rows `starts[i]` to `starts[i + 1]`.

    Longitudes run on beyond ±180° where the shape crosses it.
    """

    latitude: F64
    longitude: F64
    starts: NDArray[np.int64]


def outline_of(shape: Shape) -> Outline:
    """The outline of a checked shape."""
    match shape:
        case Area(parts):
            return _outline(_rings(parts))
        case Circle(centre, radius):
            return _outline([_disc(centre, radius)])
        case Corridor(line, half_width):
            return _buffered(line, half_width, closed=False)
        case AddressBuffer(_, Place() as point, buffer):
            return _outline([_disc(point, buffer)])
        case AddressBuffer(_, Polygon(outer), buffer):
            return _buffered(outer, buffer, closed=True)
    raise TypeError("no shape of a zone")


def _disc(centre: Place, radius_m: float) -> Ring:
    """A polygon with the area of the circle."""
    plane = LocalPlane(*centre)
    step = 2 * pi / CORNERS
    reach = radius_m * sqrt(step / sin(step))
    angles = [step * corner for corner in range(CORNERS)]
    return _from_plane(plane, [(reach * cos(a), reach * sin(a)) for a in angles])


def _from_plane(plane: LocalPlane, points: Iterable[tuple[float, float]]) -> Ring:
    east, north = np.array(list(points)).T
    latitude, longitude = plane.to_degrees(east, north)
    return tuple(Place(float(a), float(o)) for a, o in zip(latitude, longitude, strict=True))


def _buffered(places: Ring, by_m: float, *, closed: bool) -> Outline:
    plane = LocalPlane(*places[len(places) // 2])
    laid = np.column_stack(
        plane.to_plane([p.latitude for p in places], [p.longitude for p in places])
    )
    flat: Any = shapely.Polygon(laid) if closed else shapely.LineString(laid)
    grown = flat.buffer(by_m, quad_segs=8)
    rings = [grown.exterior, *grown.interiors]
    return _outline([_from_plane(plane, ring.coords[:-1]) for ring in rings])


def _rings(parts: Iterable[Polygon]) -> list[Ring]:
    return [ring for part in parts for ring in (part.outer, *part.holes)]


def _outline(rings: list[Ring]) -> Outline:
    about = rings[0][0].longitude
    cut = [_cut(_unwrapped(ring, about)) for ring in rings]
    turned = [_turned(ring, cut, place) for place, ring in enumerate(cut)]
    both = np.vstack(turned)
    starts = np.cumsum([0, *map(len, turned)]).astype(np.int64)
    return Outline(np.ascontiguousarray(both[:, 1]), np.ascontiguousarray(both[:, 0]), starts)


def _unwrapped(ring: Ring, about: float) -> F64:
    degrees = np.array([(p.longitude, p.latitude) for p in ring], dtype=np.float64)
    degrees[:, 0] -= 360.0 * np.rint((degrees[:, 0] - about) / 360.0)
    return degrees


def _cut(ring: F64) -> F64:
    """The ring with corners between those far apart."""
    after = np.roll(ring, -1, axis=0)
    lengths = distance_m(ring[:, 1], ring[:, 0], after[:, 1], after[:, 0])
    pieces = np.maximum(1, np.ceil(lengths / EDGE_M)).astype(np.int64)
    edge = np.repeat(np.arange(len(ring)), pieces)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[edge]
    return np.asarray(ring[edge] + share[:, np.newaxis] * (after - ring)[edge])


def _turned(ring: F64, rings: list[F64], place: int) -> F64:
    """The ring in its right direction: a ring inside an odd number of others is a hole."""
    corner = shapely.Point(ring[0])
    within = sum(
        bool(shapely.contains(shapely.Polygon(other), corner))
        for i, other in enumerate(rings)
        if i != place
    )
    signed = float(
        np.sum(ring[:, 0] * np.roll(ring[:, 1], -1) - np.roll(ring[:, 0], -1) * ring[:, 1])
    )
    return ring if (signed > 0.0) == (within % 2 == 0) else ring[::-1]
