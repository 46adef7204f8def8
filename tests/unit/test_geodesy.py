"""Distances and planes against independent geodesics."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tipstaff.domain.geodesy import (
    FLATTENING,
    SEMI_MAJOR_M,
    LocalPlane,
    distance_m,
    from_e7,
    from_mercator,
    mercator_scale,
    offset_m,
    radii_m,
    to_e7,
    to_mercator,
    wrap_degrees,
)

SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
TOLERANCE = 1e-5  # 0.001%


def vincenty_direct(
    latitude: float, longitude: float, bearing: float, s: float
) -> tuple[float, float]:
    """Vincenty 1975, the direct problem on WGS84: where one arrives (good to 0.1 mm)."""
    alpha = math.radians(bearing)
    u1 = math.atan((1 - FLATTENING) * math.tan(math.radians(latitude)))
    sigma1 = math.atan2(math.tan(u1), math.cos(alpha))
    sin_a = math.cos(u1) * math.sin(alpha)
    cos2_a = 1 - sin_a**2
    v2 = cos2_a * (SEMI_MAJOR_M**2 - SEMI_MINOR_M**2) / SEMI_MINOR_M**2
    a = 1 + v2 / 16384 * (4096 + v2 * (-768 + v2 * (320 - 175 * v2)))
    b = v2 / 1024 * (256 + v2 * (-128 + v2 * (74 - 47 * v2)))
    sigma = s / (SEMI_MINOR_M * a)
    for _ in range(30):
        c = math.cos(2 * sigma1 + sigma)
        inner = math.cos(sigma) * (2 * c * c - 1)
        inner -= b / 6 * c * (4 * math.sin(sigma) ** 2 - 3) * (4 * c * c - 3)
        sigma = s / (SEMI_MINOR_M * a) + b * math.sin(sigma) * (c + b / 4 * inner)
    c = math.cos(2 * sigma1 + sigma)
    cross = math.sin(u1) * math.sin(sigma) - math.cos(u1) * math.cos(sigma) * math.cos(alpha)
    up = math.sin(u1) * math.cos(sigma) + math.cos(u1) * math.sin(sigma) * math.cos(alpha)
    phi = math.atan2(up, (1 - FLATTENING) * math.hypot(sin_a, cross))
    along = math.cos(u1) * math.cos(sigma) - math.sin(u1) * math.sin(sigma) * math.cos(alpha)
    lam = math.atan2(math.sin(sigma) * math.sin(alpha), along)
    k = FLATTENING / 16 * cos2_a * (4 + FLATTENING * (4 - 3 * cos2_a))
    turn = sigma + k * math.sin(sigma) * (c + k * math.cos(sigma) * (2 * c * c - 1))
    lam -= (1 - k) * FLATTENING * sin_a * turn
    return math.degrees(phi), (longitude + math.degrees(lam) + 180) % 360 - 180


def test_the_reference_itself_agrees_with_geographiclib(shared_data: Path) -> None:
    rows = np.loadtxt(shared_data / "test-vectors" / "GeodTest-100.dat")
    checked = 0
    for lat1, lon1, azimuth, lat2, lon2, _azi2, s12 in rows[:, :7]:
        # 10,000 km: beyond it Vincenty's series may need care, and nothing here uses it.
        if s12 < 1e7:
            lat, lon = vincenty_direct(lat1, lon1, azimuth, s12)
            assert lat == pytest.approx(lat2, abs=1e-8)
            assert (lon - lon2 + 180) % 360 - 180 == pytest.approx(0, abs=2e-7)
            checked += 1
    assert checked > 20


def test_short_geodesics_of_geographiclib(shared_data: Path) -> None:
    rows = np.loadtxt(shared_data / "test-vectors" / "GeodTest-100.dat")
    short = rows[rows[:, 6] <= 50_000]
    assert len(short) >= 8
    found = distance_m(short[:, 0], short[:, 1], short[:, 3], short[:, 4])
    np.testing.assert_allclose(found, short[:, 6], rtol=TOLERANCE)


@pytest.mark.parametrize("latitude", [-60.0, -33.9, 0.0, 30.0, 49.6, 52.6, 57.1, 60.9])
@pytest.mark.parametrize("length_m", [1.0, 100.0, 2_000.0, 10_000.0, 50_000.0])
def test_distance_is_within_a_thousandth_of_a_percent(latitude: float, length_m: float) -> None:
    for bearing in range(0, 360, 5):
        there = vincenty_direct(latitude, -1.5, bearing, length_m)
        assert float(distance_m(latitude, -1.5, *there)) == pytest.approx(
            length_m, rel=TOLERANCE, abs=1e-6
        )


@pytest.mark.parametrize("bearing", [1, 89, 91, 179, 271])
def test_distance_across_the_antimeridian(bearing: int) -> None:
    start = 179.99 if bearing < 180 else -179.99
    there = vincenty_direct(52.0, start, bearing, 20_000.0)
    assert float(distance_m(52.0, start, *there)) == pytest.approx(20_000.0, rel=TOLERANCE)
    assert float(distance_m(*there, 52.0, start)) == pytest.approx(20_000.0, rel=TOLERANCE)


def test_offset_points_east_and_north() -> None:
    east, north = offset_m(52.0, 179.999, 52.001, -179.999)
    assert 0 < float(east) < 200
    assert 0 < float(north) < 200


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (180.0, -180.0),
        (-180.0, -180.0),
        (540.0, -180.0),
        (-181.0, 179.0),
        (359.5, -0.5),
        (0.0, 0.0),
        (-180.00000000000003, -180.0),  # the remainder rounds to 360 itself
    ],
)
def test_wrap(given: float, expected: float) -> None:
    assert float(wrap_degrees(given)) == expected


def test_radii_at_the_equator_and_the_pole() -> None:
    # Closed forms: M(0) = b²/a, N(0) = a; at the pole both radii are a²/b and the parallel is 0.
    north, east = radii_m(np.array([0.0, 90.0]))
    np.testing.assert_allclose(
        north, [SEMI_MINOR_M**2 / SEMI_MAJOR_M, SEMI_MAJOR_M**2 / SEMI_MINOR_M], rtol=1e-12
    )
    np.testing.assert_allclose(east, [SEMI_MAJOR_M, 0.0], rtol=1e-12, atol=1e-6)


def test_e7_rounds_and_returns() -> None:
    assert int(to_e7(51.00000005)) in {510000000, 510000001}
    assert int(to_e7(-180.0)) == -1_800_000_000
    assert int(to_e7(180.0)) == 1_800_000_000
    assert float(from_e7(515_000_001)) == 51.5000001
    assert to_e7([1.0]).dtype == np.int32


def test_plane_origin_and_axes() -> None:
    plane = LocalPlane(52.6, -1.1)
    east, north = plane.to_plane([52.6, 52.601, 52.6], [-1.1, -1.1, -1.099])
    np.testing.assert_allclose([east[0], north[0]], 0)
    assert north[1] == pytest.approx(111.27, abs=0.02)
    assert east[2] == pytest.approx(67.75, abs=0.02)


def test_mercator_is_locally_true_to_its_stated_limit() -> None:
    for latitude in (49.5, 52.6, 60.9):
        x0, y0 = to_mercator(latitude, -1.0)
        for bearing in (0, 45, 90):
            there = vincenty_direct(latitude, -1.0, bearing, 100.0)
            x1, y1 = to_mercator(*there)
            length = float(np.hypot(x1 - x0, y1 - y0) * mercator_scale(latitude))
            assert length == pytest.approx(100.0, rel=0.004)
    back = from_mercator(*to_mercator([52.5, -33.0], [-1.25, 151.0]))
    np.testing.assert_allclose(back, [[52.5, -33.0], [-1.25, 151.0]], atol=1e-12)
