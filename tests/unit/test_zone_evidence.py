"""The kernels of evidence, beside shapely, beside the geodesy, and beside the long way round."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tipstaff.domain.accuracy import ERROR_MODEL_V1, fix_classes, mixture_survival, sigmas_m
from tipstaff.domain.geodesy import offset_m
from tipstaff.monitoring import zone_evidence as evidence
from tipstaff.monitoring.errors_of_fixes import LEAST_DOUBT, fix_errors

F64 = evidence.F64
WHOLE = settings(max_examples=150, deadline=None)
places = st.tuples(st.floats(-300, 300), st.floats(-300, 300))


def laid(*rings: list[tuple[float, float]]) -> tuple[F64, F64, np.ndarray]:
    both = np.array([corner for ring in rings for corner in ring], dtype=np.float64)
    starts = np.cumsum([0, *map(len, rings)]).astype(np.int64)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]), starts


def ring(seed: int, corners: int, reach: float, x: float, y: float) -> list[tuple[float, float]]:
    """A ring that does not cross itself, counter-clockwise about (x, y)."""
    random = np.random.default_rng(seed)
    angle = 2 * np.pi * (np.arange(corners) + random.uniform(0.0, 0.9, corners)) / corners
    far = reach * random.uniform(0.4, 1.0, corners)
    return list(zip(x + far * np.cos(angle), y + far * np.sin(angle), strict=True))


@st.composite
def outlines(draw: st.DrawFn) -> tuple[list[list[tuple[float, float]]], shapely.Polygon]:
    x, y = draw(places)
    seed, corners, reach = (
        draw(st.integers(0, 10**6)),
        draw(st.integers(4, 9)),
        draw(st.floats(5, 300)),
    )
    outer = ring(seed, corners, reach, x, y)
    hole = ring(seed + 1, corners, reach * 0.15, x, y)[::-1]
    rings = [outer, hole] if draw(st.booleans()) else [outer]
    shape = shapely.Polygon(rings[0], rings[1:])
    assume(shape.is_valid)
    return rings, shape


def row_of(mechanism: int, radius_m: float) -> evidence.ErrorRow:
    errors = fix_errors(ERROR_MODEL_V1, np.array([mechanism], dtype=np.int8), np.array([radius_m]))
    one, two, three, four, five, six = (float(x) for x in errors.rows[0])
    return one, two, three, four, five, six


rows = st.builds(row_of, st.sampled_from([0, 1, 4, 5, 6]), st.floats(0.0, 900.0))


@WHOLE
@given(outlines())
def test_how_far_an_outline_is_and_whether_it_holds_the_fix(drawn: tuple) -> None:
    rings, shape = drawn
    away, within = evidence.to_outline(*laid(*rings))
    origin = shapely.Point(0.0, 0.0)
    assert away == pytest.approx(shape.boundary.distance(origin), abs=1e-9)
    if away > 1e-9:
        assert within == shape.contains(origin)


@WHOLE
@given(outlines(), places)
def test_a_line_that_crosses_an_outline(drawn: tuple, start: tuple[float, float]) -> None:
    rings, shape = drawn
    line = shapely.LineString([start, (0.0, 0.0)])
    ends = (shapely.Point(start), shapely.Point(0.0, 0.0))
    assume(all(shape.boundary.distance(point) > 1e-6 for point in ends))
    corners = shapely.MultiPoint([corner for one in rings for corner in one])
    assume(line.distance(corners) > 1e-6)
    assert evidence.crosses(*start, 0.0, 0.0, *laid(*rings)) == line.intersects(shape.boundary)


@WHOLE
@given(outlines(), places, st.sampled_from([0.0, 0.1, 0.3]))
def test_a_way_passes_where_it_crosses_however_it_bows(
    drawn: tuple, start: tuple[float, float], bow: float
) -> None:
    rings, shape = drawn
    x, y = start
    beside = [(0.5 * x - side * y, 0.5 * y + side * x) for side in (-bow, bow)]
    ways = [shapely.LineString([start, by, (0.0, 0.0)]) for by in ((x / 2, y / 2), *beside)]
    corners = shapely.MultiPoint([corner for one in rings for corner in one])
    for way in ways:
        ends = [shapely.Point(at) for at in way.coords]
        assume(all(shape.boundary.distance(point) > 1e-6 for point in ends))
        assume(way.distance(corners) > 1e-6)
    crossing = all(way.intersects(shape.boundary) for way in ways)
    assert evidence.passes(x, y, bow, *laid(*rings)) == crossing


@WHOLE
@given(st.floats(-65, 65), st.floats(-180, 180), st.lists(places, min_size=3, max_size=9))
def test_places_are_laid_where_the_geodesy_has_them(
    latitude: float, longitude: float, offsets: list[tuple[float, float]]
) -> None:
    to_north, to_east, _ = evidence.scales(latitude)
    ring_lat = np.array([latitude + 10 * y / to_north for _, y in offsets])
    ring_lon = np.array([longitude + 10 * x / to_east for x, _ in offsets])
    east, north = np.empty(len(offsets)), np.empty(len(offsets))
    evidence.lay(latitude, longitude, ring_lat, ring_lon, east, north)
    wanted_east, wanted_north = offset_m(latitude, longitude, ring_lat, ring_lon)
    np.testing.assert_allclose(east, wanted_east, atol=0.01)
    np.testing.assert_allclose(north, wanted_north, atol=0.01)


def test_a_fix_beyond_the_antimeridian_is_laid_beside_it() -> None:
    east, north = np.empty(1), np.empty(1)
    evidence.lay(-17.0, -179.9999, np.array([-17.0]), np.array([179.9999]), east, north)
    assert east[0] == pytest.approx(-0.0002 * evidence.scales(-17.0)[1])


@WHOLE
@given(st.sampled_from([(1, 40.0), (6, 40.0), (5, 140.0), (4, 40.0)]), st.floats(0.0, 3_000.0))
def test_the_tail_is_the_error_models(claimed: tuple[int, float], distance: float) -> None:
    radius = np.array([claimed[1]])
    classes = fix_classes([claimed[0]], radius)
    sigma = sigmas_m(ERROR_MODEL_V1, classes, radius)
    wanted = mixture_survival(ERROR_MODEL_V1, classes, sigma, np.array([distance]))
    assert evidence.survival(distance, row_of(*claimed)) == pytest.approx(
        float(wanted[0]), abs=1e-12
    )


@WHOLE
@given(outlines(), rows)
def test_the_short_way_says_what_the_long_way_does(drawn: tuple, row: evidence.ErrorRow) -> None:
    """Where the edge is beyond the error no integral is taken, and none would say otherwise."""
    east, north, starts = laid(*drawn[0])
    said, p = evidence.log_odds_of(east, north, starts, row)
    away, within = evidence.to_outline(east, north, starts)
    whole = evidence.inside(east, north, starts, row)
    held = max(whole, 0.5 if within else min(0.5, evidence.survival(away, row)))
    least = max(row[4], LEAST_DOUBT)
    assert said == pytest.approx(evidence.logit(min(max(held, least), 1.0 - least)), abs=1e-9)
    assert p == pytest.approx(whole, abs=least)


@WHOLE
@given(outlines(), rows)
def test_who_says_a_fix_is_outside_says_it_lies_outside(
    drawn: tuple, row: evidence.ErrorRow
) -> None:
    """However coarse it is, a fix that lies in the zone never speaks against it (ADR 19)."""
    east, north, starts = laid(*drawn[0])
    said, p = evidence.log_odds_of(east, north, starts, row)
    _, within = evidence.to_outline(east, north, starts)
    assert said >= -1e-12 if within else said <= max(0.0, evidence.logit(max(p, 1e-6))) + 1e-12


def test_evidence_fades_and_repeats_weigh_less() -> None:
    assert evidence.relaxed(3.0, -2.0, 0.0, 600.0) == 3.0
    assert evidence.relaxed(3.0, -2.0, 600.0, 600.0) == pytest.approx(-2.0 + 5.0 * exp(-1))
    assert evidence.relaxed(3.0, -2.0, 1e9, 600.0) == -2.0
    assert [evidence.weight(s, 60.0) for s in (0.0, -5.0)] == [0.0, 0.0]
    assert evidence.weight(60.0, 60.0) == pytest.approx(1 - exp(-1))
    assert evidence.expit(evidence.logit(0.3)) == pytest.approx(0.3)
