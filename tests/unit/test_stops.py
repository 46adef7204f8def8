"""Stops of trails: made trails with answers that can be seen."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.patterns.stops import GAP_S, LEAST_S, stops

METRE = 1 / 111_195.0


def trail(*legs: tuple[int, float, float], start: int = 1_000_000) -> tuple[list[int], list[float]]:
    """Fixes a minute apart: of each leg its minutes, and how far north it begins and ends, m."""
    at, north = [], []
    for minutes, begins, ends in legs:
        for n in range(minutes):
            at.append(start + 60 * len(at))
            north.append(begins + (ends - begins) * n / max(1, minutes - 1))
    return at, north


def found(at: list[int], north: list[float], east: float = -1.5) -> list[tuple[int, int, int]]:
    """Each stop: minutes from the beginning of the trail, and metres north."""
    latitude = np.array([53.0 + metres * METRE for metres in north])
    told = stops(np.array(at), latitude, np.full(len(at), east))
    return [
        (
            (one.start.timestamp() - at[0]) // 60,
            (one.end.timestamp() - at[0]) // 60,
            round((one.latitude - 53) / METRE),
        )
        for one in told
    ]


def test_two_stops_with_a_walk_between() -> None:
    at, north = trail((20, 0, 0), (10, 100, 1000), (15, 1100, 1100))
    assert found(at, north) == [(0, 19, 0), (30, 44, 1100)]


def test_who_walks_stops_nowhere() -> None:
    assert found(*trail((60, 0, 4800))) == []


def test_four_minutes_are_no_stop_and_five_are() -> None:
    assert found(*trail((5, 0, 0), (3, 200, 600), (6, 900, 900))) == [(8, 13, 900)]


def test_drift_of_less_than_five_minutes_ends_nothing() -> None:
    at, north = trail((20, 0, 0))
    north[7] = 400.0
    assert found(at, north) == [(0, 19, 0)]
    north[8] = 400.0
    assert found(at, north) == [(0, 19, 0)], "an outing of two minutes cannot be told from drift"
    north[5:12] = [400.0] * 7
    assert found(at, north) == [(5, 11, 400), (12, 19, 0)]


def test_a_gap_is_told_apart_and_is_no_stay() -> None:
    at, _north = trail((10, 0, 0))
    late = [*at, *(one + 4 * 3600 for one in at)]
    (stop,) = stops(np.array(late), np.full(20, 53.0), np.full(20, -1.5))
    assert stop.unknown == timedelta(seconds=late[10] - late[9])
    apart = [0, 4 * 3600]
    assert stops(np.array(apart), np.full(2, 53.0), np.full(2, -1.5)) == ()


def test_the_antimeridian_is_no_border() -> None:
    at, north = trail((20, 0, 0))
    east = np.where(np.arange(20) % 2, 179.9999, -179.9999)
    assert len(stops(np.array(at), np.array(north) * METRE, east)) == 1


def test_of_nothing_nothing() -> None:
    nothing = np.array([])
    assert stops(nothing.astype(np.int64), nothing, nothing) == ()


@given(
    st.lists(st.tuples(st.integers(1, 900), st.floats(-500, 500)), min_size=1, max_size=80),
    st.integers(0, 10**9),
)
def test_stops_are_apart_in_order_and_last(steps: list[tuple[int, float]], shift: int) -> None:
    at = np.cumsum([step for step, _north in steps])
    north = np.array([metres for _step, metres in steps])
    told = stops(at, 53.0 + north * METRE, np.full(len(at), -1.5))
    for one in told:
        known_s = (one.end - one.start - one.unknown).total_seconds()
        assert known_s >= LEAST_S
        assert one.fixes >= known_s / GAP_S
    for before, after in itertools.pairwise(told):
        assert before.end < after.start
    later = stops(at + shift, 53.0 + north * METRE, np.full(len(at), -1.5))
    assert [one.start.timestamp() - shift for one in later] == [o.start.timestamp() for o in told]


def test_positions_that_may_be_far_off_say_nothing_of_a_stay() -> None:
    from tipstaff.web.trail_shape import stays

    began = datetime(2026, 11, 26, 9, tzinfo=UTC)
    at = [began + timedelta(minutes=n) for n in range(20)]
    table = pa.table(
        {
            "fix_time": pa.array(at, pa.timestamp("us", "UTC")),
            "lat_e7": [530_000_000 if n % 2 else 530_900_000 for n in range(20)],
            "lon_e7": [-15_000_000] * 20,
            "precision_cm": [800 if n % 2 else 90_000 for n in range(20)],
            "speaks": [True] * 20,
        }
    )
    (one,) = stays(table)
    assert (one.start, one.end, one.fixes) == (at[1], at[19], 10)
    assert abs(one.latitude - 53.0) < 1e-6
    assert one.unknown == timedelta(0)
    assert stays(table.filter(pc.equal(table["precision_cm"], 90_000))) == ()
