"""Properties of places, periods, scenes and error regions that hold for any values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.accuracy import (
    ERROR_MODEL_V1,
    FixClass,
    mixture_survival,
    region_radii_m,
    sigmas_m,
    t_survival,
)
from tipstaff.domain.geodesy import LocalPlane, distance_m, from_e7, offset_m, to_e7, wrap_degrees
from tipstaff.domain.periods import Period, from_micros, to_micros

latitudes = st.floats(-60, 60)
longitudes = st.floats(-180, 179.999999)
nearby = st.floats(-5_000, 5_000)
radii = st.floats(0.01, 5_000)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.floats(-1e6, 1e6))
def test_wrapped_degrees_lie_in_the_stated_range(x: float) -> None:
    y = float(wrap_degrees(x))
    assert -180 <= y < 180
    turns = (x - y) / 360
    assert abs(turns - round(turns)) < 1e-9


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_never_negative(a: float, b: float, c: float, d: float) -> None:
    there, back = float(distance_m(a, b, c, d)), float(distance_m(c, d, a, b))
    assert there >= 0
    assert abs(there - back) <= 1e-6


@given(latitudes, longitudes, nearby, nearby)
def test_plane_returns_to_a_micrometre(lat: float, lon: float, east: float, north: float) -> None:
    plane = LocalPlane(lat, lon)
    there = plane.to_degrees(east, north)
    back = plane.to_plane(*there)
    # A longitude near ±180 in floating degrees is itself good to 3e-14°, some nanometres.
    assert abs(float(back[0]) - east) < 1e-6
    assert abs(float(back[1]) - north) < 1e-6


@given(latitudes, longitudes, nearby, nearby, st.floats(-360, 360))
def test_turning_the_globe_changes_no_distance(
    lat: float, lon: float, east: float, north: float, turn: float
) -> None:
    there = LocalPlane(lat, lon).to_degrees(east, north)
    plain = offset_m(lat, lon, *there)
    turned = offset_m(lat, lon + turn, there[0], there[1] + turn)
    np.testing.assert_allclose(turned, plain, atol=1e-6)


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_e7_survives_degrees(e7: int) -> None:
    assert int(to_e7(from_e7(e7))) == e7


@given(instants, st.integers(-(10**9), 10**9))
def test_microseconds_add_exactly(instant: datetime, by: int) -> None:
    assert from_micros(to_micros(instant) + by) == instant + timedelta(microseconds=by)


ticks = st.integers(0, 12)


@given(ticks, ticks, ticks, ticks)
def test_overlap_equals_a_shared_tick(a: int, b: int, c: int, d: int) -> None:
    one, other = sorted((a, b)), sorted((c, d))
    shared = set(range(*one)) or {one[0]}
    shared &= set(range(*other)) or {other[0]}
    periods = [Period(*(from_micros(x * 60_000_000) for x in pair)) for pair in (one, other)]
    assert periods[0].overlaps(periods[1]) is bool(shared)


@given(radii, radii, st.floats(0, 20_000), st.sampled_from([2, 4, 6]))
def test_tail_falls_with_distance_and_grows_with_scale(
    s1: float, s2: float, d: float, nu: int
) -> None:
    low, high = sorted((s1, s2))
    assert float(t_survival(d, low, nu)) <= float(t_survival(d, high, nu))
    assert float(t_survival(d + 1, low, nu)) <= float(t_survival(d, low, nu)) <= 1


@given(
    st.sampled_from(FixClass),
    radii,
    st.floats(0.01, 0.9999),
)
def test_region_and_survival_are_inverse(fix_class: FixClass, radius: float, level: float) -> None:
    classes = np.array([fix_class], dtype=np.int8)
    sigma = sigmas_m(ERROR_MODEL_V1, classes, [radius])
    region = region_radii_m(ERROR_MODEL_V1, classes, sigma, level)
    np.testing.assert_allclose(
        mixture_survival(ERROR_MODEL_V1, classes, sigma, region), 1 - level, rtol=1e-6, atol=1e-12
    )
    wider = sigmas_m(ERROR_MODEL_V1, classes, [radius * 2])
    assert region_radii_m(ERROR_MODEL_V1, classes, wider, level)[0] >= region[0] * (1 - 1e-9)
