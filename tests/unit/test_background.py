"""The alternative: a density that sums to one, made of the days that may speak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lives import CRIME_DAY, TOWN, People, life_of, mercator, summary

from tipstaff.domain.local_time import is_weekend
from tipstaff.matching.groups import weighed_for
from tipstaff.matching.strength_reference import background
from tipstaff.patterns.background import (
    COMPONENTS,
    BackgroundShares,
    WeighedRoutine,
    components,
    hour_weights,
    weigh,
)
from tipstaff.patterns.cells import ground_scale

HOME, WORK, OTHER = (0.0, 0.0), (2_000.0, 500.0), (-1_500.0, 900.0)
HISTORY = range(CRIME_DAY - 30, CRIME_DAY - 3)
PEOPLE = People.of(
    [
        summary(HOME, WORK, HISTORY, 1),
        summary(OTHER, HOME, HISTORY, 2),
        summary(WORK, OTHER, HISTORY, 3),
    ]
)


def hours(minute: int) -> np.ndarray:
    out = np.zeros(24)
    hour_weights(minute, out)
    return out


def at(
    who: int, place: tuple[float, float], variance: float, minute: int, weighed: WeighedRoutine
) -> np.ndarray:
    x, y = mercator(*place)
    out = np.zeros((COMPONENTS, len(weighed.norm_all)))
    routine = PEOPLE.routines[who]
    components(float(x), float(y), variance, hours(minute), routine, PEOPLE.area, weighed, out)
    return out


def test_the_shares_sum_to_one() -> None:
    row = BackgroundShares().as_row()
    assert row.sum() == pytest.approx(1.0, abs=1e-12)
    assert (row > 0).all()


@settings(deadline=None)
@given(st.integers(0, 1439))
def test_three_hours_count_as_that_hour(minute: int) -> None:
    found = hours(minute)
    assert found.sum() == pytest.approx(3.0, abs=1e-12)
    spent = [0.0] * 24
    for each in range(minute - 90, minute + 90):
        spent[each // 60 % 24] += 1 / 60
    assert found.tolist() == pytest.approx(spent, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2),
    st.tuples(st.floats(-4e3, 4e3), st.floats(-4e3, 4e3)),
    st.floats(0.0, 2e5),
    st.integers(0, 1439),
)
def test_components_agree_with_the_reference(
    who: int, place: tuple[float, float], variance: float, minute: int
) -> None:
    x, y = mercator(*place)
    fast = at(who, place, variance, minute, weighed_for(PEOPLE.routines[who], CRIME_DAY))[:, 0]
    slow = background(life_of(PEOPLE, who), float(x), float(y), variance, minute)
    assert fast.tolist() == pytest.approx(slow, rel=1e-9)


def test_usual_life_is_somewhere() -> None:
    """The own components integrate to one, wherever they may be; so does the area's, by region."""
    weighed = weighed_for(PEOPLE.routines[0], CRIME_DAY)
    step = 50.0
    along = np.arange(-6_000 + step / 2, 6_000, step)
    total = np.zeros(COMPONENTS)
    for north in along:
        for east in along[::1]:
            total += at(0, (float(east), float(north)), 0.0, 720, weighed)[:, 0]
    area = step**2
    # coarser cells reach as far as the grid does, so that a little may lie outside it
    assert total[:4] * area == pytest.approx([1.0] * 4, abs=0.03)
    assert total[4:6] * area == pytest.approx([1.0] * 2, abs=0.03)


def test_nothing_is_impossible() -> None:
    weighed = weighed_for(PEOPLE.routines[0], CRIME_DAY)
    for place in ((0.0, 0.0), (2_500.0, 2_500.0), (90_000.0, 40_000.0)):
        assert at(0, place, 100.0, 720, weighed)[6, 0] > 0.0


def test_hour_and_kind_of_day_tell() -> None:
    routine = PEOPLE.routines[0]
    weekday = weighed_for(routine, CRIME_DAY)
    assert not is_weekend(np.array([CRIME_DAY]))[0]
    weekend = weighed_for(routine, CRIME_DAY + 5)
    assert at(0, WORK, 0.0, 720, weekday)[0, 0] > 100 * at(0, HOME, 0.0, 720, weekday)[0, 0]
    assert at(0, HOME, 0.0, 180, weekday)[0, 0] > 100 * at(0, WORK, 0.0, 180, weekday)[0, 0]
    assert at(0, HOME, 0.0, 720, weekend)[0, 0] > 100 * at(0, WORK, 0.0, 720, weekend)[0, 0]
    assert at(0, HOME, 0.0, 720, weekday)[2, 0] == at(0, HOME, 0.0, 180, weekday)[2, 0]


def test_ones_own_map_is_taken_out_of_the_others() -> None:
    alone = People.of([summary(HOME, WORK, HISTORY, 1)])
    x, y = mercator(*HOME)
    out = np.zeros((COMPONENTS, 1))
    weighed = weighed_for(alone.routines[0], CRIME_DAY)
    components(float(x), float(y), 0.0, hours(180), alone.routines[0], alone.area, weighed, out)
    # with nobody else about, what the others do is anywhere in the region
    assert out[4, 0] == pytest.approx(out[6, 0], rel=1e-12)


def test_without_history_a_component_takes_the_next_wider() -> None:
    routine = PEOPLE.routines[0]
    none = np.zeros((len(routine.days), 1))
    out = at(0, HOME, 0.0, 720, weigh(routine, none, none, known=False))
    assert out[0, 0] == out[2, 0] == out[4, 0]
    assert out[1, 0] == out[3, 0] == out[5, 0]


def test_each_draw_of_days_stands_alone() -> None:
    routine = PEOPLE.routines[0]
    draws = np.random.default_rng(1).integers(0, 3, (len(routine.days), 3)).astype(float)
    together = at(0, WORK, 0.0, 720, weighed_for(routine, CRIME_DAY, (), draws))
    plain = at(0, WORK, 0.0, 720, weighed_for(routine, CRIME_DAY))
    assert together[:, 0].tolist() == plain[:, 0].tolist()
    assert len({*together[0].tolist()}) > 1


def test_the_grid_is_near_enough_to_square_metres() -> None:
    assert float(ground_scale(float(mercator(0.0, 0.0)[1]))) == pytest.approx(
        np.cos(np.radians(TOWN.latitude)), rel=1e-9
    )
