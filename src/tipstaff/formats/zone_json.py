"""Zones to and from JSON; a zone's shape is a GeoJSON geometry (`domain.zone_geojson`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.zone_geojson import shape_from_geojson, shape_to_geojson
from tipstaff.domain.zones import Harm, Zone, ZoneKind
from tipstaff.formats.json_codecs import Choice, Schema
from tipstaff.formats.json_records import Field, Record
from tipstaff.formats.json_source import Reading
from tipstaff.formats.timetable_json import TIMETABLE


@dataclass(frozen=True, slots=True)
class ShapeCodec:
    """A shape as one GeoJSON geometry, with the members that tell its size."""

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The shape; of nested coordinates the first thing wrong is told."""
        found = shape_from_geojson(value)
        if not isinstance(found, Problem):
            return found
        place = f"{where}.{found.where}" if found.where else where
        return reading.fault(place, "is no shape of a zone", found.action)

    def write(self, value: Any) -> Any:
        """The geometry."""
        return shape_to_geojson(value)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """The geometries that are shapes, shared as `shape`."""
        shared.setdefault("shape", {"anyOf": [_geometry(*kind) for kind in _GEOMETRIES]})
        return {"$ref": "#/$defs/shape"}


_POSITION: Final[Schema] = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 3,
    "description": "longitude, latitude, and a height that is dropped",
}
_LINE: Final[Schema] = {"type": "array", "items": _POSITION}
_RING: Final[Schema] = {"type": "array", "items": _POSITION, "minItems": 4}
_POLYGON: Final[Schema] = {"type": "array", "items": _RING, "minItems": 1}
_AREAS: Final[Schema] = {"type": "array", "items": _POLYGON}
_METRES: Final[Schema] = {"type": "number", "description": "metres"}
_BUFFER: Final[dict[str, Schema]] = {"address": {"type": "string"}, "buffer_m": _METRES}
#: The type of each geometry, its coordinates and the members beside them.
_GEOMETRIES: Final[tuple[tuple[str, Schema, dict[str, Schema]], ...]] = (
    ("Polygon", _POLYGON, {}),
    ("Polygon", _POLYGON, _BUFFER),
    ("MultiPolygon", _AREAS, {}),
    ("Point", _POSITION, {"radius_m": _METRES}),
    ("Point", _POSITION, _BUFFER),
    ("LineString", _LINE, {"half_width_m": _METRES}),
)


def _geometry(kind: str, coordinates: Schema, members: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "required": ["type", "coordinates", *members],
        "properties": {"type": {"const": kind}, "coordinates": coordinates, **members},
    }


ZONE: Final = Record(
    "zone",
    Zone,
    (
        Field("kind", Choice(ZoneKind)),
        Field("shape", ShapeCodec()),
        Field("harm", Choice(Harm), Harm.MEDIUM),
        Field("schedule", TIMETABLE, None),
    ),
)
