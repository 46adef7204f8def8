"""How far places are from zones: told cases, long edges, the antimeridian."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_shapes import HERE, area, at, box, ring

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.zone_ground import contains, signed_distance_m
from tipstaff.domain.zones import AddressBuffer, Circle, Corridor, Place, Polygon, Shape

SQUARE = box(0, 0, 1000, 1000)
HOLED = area([SQUARE, box(400, 400, 600, 600)])
BUILDING = AddressBuffer("a1", Polygon(box(0, 0, 20, 10)), 30.0)
ROAD = Corridor(ring([(0, 0), (1000, 0), (1000, 500)]), 50.0)

#: name, shape, (east, north) in metres, signed distance in metres
CASES: list[tuple[str, Shape, tuple[float, float], float]] = [
    ("deep inside", area([SQUARE]), (500, 400), -400),
    ("outside, beside an edge", area([SQUARE]), (500, -70), 70),
    ("outside, off a corner", area([SQUARE]), (-30, -40), 50),
    ("on the edge", area([SQUARE]), (500, 0), 0),
    ("in the hole", HOLED, (500, 450), 50),
    ("between hole and outer ring", HOLED, (500, 300), -100),
    ("nearer to the second part", area([SQUARE], [box(2000, 0, 3000, 1000)]), (1900, 500), 100),
    ("in the second part", area([SQUARE], [box(2000, 0, 3000, 1000)]), (2010, 500), -10),
    ("centre of a circle", Circle(HERE, 250.0), (0, 0), -250),
    ("outside a circle", Circle(HERE, 250.0), (300, 400), 250),
    ("on the road", ROAD, (400, 0), -50),
    ("beside the road", ROAD, (400, 60), 10),
    ("past its end, which is round", ROAD, (-30, -40), 0),
    ("in the hollow of the bend", ROAD, (500, 250), 200),
    ("inside the bend", ROAD, (960, 40), -10),
    ("in the building", BUILDING, (10, 5), -35),
    ("in its buffer", BUILDING, (10, 35), -5),
    ("off its corner", BUILDING, (-18, -24), 0),
    ("an address without an outline", AddressBuffer("a1", HERE, 30.0), (30, 40), 20),
]


@pytest.mark.parametrize(
    ("shape", "metres", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_signed_distance(shape: Shape, metres: tuple[float, float], expected: float) -> None:
    found = signed_distance_m(shape, at(*metres))
    # The figures are of a plane about HERE; the shapes' edges are straight in degrees.
    assert found == pytest.approx(expected, abs=0.15)
    if abs(expected) > 1:
        assert contains(shape, at(*metres)) is (expected < 0)


def test_a_long_edge_is_straight_in_degrees() -> None:
    """On a slant: the plane's line would be some 20 m off it in the middle of 50 km."""
    start, end = at(-17_700, -17_700), at(17_700, 17_700)
    county = area([(start, at(17_700, -17_700), end)])
    middle = Place((start.latitude + end.latitude) / 2, (start.longitude + end.longitude) / 2)
    for metres in (-40, -1, 1, 40):
        # To the south-east, square to the edge, is inside.
        place = at(metres / 2**0.5, -metres / 2**0.5, middle)
        assert signed_distance_m(county, place) == pytest.approx(-metres, abs=0.05)


@pytest.mark.parametrize("away_m", [100, 5_000, 50_000])
def test_far_from_a_large_zone_the_distance_stays_good(away_m: float) -> None:
    """Against the nearest of many places on the edge, by the tested formula of distances."""
    south, north = Place(52.0, -1.5), Place(52.5, -1.5)
    county = area([(south, Place(52.0, -2.2), Place(52.5, -2.2), north)])
    place = at(away_m, 20_000, south)
    edge = np.linspace(south.latitude, north.latitude, 200_001)  # 28 cm apart
    nearest = float(distance_m(*place, edge, south.longitude).min())
    assert signed_distance_m(county, place) == pytest.approx(nearest, rel=1e-5, abs=0.001)


def test_across_the_antimeridian() -> None:
    fiji = Place(-17.0, 179.9999)
    shape = area([box(-500, -500, 500, 500, fiji)])
    for east, expected in ((-400, -100), (0, -500), (400, -100), (600, 100)):
        assert signed_distance_m(shape, at(east, 0, fiji)) == pytest.approx(expected, abs=0.15)
    road = Corridor((Place(-17.0, 179.99), Place(-17.0, -179.99)), 50.0)
    assert signed_distance_m(road, Place(-17.0, -180.0)) == pytest.approx(-50, abs=0.01)
