"""Routines: daily summaries, what is laid out from them, and which days may speak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.patterns.area import area_of, area_of_cells
from tipstaff.patterns.cells import TOP_LEVEL, UNIT_M
from tipstaff.patterns.routine import (
    DAY_KNOWN_MIN,
    DailySummary,
    Routine,
    day_weights,
    known_days,
    routine_of,
    summarise,
)
from tipstaff.patterns.routine_store import StoredRoutines

X, Y = -128_000.0, 6_970_000.0


def summary_of(rows: list[tuple[int, int, int, int, int]]) -> DailySummary:
    day, hour, column, row, minutes = (np.array(c) for c in zip(*sorted(rows), strict=True))
    return DailySummary(
        day.astype(np.int32),
        hour.astype(np.int8),
        column.astype(np.int32),
        row.astype(np.int32),
        minutes.astype(np.int32),
    )


@st.composite
def summaries(draw: st.DrawFn) -> list[tuple[int, int, int, int, int]]:
    where = st.tuples(
        st.integers(20_500, 20_512),
        st.integers(0, 23),
        st.sampled_from([260_000, 260_001, 260_300, 261_000]),
        st.sampled_from([400_000, 400_001, 400_900]),
    )
    chosen = draw(st.sets(where, min_size=1, max_size=40))
    return [(*place, draw(st.integers(1, 60))) for place in sorted(chosen)]


def test_only_minutes_known_well_enter() -> None:
    place = np.full(6, X), np.full(6, Y)
    variance = np.array([25.0, 150.0**2, 150.1**2, 25.0, 25.0, 25.0], np.float32)
    near = np.array([0.0, 10.0, 0.0, 10.5, 1e9, 5.0], np.float32)
    day, minute = np.full(6, 20_500), np.array([59, 60, 61, 62, 63, 64])
    found = summarise(*place, variance, near, day, minute)
    assert found.hour.tolist() == [0, 1]
    assert found.minutes.tolist() == [1, 2]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_summary_does_not_depend_on_the_order_of_minutes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 400
    x, y = X + rng.integers(0, 4, n) * UNIT_M, Y + rng.integers(0, 4, n) * UNIT_M
    day, minute = 20_500 + rng.integers(0, 3, n), rng.integers(0, 1440, n)
    well, near = np.ones(n, np.float32), np.ones(n, np.float32)
    one = summarise(x, y, well, near, day, minute)
    turn = rng.permutation(n)
    two = summarise(x[turn], y[turn], well, near, day[turn], minute[turn])
    for name in DailySummary.__slots__:
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert one.minutes.sum() == n
    keys = list(zip(one.day, one.hour, one.column, one.row, strict=True))
    assert keys == sorted(set(keys))


def entries(routine: Routine, level: int) -> dict[tuple[int, int, int], int]:
    """(cell, hour, day) → minutes of one level, read back from the layout."""
    out = {}
    for c in range(routine.level_from[level], routine.level_from[level + 1]):
        for h in range(24):
            for e in range(routine.hour_from[24 * c + h], routine.hour_from[24 * c + h + 1]):
                place = (int(routine.keys[c]), h, int(routine.days[routine.hour_day[e]]))
                assert place not in out
                out[place] = int(routine.hour_min[e])
    return out


@settings(deadline=None, max_examples=60)
@given(summaries(), st.integers(0, TOP_LEVEL))
def test_the_layout_holds_what_the_summary_says(
    rows: list[tuple[int, int, int, int, int]], level: int
) -> None:
    routine = routine_of(summary_of(rows))
    told: dict[tuple[int, int, int], int] = {}
    cap: dict[tuple[int, int], int] = {}
    for day, hour, column, row, minutes in rows:
        place = ((column >> level) << 20 | row >> level, hour, day)
        told[place] = told.get(place, 0) + minutes
        cap[column, row] = cap.get((column, row), 0) + minutes
    assert entries(routine, level) == told
    keys = routine.keys[routine.level_from[level] : routine.level_from[level + 1]].tolist()
    assert keys == sorted(set(keys))
    all_hours: dict[tuple[int, int], int] = {}
    for (key, _hour, day), minutes in told.items():
        all_hours[key, day] = all_hours.get((key, day), 0) + minutes
    for i, key in enumerate(keys, start=int(routine.level_from[level])):
        span = slice(routine.all_from[i], routine.all_from[i + 1])
        days = routine.days[routine.all_day[span]].tolist()
        assert dict(zip(days, routine.all_min[span].tolist(), strict=True)) == {
            d: n for (k, d), n in all_hours.items() if k == key
        }
        mass = sum(
            round(16 * spent**0.5)
            for (c, r), spent in cap.items()
            if (c >> level) << 20 | r >> level == key
        )
        assert routine.cap[i] == mass
    total = np.zeros((24, len(routine.days)), int)
    for day, hour, _column, _row, minutes in rows:
        total[hour, routine.days.tolist().index(day)] += minutes
    assert np.array_equal(routine.hour_total, total)


@settings(deadline=None, max_examples=40)
@given(st.lists(summaries(), max_size=4))
def test_stored_routines_are_the_routines(
    lives: list[list[tuple[int, int, int, int, int]]],
) -> None:
    told = [summary_of(rows) for rows in lives]
    stored = StoredRoutines(told)
    assert len(stored) == len(told)
    for i, each in enumerate(told):
        for one, two in zip(stored[i], routine_of(each), strict=True):
            assert np.array_equal(one, two)
        for name in DailySummary.__slots__:
            assert np.array_equal(getattr(stored.summary(i), name), getattr(each, name))
    for one, two in zip(
        area_of_cells(stored.capped()), area_of(map(routine_of, told)), strict=True
    ):
        assert np.array_equal(one, two)


def test_a_summary_too_large_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="too large"):
        StoredRoutines([summary_of([(20_500, 3, 260_000, 400_000, 256)])])


def days_of(days: list[int], minutes: int = DAY_KNOWN_MIN) -> Routine:
    return routine_of(summary_of([(d, 3, 260_000, 400_000, minutes) for d in days]))


@pytest.mark.parametrize(
    ("apart", "counts"),
    [(0, 0), (3, 0), (-3, 0), (4, 1), (-4, 1), (56, 1), (-56, 1), (57, 0), (-57, 0)],
)
def test_the_week_of_the_crime_and_far_days_do_not_speak(apart: int, counts: int) -> None:
    assert day_weights(days_of([20_500 + apart]), 20_500).tolist() == [counts]


def test_days_of_linked_crimes_do_not_speak() -> None:
    weights = day_weights(days_of([20_490, 20_491, 20_510]), 20_500, (20_491, 20_000))
    assert weights.tolist() == [1, 0, 1]


def test_a_day_hardly_known_is_no_history() -> None:
    routine = days_of([20_480, 20_481])
    assert known_days(routine, np.ones(2)) == 2
    assert known_days(routine, np.array([1.0, 0.0])) == 1
    assert known_days(days_of([20_480], DAY_KNOWN_MIN - 1), np.ones(1)) == 0


def test_no_minutes_at_all_make_an_empty_routine() -> None:
    none = np.zeros(0)
    empty = routine_of(
        summarise(
            none, none, none.astype("f4"), none.astype("f4"), none.astype(int), none.astype(int)
        )
    )
    assert len(empty.days) == 0
    assert len(empty.keys) == 0
    assert known_days(empty, np.zeros(0)) == 0
