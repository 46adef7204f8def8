"""Zones against slow oracles, GeoJSON there and back, and checks that never break."""

from __future__ import annotations

import json
import math

import pytest
from drawn_shapes import HERE, at, ring
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tipstaff.domain.problems import Problem
from tipstaff.domain.zone_checks import shape_problems
from tipstaff.domain.zone_geojson import shape_from_geojson, shape_to_geojson
from tipstaff.domain.zone_ground import contains, signed_distance_m
from tipstaff.domain.zones import (
    AddressBuffer,
    Area,
    Circle,
    Corridor,
    Place,
    Polygon,
    Ring,
    Shape,
)

metres = st.floats(-3_000, 3_000)
points = st.tuples(metres, metres)


@st.composite
def stars(draw: st.DrawFn, reach_m: float = 1_000.0) -> Ring:
    """A ring that never crosses itself: corners in the order of their bearings."""
    count = draw(st.integers(3, 12))
    east, north = draw(points)
    corners = []
    for n in range(count):
        bearing = 2 * math.pi * (n + draw(st.floats(0.0, 0.4))) / count
        radius = draw(st.floats(0.3, 1.0)) * reach_m
        corners.append((east + radius * math.cos(bearing), north + radius * math.sin(bearing)))
    return ring(corners)


polygons = stars().map(Polygon)
shapes: st.SearchStrategy[Shape] = st.one_of(
    polygons.map(lambda one: Area((one,))),
    st.lists(polygons, min_size=2, max_size=3).map(lambda some: Area(tuple(some))),
    st.builds(lambda p, r: Circle(at(*p), r), points, st.floats(1, 2_000)),
    st.builds(
        lambda line, w: Corridor(ring(line), w),
        st.lists(points, min_size=2, max_size=6, unique=True),
        st.floats(1, 500),
    ),
    st.builds(lambda p, b: AddressBuffer("a1", at(*p), b), points, st.floats(1, 500)),
    st.builds(lambda one, b: AddressBuffer("a1", one, b), polygons, st.floats(1, 500)),
)


def inside_by_counting(rings: list[Ring], place: Place) -> bool:
    """Even-odd rule in degrees, edge by edge: how many edges lie to the east of the place."""
    odd = False
    for one in rings:
        for a, b in zip(one, (*one[1:], one[0]), strict=True):
            if (a.latitude > place.latitude) != (b.latitude > place.latitude):
                share = (place.latitude - a.latitude) / (b.latitude - a.latitude)
                if place.longitude < a.longitude + share * (b.longitude - a.longitude):
                    odd = not odd
    return odd


def to_edges_m(rings: list[Ring], place: Place, *, closed: bool = True) -> float:
    """The least distance to the edges: on a flat map about the place, by plain geometry."""
    cos = math.cos(math.radians(place.latitude))
    best = math.inf
    for one in rings:
        flat = [
            (
                (p.longitude - place.longitude) * cos * 111_557,
                (p.latitude - place.latitude) * 111_287,
            )
            for p in one
        ]
        ends = [*flat[1:], flat[0]] if closed else flat[1:]
        for (x0, y0), (x1, y1) in zip(flat, ends, strict=False):
            dx, dy = x1 - x0, y1 - y0
            length2 = dx * dx + dy * dy
            share = 0.0 if length2 == 0 else max(0.0, min(1.0, -(x0 * dx + y0 * dy) / length2))
            best = min(best, math.hypot(x0 + share * dx, y0 + share * dy))
    return best


def oracle_m(shape: Shape, place: Place) -> float:
    match shape:
        case Circle(centre, radius):
            return to_edges_m([(centre,)], place) - radius
        case Corridor(line, half_width):
            return to_edges_m([line], place, closed=False) - half_width
        case AddressBuffer(_, Place() as point, buffer):
            return to_edges_m([(point,)], place) - buffer
        case AddressBuffer(_, Polygon() as outline, buffer):
            return _polygon_m(outline, place) - buffer
        case Area(parts):
            return min(_polygon_m(part, place) for part in parts)
    raise AssertionError


def _polygon_m(polygon: Polygon, place: Place) -> float:
    rings = [polygon.outer, *polygon.holes]
    distance = to_edges_m(rings, place)
    return -distance if inside_by_counting(rings, place) else distance


@settings(max_examples=400, deadline=None)
@given(shapes, points)
def test_distance_and_inside_equal_the_slow_oracle(
    shape: Shape, point: tuple[float, float]
) -> None:
    place = at(*point)
    expected = oracle_m(shape, place)
    found = signed_distance_m(shape, place)
    # The oracle's flat map has one scale for all its extent: good to 0.2% here.
    assert found == pytest.approx(expected, rel=2e-3, abs=0.5)
    if abs(expected) > 0.5 + 2e-3 * 3_000:
        assert contains(shape, place) is (expected < 0)


@settings(max_examples=300, deadline=None)
@given(stars(), st.data())
def test_a_hole_is_outside(outer: Ring, data: st.DataObject) -> None:
    """A hole drawn as the outer ring made smaller about its first corner's neighbour."""
    middle = Place(
        sum(p.latitude for p in outer) / len(outer), sum(p.longitude for p in outer) / len(outer)
    )
    assume(inside_by_counting([outer], middle))
    scale = data.draw(st.floats(0.05, 0.5))
    hole = tuple(
        Place(
            middle.latitude + scale * (p.latitude - middle.latitude),
            middle.longitude + scale * (p.longitude - middle.longitude),
        )
        for p in outer
    )
    shape = Area((Polygon(outer, (hole,)),))
    if not shape_problems(shape):
        place = at(*data.draw(points))
        if to_edges_m([outer, hole], place) > 6.5:
            assert contains(shape, place) is inside_by_counting([outer, hole], place)
        assert shape_from_geojson(shape_to_geojson(shape)) == Area(
            (Polygon(outer, ((hole[0], *hole[:0:-1]),)),)
        )


@settings(max_examples=300, deadline=None)
@given(shapes)
def test_geojson_there_and_back(shape: Shape) -> None:
    text = json.dumps(shape_to_geojson(shape))
    back = shape_from_geojson(json.loads(text))
    assert back == shape  # stars are drawn anticlockwise
    assert json.dumps(shape_to_geojson(back)) == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString", "Feature"]) | json_values,
    json_values | st.lists(st.lists(st.tuples(st.floats(), st.floats()), max_size=6), max_size=3),
    st.dictionaries(
        st.sampled_from(["radius_m", "half_width_m", "buffer_m", "address"]), json_values
    ),
)
def test_whatever_comes_is_read_or_told(
    kind: object, coordinates: object, more: dict[str, object]
) -> None:
    found = shape_from_geojson({"type": kind, "coordinates": coordinates} | more)
    if not isinstance(found, Problem):
        assert all(problem.action for problem in shape_problems(found))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(points, max_size=7), min_size=1, max_size=4))
def test_scribbles_are_judged_and_what_passes_has_a_distance(
    rings: list[list[tuple[float, float]]],
) -> None:
    drawn = [ring(corners) for corners in rings]
    shape = Area((Polygon(drawn[0], tuple(drawn[1:])),))
    if not shape_problems(shape):
        assert math.isfinite(signed_distance_m(shape, HERE))
