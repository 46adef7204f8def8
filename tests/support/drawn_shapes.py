"""Shapes drawn in metres about a place, for tests: (east, north) to degrees."""

from __future__ import annotations

from collections.abc import Sequence

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.zones import Area, Place, Polygon, Ring

#: Somewhere in Derbyshire.
HERE = Place(53.0, -1.5)
Metres = tuple[float, float]


def at(east_m: float, north_m: float, about: Place = HERE) -> Place:
    """The place so many metres east and north of another."""
    plane = LocalPlane(about.latitude, about.longitude)
    latitude, longitude = plane.to_degrees(east_m, north_m)
    return Place(float(latitude), float(longitude))


def ring(corners: Sequence[Metres], about: Place = HERE) -> Ring:
    """A ring through corners given in metres."""
    return tuple(at(east, north, about) for east, north in corners)


def box(west: float, south: float, east: float, north: float, about: Place = HERE) -> Ring:
    """A rectangle in metres, anticlockwise from its south-west corner."""
    return ring([(west, south), (east, south), (east, north), (west, north)], about)


def area(*parts: Sequence[Ring]) -> Area:
    """Each part is its outer ring and then its holes."""
    return Area(tuple(Polygon(outer, tuple(holes)) for outer, *holes in parts))
