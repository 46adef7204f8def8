"""The national grid against the Ordnance Survey's own points, and unknown outside the cover."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.grid import degrees_to_grid, grid_to_degrees

ONE_CENTIMETRE_M = 0.01


@pytest.fixture(scope="module")
def points(shared_data: Path) -> dict[str, np.ndarray]:
    with (shared_data / "test-vectors" / "ostn15_40_points.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 40
    names = ("etrs89_lat", "etrs89_lon", "osgb36_easting", "osgb36_northing")
    return {name: np.array([float(row[name]) for row in rows]) for name in names}


def test_grid_to_degrees_within_a_centimetre(points: dict[str, np.ndarray]) -> None:
    lat, lon = grid_to_degrees(points["osgb36_easting"], points["osgb36_northing"])
    off = distance_m(points["etrs89_lat"], points["etrs89_lon"], lat, lon)
    assert off.max() < ONE_CENTIMETRE_M


def test_degrees_to_grid_within_a_centimetre(points: dict[str, np.ndarray]) -> None:
    east, north = degrees_to_grid(points["etrs89_lat"], points["etrs89_lon"])
    off = np.hypot(east - points["osgb36_easting"], north - points["osgb36_northing"])
    assert off.max() < ONE_CENTIMETRE_M


def test_outside_the_cover_both_are_unknown() -> None:
    lat, lon = grid_to_degrees([0.0, 432574.0, 600_000.0], [0.0, 354123.0, 1_300_000.0])
    assert np.isnan(lat).tolist() == np.isnan(lon).tolist() == [True, False, True]
    east, north = degrees_to_grid([48.85, 53.08], [2.35, -1.51])  # Paris, Derbyshire
    assert np.isnan(east).tolist() == np.isnan(north).tolist() == [True, False]


def test_a_point_means_the_same_alone_and_among_others() -> None:
    east, north = np.linspace(300_000, 500_000, 999), np.linspace(200_000, 500_000, 999)
    lat, lon = grid_to_degrees(east, north)
    alone = [grid_to_degrees(e, n) for e, n in zip(east[::100], north[::100], strict=True)]
    assert [float(one[0][0]) for one in alone] == lat[::100].tolist()
    assert [float(one[1][0]) for one in alone] == lon[::100].tolist()


def test_none_gives_none() -> None:
    lat, lon = grid_to_degrees([], [])
    assert lat.size == lon.size == 0
