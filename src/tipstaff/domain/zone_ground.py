"""How far a place is from a zone, in metres: negative inside, zero on its edge.

The plane is laid round the place that is asked about, not round the zone. So a zone may be a whole
county, although a plane is trusted within 5 km only: what counts is how far the edge is, and to
50 km that is within 0.001% (`geodesy`). Edges are straight in degrees; over a long slanting one
that line leaves the plane's by metres (some 20 m on 50 km at 53°), so long edges are walked in
steps of a kilometre (1 cm). Shapes may cross the antimeridian.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane, distance_m
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Place, Polygon, Ring, Shape

F64 = NDArray[np.float64]
STEP_M: Final = 1_000.0


def contains(shape: Shape, place: Place) -> bool:
    """Whether the place is in the shape; the edge belongs to it."""
    return signed_distance_m(shape, place) <= 0.0


def signed_distance_m(shape: Shape, place: Place) -> float:
    """Metres from the place to the shape's edge, negative inside; give it checked shapes only.

    Inside a corridor or a buffered outline, near a bend or hollow corner, it may say less deep
    than it is; whether the place is inside is exact.
    """
    plane = LocalPlane(place.latitude, place.longitude)
    match shape:
        case Circle(centre, radius):
            return float(distance_m(*place, *centre)) - radius
        case Corridor(line, half_width):
            return float(shapely.distance(_line(line, plane), _HERE)) - half_width
        case AddressBuffer(_, Polygon() as outline, buffer):
            return _to_polygon_m(outline, plane) - buffer
        case AddressBuffer(_, Place() as point, buffer):
            return float(distance_m(*place, *point)) - buffer
        case Area(parts):
            return min(_to_polygon_m(part, plane) for part in parts)
    raise TypeError("no shape of a zone")


_HERE: Final = shapely.Point(0.0, 0.0)


def _to_polygon_m(polygon: Polygon, plane: LocalPlane) -> float:
    rings = [_walked(ring, plane, closed=True) for ring in (polygon.outer, *polygon.holes)]
    flat = shapely.Polygon(rings[0], rings[1:])
    to_edge = float(shapely.distance(flat.boundary, _HERE))
    return -to_edge if shapely.intersects(flat, _HERE) else to_edge


def _line(line: Ring, plane: LocalPlane) -> shapely.LineString:
    return shapely.LineString(_walked(line, plane, closed=False))


def _walked(ring: Ring, plane: LocalPlane, *, closed: bool) -> F64:
    """The ring on the plane, (east, north) in metres, with places between those far apart."""
    degrees = unwrapped([*ring, ring[0]] if closed else ring, plane.longitude)
    start, end = degrees[:-1], degrees[1:]
    lengths = distance_m(start[:, 1], start[:, 0], end[:, 1], end[:, 0])
    steps = np.maximum(1, np.ceil(lengths / STEP_M)).astype(np.int64)
    edge = np.repeat(np.arange(len(steps)), steps)
    first_of_edge = np.repeat(np.cumsum(steps) - steps, steps)
    share = (np.arange(len(edge)) - first_of_edge) / steps[edge]
    inner = start[edge] + share[:, np.newaxis] * (end - start)[edge]
    walked = np.vstack([inner, degrees[-1:]])
    return np.column_stack(plane.to_plane(walked[:, 1], walked[:, 0]))


def unwrapped(ring: Sequence[Place], about: float) -> F64:
    """(longitude, latitude) degrees, the longitudes within half a turn of `about` degrees."""
    places = np.asarray(ring, dtype=np.float64)
    turns = np.rint((places[:, 1] - about) / 360.0)
    return np.column_stack([places[:, 1] - 360.0 * turns, places[:, 0]])
