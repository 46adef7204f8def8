"""GeoJSON (RFC 7946) out: longitude first, WGS84, seven decimals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from tipstaff.formats.positions_writing import Known, fix_values


def write_fixes(table: pa.Table, known: Known) -> Iterator[bytes]:
    """Each fix as a point with what was said of it, in the order of the table."""
    return write_features(_features(table, known))


def _features(table: pa.Table, known: Known) -> Iterator[dict[str, Any]]:
    for values in fix_values(table, known):
        place = [float(values.pop("longitude")), float(values.pop("latitude"))]
        numbers = ("precision_m", "speed_kmh", "direction_deg", "hdop")
        for name in numbers:
            values[name] = None if values[name] is None else float(values[name])
        yield point(place, {k: v for k, v in values.items() if v is not None})


def point(coordinates: list[float], properties: Mapping[str, Any]) -> dict[str, Any]:
    """A point feature at [longitude, latitude]."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": dict(properties),
    }


def write_features(features: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A feature collection, one feature a line, piece by piece."""
    yield b'{"type":"FeatureCollection","features":['
    separator = "\n"
    for feature in features:
        line = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield (separator + line).encode(errors="replace")
        separator = ",\n"
    yield b"\n]}\n"
