"""Bounds hold the whole circle, anywhere on Earth; distances hold at the poles."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipstaff.domain.geodesy import distance_m
from tipstaff.positions.place_bounds import (
    MAX_RADIUS_M,
    bounds_round,
    ground_distance_m,
)

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
RADII = st.floats(0.01, MAX_RADIUS_M)


def inside(latitude: float, longitude: float, bounds: object) -> bool:
    lat, lon = round(latitude * 1e7), round(longitude * 1e7)
    south, north = bounds.south_e7, bounds.north_e7  # type: ignore[attr-defined]
    ranges = bounds.longitudes_e7  # type: ignore[attr-defined]
    return south <= lat <= north and any(a <= lon <= b for a, b in ranges)


@given(LATITUDES, LONGITUDES, RADII, st.floats(0, 1), st.floats(0, 2 * math.pi))
@example(89.9999, 0.0, 50.0, 1.0, 0.0)
@example(0.0, 180.0, 50.0, 1.0, math.pi / 2)
@example(0.0, -180.0, 50.0, 1.0, 3 * math.pi / 2)
@example(-90.0, 0.0, 0.01, 1.0, 1.0)
def test_every_place_within_the_radius_is_within_the_bounds(
    latitude: float, longitude: float, radius_m: float, share: float, bearing: float
) -> None:
    # a place on a sphere about as far as the radius; then judged by the true distance
    angle = share * radius_m / 6_371_000
    phi, lam = math.radians(latitude), math.radians(longitude)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    lat2 = math.asin(max(-1.0, min(1.0, sine)))
    lon2 = lam + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(lat2),
    )
    there = (math.degrees(lat2), (math.degrees(lon2) + 180) % 360 - 180)
    if float(ground_distance_m(latitude, longitude, *there)) <= radius_m:
        assert inside(*there, bounds_round(latitude, longitude, radius_m))


@pytest.mark.parametrize("latitude", [0.0, 45.0, 53.4])
def test_bounds_are_not_much_wider_than_the_circle(latitude: float) -> None:
    bounds = bounds_round(latitude, 179.99, 5_000)
    assert len(bounds.longitudes_e7) == 2
    area = (bounds.north_e7 - bounds.south_e7) * sum(b - a for a, b in bounds.longitudes_e7)
    circle = math.pi * (5_000 / 111_200 * 1e7) ** 2 / math.cos(math.radians(latitude))
    assert area < 1.4 * circle


def test_across_the_pole_the_way_is_short() -> None:
    # 0.01 degrees of latitude at the pole are 1116.94 m
    assert ground_distance_m(89.99, 0, 89.99, 180) == pytest.approx(2 * 1116.94, abs=0.05)
    assert ground_distance_m(-90, 17, -89.99, 100) == pytest.approx(1116.94, abs=0.05)


@given(st.floats(-65, 65), LONGITUDES, st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_chord_and_mid_latitude_agree(lat: float, lon: float, dlat: float, dlon: float) -> None:
    from tipstaff.positions import place_bounds

    there = (lat + dlat, (lon + dlon + 180) % 360 - 180)
    chord = np.linalg.norm(place_bounds._cartesian(lat, lon) - place_bounds._cartesian(*there))
    arc = chord * (1 + (chord / 6_378_137) ** 2 / 24)
    assert arc == pytest.approx(float(distance_m(lat, lon, *there)), rel=4e-5, abs=1e-6)
