"""What is refused in a zone, where, and that there is something to do about it."""

from __future__ import annotations

import math

import pytest
from drawn_shapes import HERE, area, at, box, ring
from timetables_in_words import timetable

from tipstaff.domain.zone_checks import BRITISH_ISLES, WORLD, Bounds, shape_problems, zone_problems
from tipstaff.domain.zones import (
    AddressBuffer,
    Area,
    Circle,
    Corridor,
    Place,
    Polygon,
    Shape,
    Zone,
    ZoneKind,
)

SQUARE = box(0, 0, 1000, 1000)
BOW_TIE = ring([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
FIJI = Place(-17.0, 179.999)

#: name, shape, (code, where)…
CASES: list[tuple[str, Shape, set[tuple[str, str]]]] = [
    ("a square", area([SQUARE]), set()),
    ("clockwise is no fault", area([SQUARE[::-1]]), set()),
    ("a hole", area([SQUARE, box(400, 400, 600, 600)]), set()),
    ("a hole that touches the edge in a point",
     area([SQUARE, ring([(0, 500), (200, 400), (200, 600)])]), set()),
    ("two parts", area([SQUARE], [box(2000, 0, 3000, 1000)]), set()),
    ("a part in another's hole", area([SQUARE, box(100, 100, 900, 900)], [box(400, 400, 600, 600)]),
     set()),
    ("a circle", Circle(HERE, 250.0), set()),
    ("a corridor", Corridor(ring([(0, 0), (500, 0), (0, 100)]), 50.0), set()),
    ("a corridor may cross itself", Corridor(BOW_TIE, 50.0), set()),
    ("an address", AddressBuffer("a1", HERE, 100.0), set()),
    ("an address with its outline", AddressBuffer("a1", Polygon(SQUARE), 100.0), set()),
    ("a whole county", area([box(-40_000, -40_000, 40_000, 40_000)]), set()),
    ("no parts", Area(()), {("NO_PARTS", "parts")}),
    ("a bow tie", area([BOW_TIE]), {("CROSSES_ITSELF", "parts[0].outer")}),
    ("a ring that touches itself", area([ring([(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)])]),
     {("CROSSES_ITSELF", "parts[0].outer")}),
    ("a spike", area([ring([(0, 0), (900, 0), (900, 900), (2000, 900), (900, 900), (0, 900)])]),
     {("CROSSES_ITSELF", "parts[0].outer")}),
    ("an outline that crosses itself", AddressBuffer("a1", Polygon(BOW_TIE), 100.0),
     {("CROSSES_ITSELF", "outline.outer")}),
    ("two corners", area([SQUARE[:2]]), {("TOO_FEW_PLACES", "parts[0].outer")}),
    ("the same two again", area([SQUARE[:2] * 2]), {("TOO_FEW_PLACES", "parts[0].outer")}),
    ("no corner", area([()]), {("TOO_FEW_PLACES", "parts[0].outer")}),
    ("a line for a ring", area([ring([(0, 0), (500, 0), (900, 0)])]),
     {("NO_AREA", "parts[0].outer")}),
    ("a corner of a square metre", area([ring([(0, 0), (0.5, 0), (0, 0.5)])]),
     {("NO_AREA", "parts[0].outer")}),
    ("a hole outside", area([SQUARE, box(2000, 0, 3000, 1000)]),
     {("HOLE_OUTSIDE", "parts[0].holes[0]")}),
    ("a hole half outside", area([SQUARE, box(900, 0, 1100, 1000)]),
     {("HOLE_OUTSIDE", "parts[0].holes[0]")}),
    ("a hole round the outer ring", area([SQUARE, box(-10, -10, 1010, 1010)]),
     {("HOLE_OUTSIDE", "parts[0].holes[0]")}),
    ("a hole that is all", area([SQUARE, SQUARE]), {("HOLE_ON_EDGE", "parts[0].holes")}),
    ("a hole across from edge to edge",
     area([SQUARE, ring([(0, 0), (1000, 1000), (500, 800)])]),
     {("HOLE_ON_EDGE", "parts[0].holes")}),
    ("holes that overlap", area([SQUARE, box(100, 100, 300, 300), box(200, 200, 400, 400)]),
     {("HOLES_OVERLAP", "parts[0].holes[1]")}),
    ("a hole in a hole", area([SQUARE, box(100, 100, 900, 900), box(200, 200, 400, 400)]),
     {("HOLES_OVERLAP", "parts[0].holes[1]")}),
    ("a hole that crosses itself",
     area([SQUARE, ring([(100, 100), (200, 200), (200, 100), (100, 200)])]),
     {("CROSSES_ITSELF", "parts[0].holes[0]")}),
    ("parts that overlap", area([SQUARE], [box(900, 900, 2000, 2000)]),
     {("PARTS_OVERLAP", "parts[1]")}),
    ("parts that share an edge",
     area([SQUARE], [(*SQUARE[1:3], at(2000, 1000), at(2000, 0))[::-1]]),
     {("PARTS_OVERLAP", "parts[1]")}),
    ("the same part twice", area([SQUARE], [SQUARE]), {("PARTS_OVERLAP", "parts[1]")}),
    ("one place for a line", Corridor((HERE, HERE), 50.0), {("TOO_FEW_PLACES", "line")}),
    ("no radius", Circle(HERE, 0.0), {("SIZE_NOT_POSITIVE", "radius_m")}),
    ("a radius below nothing", Circle(HERE, -1.0), {("SIZE_NOT_POSITIVE", "radius_m")}),
    ("a radius that is no number", Circle(HERE, math.nan), {("NOT_A_NUMBER", "radius_m")}),
    ("a radius without end", Circle(HERE, math.inf), {("NOT_A_NUMBER", "radius_m")}),
    ("a radius in millimetres", Circle(HERE, 250_000.0), {("TOO_LARGE", "radius_m")}),
    ("no width", Corridor(SQUARE, 0.0), {("SIZE_NOT_POSITIVE", "half_width_m")}),
    ("too wide", Corridor(SQUARE, 50_000.0), {("TOO_LARGE", "half_width_m")}),
    ("no buffer", AddressBuffer("a1", HERE, 0.0), {("SIZE_NOT_POSITIVE", "buffer_m")}),
    ("no address", AddressBuffer(" ", HERE, 30.0), {("NO_ADDRESS", "address")}),
    ("two things wrong", AddressBuffer("", HERE, -1.0),
     {("NO_ADDRESS", "address"), ("SIZE_NOT_POSITIVE", "buffer_m")}),
    ("a place that is no number", Circle(Place(math.nan, 0.0), 50.0),
     {("NOT_A_NUMBER", "centre[0]")}),
    ("metres of the national grid", Circle(Place(336107.0, 435213.0), 50.0),
     {("NO_SUCH_PLACE", "centre[0]")}),
    ("in the sea off Africa", Circle(Place(0.0, 0.0), 50.0), {("OUTSIDE_BOUNDS", "centre[0]")}),
    ("one slip in a ring", area([(*SQUARE, Place(53.0, 1.5e1))]),
     {("OUTSIDE_BOUNDS", "parts[0].outer[4]")}),
    ("across the antimeridian", area([box(0, 0, 1000, 1000, FIJI)]),
     {("OUTSIDE_BOUNDS", "parts[0].outer[0]")}),
    ("over the sea to Ireland", area([box(-300_000, 0, 0, 1000)]), {("TOO_LARGE", "")}),
    ("too many corners", area([SQUARE * 5001]), {("TOO_MANY_PLACES", "")}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_refused(shape: Shape, expected: set[tuple[str, str]]) -> None:
    found = shape_problems(shape)
    assert {(problem.code.value, problem.where) for problem in found} == expected
    assert len(found) == len(expected)
    assert all(len(problem.action) > 15 for problem in found)


def test_a_crossing_is_told_where_it_is() -> None:
    (problem,) = shape_problems(area([BOW_TIE]))
    assert problem.near == pytest.approx(at(500, 500), abs=1e-4)
    assert "near" not in repr(problem)
    assert "53." not in repr(problem)


def test_swapped_coordinates_are_recognised() -> None:
    (problem,) = shape_problems(Circle(Place(HERE.longitude, HERE.latitude), 50.0))
    assert "swapped" in problem.action


@pytest.mark.parametrize(
    ("drawn", "fine"),
    [
        (area([box(-1000, 0, 1000, 1000, FIJI), box(-100, 100, 400, 400, FIJI)]), True),
        (area([box(-1000, 0, 1000, 1000, FIJI)], [box(2000, 0, 3000, 9, FIJI)]), True),
        (area([box(-1000, 0, 1000, 1000, FIJI)], [box(900, 0, 3000, 9, FIJI)]), False),
        (Corridor((Place(-17.0, 179.99), Place(-17.0, -179.99)), 50.0), True),
    ],
)
def test_elsewhere_in_the_world_shapes_cross_the_antimeridian(drawn: Shape, fine: bool) -> None:
    assert (shape_problems(drawn, WORLD) == []) is fine


def test_a_force_may_narrow_the_bounds() -> None:
    rutland = Bounds("Rutland", 52.52, -0.83, 52.77, -0.42)
    (problem,) = shape_problems(Circle(HERE, 50.0), rutland)
    assert "Rutland" in problem.action
    assert BRITISH_ISLES.hold(HERE)


def test_a_zone_tells_of_its_shape_and_its_schedule() -> None:
    zone = Zone(ZoneKind.EXCLUSION, Circle(HERE, 0.0), schedule=timetable(["Wed 19:00-07:00 a"]))
    assert [p.where for p in zone_problems(zone)] == [
        "shape.radius_m",
        "schedule.rows[0].hours.addresses",
    ]
    assert zone_problems(Zone(ZoneKind.INCLUSION, Circle(HERE, 100.0))) == []
