"""Intervals: seeded draws that agree with the slow reference, and what is read off them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from small_lives import (
    CRIME_DAY,
    PI,
    People,
    fast_lr,
    fast_row,
    kernel_arguments,
    life_of,
    mercator,
    minutes_by_mark,
    summary,
    trail,
)

from tipstaff.domain.scenes import SCENE_COMPONENTS
from tipstaff.matching.groups import weighed_for
from tipstaff.matching.intervals import (
    DAY_DRAWS,
    DRAWS,
    drawn_days,
    drawn_factors,
    drawn_strengths,
    interval,
)
from tipstaff.matching.minutes import Minutes
from tipstaff.matching.strength import StrengthParameters
from tipstaff.matching.strength_reference import likelihood_ratio

P = StrengthParameters()
HISTORY = range(CRIME_DAY - 24, CRIME_DAY + 3)
PEOPLE = People.of(
    [
        summary((0.0, 0.0), (900.0, 300.0), HISTORY, 1),
        summary((-700.0, 200.0), (0.0, 50.0), HISTORY, 2),
    ]
)
FIRST = CRIME_DAY * 1440 + 700
WINDOW = (FIRST + 5, FIRST + 9)
COUNT = 20


def seen(place: tuple[float, float], sigma: float, near: np.ndarray | None = None) -> Minutes:
    east = place[0] + np.arange(COUNT) * 2.0
    silent = np.zeros(COUNT) if near is None else near
    return trail(FIRST, east, np.full(COUNT, place[1]), np.full(COUNT, sigma), silent)


def fast_draws(minutes: Minutes, scene: tuple[float, float], days: np.ndarray) -> np.ndarray:
    weighed = weighed_for(PEOPLE.routines[0], CRIME_DAY, (), days)
    out = np.zeros((1, DRAWS))
    common = kernel_arguments(PEOPLE, 0, minutes, WINDOW, scene, P, weighed)
    drawn_strengths(*common, *drawn_factors(), out)
    return out[0]


DAYS = drawn_days("w", CRIME_DAY, len(PEOPLE.routines[0].days))
PLACES = [(0.0, 0.0), (900.0, 300.0), (250.0, -100.0)]


@settings(deadline=None, max_examples=8)
@given(
    st.sampled_from(PLACES),
    st.sampled_from([*PLACES, (1_000.0, 250.0), (50_000.0, 0.0)]),
    st.sampled_from([4.0, 60.0]),
    st.sampled_from([0, 9, 13, 39]),
)
def test_draws_agree_with_the_reference(
    place: tuple[float, float], scene: tuple[float, float], sigma: float, b: int
) -> None:
    minutes = seen(place, sigma)
    fast = fast_draws(minutes, scene, DAYS)
    plain = life_of(PEOPLE, 0)
    day_of = {int(d): i for i, d in enumerate(PEOPLE.routines[0].days)}
    drawn = replace(
        plain,
        weight=lambda d: plain.weight(d) * float(DAYS[day_of[d], b % DAY_DRAWS]),
        plain=plain,
    )
    x, y = mercator(*scene)
    parts = [(share, own**2 + 1 / 12) for share, own in SCENE_COMPONENTS]
    variance, gross = drawn_factors()
    slow = likelihood_ratio(
        WINDOW,
        (float(x), float(y), parts),
        minutes_by_mark(minutes),
        drawn,
        P,
        PI,
        (float(variance[b]), float(gross[b])),
    )
    assert fast[b] == pytest.approx(slow, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    st.floats(100.0, 30_000.0),
    st.sampled_from([4.0, 60.0, 400.0]),
    st.sampled_from([0.0, 9.0, 35.0, 1e9]),
)
def test_where_no_minute_is_near_every_draw_says_the_same(
    away_m: float, sigma: float, silent_min: float
) -> None:
    near = np.where(np.arange(COUNT) % 5 < 3, silent_min, 0.0)
    minutes = seen((0.0, 0.0), sigma, near)
    widest = float(drawn_factors()[0].max())
    out = fast_row(PEOPLE, 0, minutes, WINDOW, (away_m, 0.0), P, widest=widest)
    event("near" if out[3] else "far")
    if not out[3]:
        drawn = fast_draws(minutes, (away_m, 0.0), DAYS)
        assert drawn.tolist() == [out[0]] * DRAWS


def test_no_fixes_leave_no_interval() -> None:
    silent = seen((0.0, 0.0), 5.0, np.full(COUNT, 1e9))
    assert fast_draws(silent, (0.0, 0.0), DAYS).tolist() == [1.0] * DRAWS


def test_draws_lie_about_the_point() -> None:
    minutes = seen((250.0, -100.0), 20.0)
    draws = fast_draws(minutes, (260.0, -100.0), DAYS)
    point = fast_lr(PEOPLE, 0, minutes, WINDOW, (260.0, -100.0), P)[0]
    assert draws.min() < point < draws.max()
    assert draws.max() / draws.min() < 100


def test_draws_are_the_same_for_everyone_and_every_time() -> None:
    for one, two in zip(drawn_factors(), drawn_factors(), strict=True):
        assert np.array_equal(one, two)
    assert np.array_equal(drawn_days("w", 5, 30), drawn_days("w", 5, 30))
    assert not np.array_equal(drawn_days("w", 5, 30), drawn_days("v", 5, 30))
    assert not np.array_equal(drawn_days("w", 5, 30), drawn_days("w", 6, 30))


@settings(deadline=None)
@given(st.text(), st.integers(0, 30_000), st.integers(0, 120))
def test_days_are_drawn_as_many_as_there_are(name: str, day: int, count: int) -> None:
    draws = drawn_days(name, day, count)
    assert draws.shape == (count, DAY_DRAWS)
    assert (draws.sum(axis=0) == count).all()


def test_factors_are_about_one() -> None:
    variance, gross = drawn_factors()
    assert len(variance) == len(gross) == DRAWS
    assert np.median(variance) == pytest.approx(1.0, abs=0.3)
    assert np.median(gross) == pytest.approx(1.0, abs=0.3)
    assert variance.min() > 0.1
    assert gross.max() < 10


@settings(deadline=None)
@given(st.lists(st.floats(1e-4, 1e6), min_size=DRAWS, max_size=DRAWS), st.floats(1e-4, 1e6))
def test_an_interval_holds_its_estimate(draws: list[float], point: float) -> None:
    low, high = interval(np.array([draws]), np.array([point]))
    assert low[0] <= point <= high[0]
    assert low[0] in {*draws, point}
    assert sum(d < low[0] for d in draws) <= 2
    assert sum(d > high[0] for d in draws) <= 2
