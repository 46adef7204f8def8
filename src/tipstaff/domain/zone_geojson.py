"""Shapes of zones as GeoJSON geometries (RFC 7946) and back, as plain dicts.

| shape | geometry | members beside `coordinates` |
|---|---|---|
| area | Polygon or MultiPolygon | |
| circle | Point | `radius_m` |
| corridor | LineString | `half_width_m` |
| address with buffer | Point or Polygon | `address`, `buffer_m` |

RFC 7946 (6.1) allows such members; a program that does not know them sees the bare point or line.
Rings are wound as the RFC asks (outer anticlockwise, holes clockwise), whichever way they came.
Heights are dropped. Whether the shape makes a good zone is for `zone_checks` to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Place, Polygon, Ring, Shape


class GeometryCode(StrEnum):
    """Why something is no geometry of a zone."""

    NOT_A_GEOMETRY = "NOT_A_GEOMETRY"
    NOT_A_ZONE = "NOT_A_ZONE"
    NOT_A_LIST = "NOT_A_LIST"
    NOT_A_POSITION = "NOT_A_POSITION"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_CLOSED = "NOT_CLOSED"
    NO_ADDRESS = "NO_ADDRESS"


class _RefusedError(Exception):
    """Never leaves this module: ends the reading of nested lists at the first thing wrong."""

    def __init__(self, code: GeometryCode, where: str, action: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, where, action)


def shape_from_geojson(geometry: object) -> Shape | Problem:
    """The shape that a geometry stands for, or the first thing wrong with it."""
    try:
        return _shape(geometry)
    except _RefusedError as refused:
        return refused.problem


def shape_to_geojson(shape: Shape) -> dict[str, Any]:
    """The geometry of a shape; `shape_from_geojson` reads it back."""
    match shape:
        case Area((part,)):
            return {"type": "Polygon", "coordinates": _polygon_out(part)}
        case Area(parts):
            return {"type": "MultiPolygon", "coordinates": [_polygon_out(part) for part in parts]}
        case Circle(centre, radius):
            return _point_out(centre) | {"radius_m": radius}
        case Corridor(line, half_width):
            coordinates = [_position_out(place) for place in line]
            return {"type": "LineString", "coordinates": coordinates, "half_width_m": half_width}
        case AddressBuffer(address, Polygon() as outline, buffer):
            polygon = {"type": "Polygon", "coordinates": _polygon_out(outline)}
            return polygon | {"address": address, "buffer_m": buffer}
        case AddressBuffer(address, Place() as point, buffer):
            return _point_out(point) | {"address": address, "buffer_m": buffer}
    raise TypeError("no shape of a zone")


_NOT_A_ZONE: Final = (
    "draw a Polygon or MultiPolygon, a Point with radius_m or with address and buffer_m, "
    "or a LineString with half_width_m"
)


def _shape(geometry: object) -> Shape:
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        action = "give one GeoJSON geometry: an object with type and coordinates"
        raise _RefusedError(GeometryCode.NOT_A_GEOMETRY, "", action)
    coordinates = geometry.get("coordinates")
    match geometry["type"]:
        case "Polygon" if "buffer_m" in geometry:
            return _address_buffer(geometry, _polygon(coordinates, "coordinates"))
        case "Polygon":
            return Area((_polygon(coordinates, "coordinates"),))
        case "MultiPolygon":
            parts = _items(coordinates, "coordinates")
            return Area(tuple(_polygon(part, where) for where, part in parts))
        case "Point" if "buffer_m" in geometry:
            return _address_buffer(geometry, _place(coordinates, "coordinates"))
        case "Point" if "radius_m" in geometry:
            return Circle(_place(coordinates, "coordinates"), _metres(geometry, "radius_m"))
        case "LineString" if "half_width_m" in geometry:
            line = tuple(_place(p, where) for where, p in _items(coordinates, "coordinates"))
            return Corridor(line, _metres(geometry, "half_width_m"))
    raise _RefusedError(GeometryCode.NOT_A_ZONE, "type", _NOT_A_ZONE)


def _address_buffer(geometry: Mapping[str, Any], outline: Polygon | Place) -> AddressBuffer:
    address = geometry.get("address")
    if not isinstance(address, str):
        raise _RefusedError(
            GeometryCode.NO_ADDRESS, "address", "name the address the buffer is about"
        )
    return AddressBuffer(address, outline, _metres(geometry, "buffer_m"))


def _metres(geometry: Mapping[str, Any], name: str) -> float:
    return _number(geometry[name], name, "write a number of metres")


def _number(value: object, where: str, action: str) -> float:
    # A bool is an int to Python; an int beyond the floats would raise; NaN is not below anything.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
        raise _RefusedError(GeometryCode.NOT_A_NUMBER, where, action)
    return float(value)


def _items(value: object, where: str) -> list[tuple[str, object]]:
    """The elements of a list with their paths."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        action = "put a list here: coordinates are nested less deeply than the type needs"
        raise _RefusedError(GeometryCode.NOT_A_LIST, where, action)
    return [(f"{where}[{index}]", item) for index, item in enumerate(value)]


def _place(value: object, where: str) -> Place:
    parts = _items(value, where)
    if len(parts) not in {2, 3}:
        action = "a position is [longitude, latitude], with or without a height"
        raise _RefusedError(GeometryCode.NOT_A_POSITION, where, action)
    action = "write longitude and latitude as numbers of degrees"
    longitude, latitude, *_height = [_number(part, path, action) for path, part in parts]
    return Place(latitude, longitude)


def _polygon(value: object, where: str) -> Polygon:
    rings = [_ring(ring, path) for path, ring in _items(value, where)]
    if not rings:
        raise _RefusedError(GeometryCode.NOT_A_LIST, where, "a polygon has at least its outer ring")
    outer, *holes = rings
    return Polygon(
        _wound(outer, anticlockwise=True),
        tuple(_wound(hole, anticlockwise=False) for hole in holes),
    )


def _ring(value: object, where: str) -> Ring:
    places = [_place(position, path) for path, position in _items(value, where)]
    if len(places) < 4 or places[0] != places[-1]:
        action = "a ring has at least 4 positions, the last of them the first again"
        raise _RefusedError(GeometryCode.NOT_CLOSED, where, action)
    return tuple(places[:-1])


def _wound(ring: Ring, *, anticlockwise: bool) -> Ring:
    """The ring from the same first place, turned the way that is asked for."""
    twice_area = _twice_area(ring)
    other_way = twice_area < 0 if anticlockwise else twice_area > 0
    return (ring[0], *ring[:0:-1]) if other_way else ring


def _twice_area(ring: Ring) -> float:
    """Twice the signed area in degrees about the first place: positive anticlockwise."""
    lat0, lon0 = ring[0]
    flat = [((p.longitude - lon0 + 180) % 360 - 180, p.latitude - lat0) for p in ring]
    turned = zip(flat, [*flat[1:], flat[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in turned)


def _position_out(place: Place) -> list[float]:
    return [place.longitude, place.latitude]


def _point_out(place: Place) -> dict[str, Any]:
    return {"type": "Point", "coordinates": _position_out(place)}


def _polygon_out(polygon: Polygon) -> list[list[list[float]]]:
    outer = _wound(polygon.outer, anticlockwise=True)
    rings = [outer, *(_wound(hole, anticlockwise=False) for hole in polygon.holes)]
    return [[_position_out(place) for place in (*ring, ring[0])] for ring in rings]
