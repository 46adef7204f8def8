"""Parts of strength: the laws, the window, the stay, presence and dwell, what is reported."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lives import (
    CRIME_DAY,
    PI,
    TOWN,
    People,
    fast_lr,
    fast_row,
    life_of,
    mercator,
    minutes_by_mark,
    slow_lr,
    summary,
    trail,
)

from tipstaff.domain.local_time import MINUTE_US, local_days, local_minutes
from tipstaff.domain.periods import to_micros
from tipstaff.domain.scenes import SCENE_COMPONENTS
from tipstaff.matching.presence import disc_probability, presence_and_dwell
from tipstaff.matching.strength import (
    SHARES,
    StrengthParameters,
    normal2,
    reported_log10,
)
from tipstaff.matching.strength_reference import likelihood_ratio
from tipstaff.matching.window_ratio import gap_weight, window_marks, window_ratio
from tipstaff.patterns.motion import REACH_MIN

P = StrengthParameters()


@pytest.mark.parametrize(
    ("start_s", "end_s", "marks"),
    [
        (0, 0, (0, 0)),
        (0, 3600, (0, 60)),
        (29, 31, (0, 1)),
        (30, 30, (1, 1)),
        (30, 90, (1, 1)),
        (89, 91, (1, 2)),
        (20, 25, (0, 0)),
        (40, 45, (1, 1)),
    ],
)
def test_a_window_covers_the_nearest_minutes(
    start_s: int, end_s: int, marks: tuple[int, int]
) -> None:
    assert window_marks(start_s * 1_000_000, end_s * 1_000_000) == marks


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 10**10))
def test_every_window_has_a_minute_near_it(start_us: int, length_us: int) -> None:
    first, last = window_marks(start_us, start_us + length_us)
    assert first <= last
    assert abs(first * MINUTE_US - start_us) <= MINUTE_US // 2
    assert last == first or abs(last * MINUTE_US - start_us - length_us) <= MINUTE_US // 2


def test_a_gap_says_less_and_less() -> None:
    weights = [gap_weight(a, P.gap_min) for a in (0.0, 1.0, 10.0, 60.0, REACH_MIN)]
    assert weights[0] == 0.0
    assert weights == sorted(weights)
    assert gap_weight(REACH_MIN + 0.01, P.gap_min) == 1.0


def test_a_round_law_integrates_to_one() -> None:
    along = np.arange(-60.0, 60.0) + 0.5
    x, y = np.meshgrid(along, along)
    total = sum(normal2(float(d), 100.0) for d in (x**2 + y**2).ravel())
    assert total == pytest.approx(1.0, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.0, 600.0), st.floats(2.0, 300.0))
def test_the_disc_holds_what_it_holds(away: float, sigma: float) -> None:
    step = min(2.0, sigma / 4)
    along = np.arange(-100 + step / 2, 100, step)
    x, y = np.meshgrid(along, along)
    inside = x**2 + y**2 <= 100.0**2
    law = np.exp(-((x - away) ** 2 + y**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)
    expected = float((law * inside).sum() * step**2)
    # the grid's edge costs up to a point; far off in units of σ the law is taken as flat
    assert disc_probability(away**2, sigma**2, 100.0) == pytest.approx(expected, abs=0.02)


def test_the_disc_is_one_at_its_middle_and_none_far_off() -> None:
    assert disc_probability(0.0, 9.0, 100.0) == pytest.approx(1.0, abs=1e-12)
    assert disc_probability(5_000.0**2, 9.0, 100.0) == 0.0
    assert disc_probability(100.0**2, 1e-2, 100.0) == pytest.approx(0.5, abs=0.01)


def spread(n: int, value: float = 25.0) -> np.ndarray:
    return np.full(n, value, np.float32)


def test_presence_joins_blocks_of_five_minutes() -> None:
    half = 100.0**2  # on the edge: about a half
    edge = presence_and_dwell(np.full(5, half), spread(5))[0]
    assert 0.45 < edge < 0.5
    twice = presence_and_dwell(np.full(10, half), spread(10))[0]
    assert twice == pytest.approx(1 - (1 - edge) ** 2, rel=1e-9)
    one_more = presence_and_dwell(np.full(6, half), spread(6))[0]
    assert one_more == pytest.approx(twice, rel=1e-9)


def test_dwell_is_the_longest_stretch() -> None:
    here, away, unseen = 0.0, 1e8, -1.0
    marks = [here, here, away, here, here, here, unseen, here]
    assert presence_and_dwell(np.array(marks), spread(8))[1] == 3.0
    assert presence_and_dwell(np.full(4, unseen), spread(4)) == (0.0, 0.0)


def test_a_stay_is_asked_for() -> None:
    """Three minutes of a hundredfold ratio beat one minute of a millionfold."""
    low = np.log(1e-3)
    stay = np.full((9, 1), low)
    stay[3:6] = np.log(100.0)
    flash = np.full((9, 1), low)
    flash[4] = np.log(1e6)
    one = np.ones(1)
    # worked by hand: only whole stays reach 100; a flash reaches (1e6·1e-6)^(1/3) = 1 three times
    assert window_ratio(stay, 3, 3, one) > 100 / 7
    assert window_ratio(flash, 3, 3, one) == pytest.approx((3 * 1.0 + 4 * 1e-3) / 7, rel=1e-12)


def test_components_of_the_scene_stay_apart() -> None:
    log_r = np.log(np.array([[8.0, 0.5]] * 3))
    assert window_ratio(log_r, 3, 3, np.array([0.25, 0.75])) == pytest.approx(2.0 + 0.375)
    # by Hölder the mean of the two is never less than joining them first would give at the worst
    assert np.isclose(sum(SHARES), 1.0)


def test_a_short_stay_is_halved_by_the_long_one_not_refuted() -> None:
    """Four minutes at the scene in a window of twenty: the short stay carries them."""
    log_r = np.full((26, 1), np.log(1e-9))
    log_r[10:14] = np.log(1000.0)
    both = window_ratio(log_r, 7, 3, np.ones(1))
    assert both == pytest.approx(0.5 * window_ratio(log_r[2:-2], 3, 3, np.ones(1)), rel=1e-3)
    assert both > 20 * window_ratio(log_r, 7, 7, np.ones(1))


@pytest.mark.parametrize(
    ("lr", "known", "expected"),
    [
        (1.0, True, 0.0),
        (1.0, False, 0.0),
        (100.0, True, 2.0 * P.slope),
        (1e9, True, P.cap_log10),
        (1e-9, True, -P.cap_log10),
        (1e9, False, P.unknown_cap_log10),
        (1e-9, False, -P.unknown_cap_log10),
    ],
)
def test_what_is_reported_is_capped(lr: float, known: bool, expected: float) -> None:
    found = reported_log10(np.array([lr]), np.array([known]), P)[0]
    assert found == pytest.approx(expected, abs=1e-12)
    assert P.unknown_cap_log10 <= 1.0
    assert P.cap_log10 <= 4.0


@pytest.mark.parametrize(
    "begin",
    [datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 0, 50, tzinfo=UTC)],
    ids=["the clocks go back", "the clocks go forward"],
)
def test_windows_across_a_change_of_clocks(begin: datetime) -> None:
    start = to_micros(begin)
    mark = start // MINUTE_US
    day = int(local_days(np.array([start]))[0])
    people = People.of(
        [
            summary((0.0, 0.0), (900.0, 0.0), range(day - 24, day + 5), 1),
            summary((300.0, 0.0), (0.0, 200.0), range(day - 24, day + 5), 2),
        ]
    )
    rng = np.random.default_rng(3)
    east, north = np.cumsum(rng.normal(0, 15.0, (2, 40)), axis=1)
    seen = trail(mark - 10, east, north, np.full(40, 9.0), np.zeros(40))
    seen = seen._replace(local_minute=local_minutes((mark - 10 + np.arange(40)) * MINUTE_US))
    window, p = (mark, mark + 20), P
    assert abs(seen.local_minute[30] - seen.local_minute[10] - 20) == 60  # an hour more or less
    x, y = mercator(20.0, 0.0, TOWN)
    fast = fast_row(people, 0, seen, window, (20.0, 0.0), p, day=day)[0]
    parts = [(share, sigma**2 + 1 / 12) for share, sigma in SCENE_COMPONENTS]
    slow = likelihood_ratio(
        window, (float(x), float(y), parts), minutes_by_mark(seen), life_of(people, 0, day), p, PI
    )
    assert fast == pytest.approx(slow, rel=1e-9)


@pytest.mark.parametrize("beyond", [0, 1, 3, 9])
def test_a_window_may_reach_beyond_the_minutes_at_hand(beyond: int) -> None:
    """Marks past the last minute have no state: they count 1, far from the scene as near it."""
    people = People.of([summary((0.0, 0.0), (900.0, 0.0), range(CRIME_DAY - 24, CRIME_DAY + 5), 1)])
    first = CRIME_DAY * 1440
    still = trail(first, np.zeros(20), np.zeros(20), np.full(20, 3.0), np.zeros(20))
    window = (first + 12, first + 19 + beyond)
    for scene in ((3_000.0, 0.0), (300.0, 0.0)):
        fast, _presence, _dwell = fast_lr(people, 0, still, window, scene, P)
        assert fast == pytest.approx(slow_lr(people, 0, still, window, scene, P), rel=1e-9)
