"""GeoJSON geometries read and written; bad ones are told what and where, as geojsonhint does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from drawn_shapes import HERE, area, box

from tipstaff.domain.problems import Problem
from tipstaff.domain.zone_checks import WORLD, shape_problems
from tipstaff.domain.zone_geojson import shape_from_geojson, shape_to_geojson
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Polygon, Shape

SQUARE = box(0, 0, 100, 100)
HOLE = box(40, 40, 60, 60)[::-1]
RING = [[-1.5, 53.0], [-1.4, 53.0], [-1.4, 53.1], [-1.5, 53.0]]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (area([SQUARE]), "Polygon"),
        (area([SQUARE, HOLE]), "Polygon"),
        (area([SQUARE, HOLE], [box(200, 0, 300, 100)]), "MultiPolygon"),
        (Circle(HERE, 250.0), "Point"),
        (Corridor(SQUARE, 12.5), "LineString"),
        (AddressBuffer("a1", HERE, 30.0), "Point"),
        (AddressBuffer("a1", Polygon(SQUARE, (HOLE,)), 30.0), "Polygon"),
    ],
)
def test_what_is_written_is_read_back(shape: Shape, kind: str) -> None:
    written = shape_to_geojson(shape)
    assert written["type"] == kind
    assert shape_from_geojson(json.loads(json.dumps(written))) == shape


def test_rings_are_wound_as_the_rfc_asks_whichever_way_they_came() -> None:
    drawn = area([SQUARE[::-1], HOLE[::-1]])
    written = shape_to_geojson(drawn)
    assert written == shape_to_geojson(shape_from_geojson(written))  # type: ignore[arg-type]
    outer, hole = written["coordinates"]
    assert [_turns_left(ring) for ring in (outer, hole)] == [True, False]
    assert outer[0] == outer[-1] == [drawn.parts[0].outer[0][1], drawn.parts[0].outer[0][0]]


def _turns_left(ring: list[list[float]]) -> bool:
    return sum((x1 - x0) * (y0 + y1) for (x0, y0), (x1, y1) in pairwise(ring)) < 0


def test_an_area_of_no_parts_is_written() -> None:
    assert shape_from_geojson(shape_to_geojson(Area(()))) == Area(())


def test_heights_are_dropped() -> None:
    high = {"type": "Point", "coordinates": [-1.5, 53.0, 120.0], "radius_m": 50}
    assert shape_from_geojson(high) == Circle(HERE, 50.0)


BAD: list[tuple[Any, str, str]] = [
    (None, "NOT_A_GEOMETRY", ""),
    ([], "NOT_A_GEOMETRY", ""),
    ({}, "NOT_A_GEOMETRY", ""),
    ({"type": {}}, "NOT_A_GEOMETRY", ""),
    ({"type": "polygon", "coordinates": [RING]}, "NOT_A_ZONE", "type"),
    ({"type": "Point", "coordinates": [-1.5, 53.0]}, "NOT_A_ZONE", "type"),
    ({"type": "LineString", "coordinates": RING}, "NOT_A_ZONE", "type"),
    ({"type": "Feature", "geometry": None}, "NOT_A_ZONE", "type"),
    ({"type": "GeometryCollection", "geometries": []}, "NOT_A_ZONE", "type"),
    ({"type": "Polygon"}, "NOT_A_LIST", "coordinates"),
    ({"type": "Polygon", "coordinates": "RING"}, "NOT_A_LIST", "coordinates"),
    ({"type": "Polygon", "coordinates": []}, "NOT_A_LIST", "coordinates"),
    ({"type": "Polygon", "coordinates": [5]}, "NOT_A_LIST", "coordinates[0]"),
    ({"type": "Polygon", "coordinates": RING}, "NOT_A_LIST", "coordinates[0][0]"),
    ({"type": "MultiPolygon", "coordinates": [[RING], [[]]]}, "NOT_CLOSED", "coordinates[1][0]"),
    ({"type": "Polygon", "coordinates": [RING[:-1]]}, "NOT_CLOSED", "coordinates[0]"),
    ({"type": "Polygon", "coordinates": [[RING[0]] * 3]}, "NOT_CLOSED", "coordinates[0]"),
    (
        {"type": "Polygon", "coordinates": [RING, [*RING[:2], [1]]]},
        "NOT_A_POSITION",
        "coordinates[1][2]",
    ),
    (
        {"type": "Point", "coordinates": [1, 2, 3, 4], "radius_m": 5},
        "NOT_A_POSITION",
        "coordinates",
    ),
    ({"type": "Point", "coordinates": ["1", 2], "radius_m": 5}, "NOT_A_NUMBER", "coordinates[0]"),
    ({"type": "Point", "coordinates": [1, True], "radius_m": 5}, "NOT_A_NUMBER", "coordinates[1]"),
    (
        {"type": "Point", "coordinates": [1, float("nan")], "radius_m": 5},
        "NOT_A_NUMBER",
        "coordinates[1]",
    ),
    (
        {"type": "Point", "coordinates": [1, 10**400], "radius_m": 5},
        "NOT_A_NUMBER",
        "coordinates[1]",
    ),
    ({"type": "Point", "coordinates": [1, 2], "radius_m": "5"}, "NOT_A_NUMBER", "radius_m"),
    ({"type": "Point", "coordinates": [1, 2], "buffer_m": 5}, "NO_ADDRESS", "address"),
    (
        {"type": "LineString", "coordinates": [[1, 2], None], "half_width_m": 5},
        "NOT_A_LIST",
        "coordinates[1]",
    ),
]


@pytest.mark.parametrize(("geometry", "code", "where"), BAD)
def test_what_is_refused(geometry: object, code: str, where: str) -> None:
    found = shape_from_geojson(geometry)
    assert isinstance(found, Problem)
    assert (found.code.value, found.where) == (code, where)
    assert len(found.action) > 15


def geometries(value: Any) -> Iterator[dict[str, Any]]:
    """Every polygon or multipolygon in a GeoJSON text, however deep."""
    if isinstance(value, dict):
        if value.get("type") in ("Polygon", "MultiPolygon"):
            yield value
        for inner in value.values():
            yield from geometries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from geometries(inner)


#: No faults to us: reading puts right which way rings are wound, and drops heights, by which alone
#: a ring's last position differs from its first.
PUT_RIGHT = {"bad-polygon-interiorring-rhr", "polygon_winding_order", "different-first-size"}


def vectors(folder: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.glob("*.geojson")):
        try:
            found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            assert path.stem == "bad-json"
    return found


def test_good_polygons_of_geojsonhint_are_read(shared_data: Path) -> None:
    read = 0
    for name, text in vectors(shared_data / "test-vectors" / "geojsonhint" / "good").items():
        for geometry in geometries(text):
            shape = shape_from_geojson(geometry)
            assert isinstance(shape, Area), name
            # Degrees wide, and one of them south of the South Pole: fine as geometry, not as zones.
            assert {p.code.value for p in shape_problems(shape, WORLD)} <= {
                "TOO_LARGE",
                "NO_SUCH_PLACE",
            }
            assert shape_from_geojson(shape_to_geojson(shape)) == shape
            read += 1
    assert read >= 5


def test_bad_polygons_of_geojsonhint_are_refused(shared_data: Path) -> None:
    refused = set()
    for name, text in vectors(shared_data / "test-vectors" / "geojsonhint" / "bad").items():
        assert isinstance(shape_from_geojson(text), Problem) is (name not in PUT_RIGHT), name
        for geometry in geometries(text):
            found = shape_from_geojson(geometry)
            if isinstance(found, Problem):
                refused.add(name)
    assert refused >= {
        "bad-featurelist",
        "bad-polygonloop",
        "badcoordtype",
        "different-first-last",
        "point-labeled-as-a-multipolygon",
        "short-linearring",
    }
