"""Planted visits lie where and when their wearers truly were."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.periods import to_micros
from tipstaff.simulation.planted import plant_visits
from tipstaff.simulation.world import World, WorldPlan, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(WorldPlan(seed=801, wearers=4, days=4, first_crime_day=2))


def test_the_wearer_was_there_for_five_minutes_within_the_window(world: World) -> None:
    paths = world.truth_paths
    time = paths["time"].cast(pa.int64()).to_numpy()
    who = np.array(paths["wearer_id"].to_pylist())
    lat, lon = paths["latitude"].to_numpy(), paths["longitude"].to_numpy()
    for planted in plant_visits(world, 60, seed=1):
        crime = planted.crime
        assert planted.end_us - planted.start_us >= 299_000_000
        assert to_micros(crime.start) <= planted.start_us
        assert to_micros(crime.end) >= planted.end_us - 1_000_000
        assert crime.latitude is not None
        assert crime.longitude is not None
        there = (who == planted.wearer_id) & (time >= planted.start_us) & (time <= planted.end_us)
        away = distance_m(crime.latitude, crime.longitude, lat[there], lon[there])
        assert there.sum() >= 5
        # The police's error is 60 m at most on one axis (σ); the wearer may cross a room.
        assert away.max() < 5 * 60 * np.sqrt(2) + 80


def test_the_same_seed_plants_the_same(world: World) -> None:
    assert plant_visits(world, 5, seed=2) == plant_visits(world, 5, seed=2)
    assert plant_visits(world, 5, seed=2) != plant_visits(world, 5, seed=3)
