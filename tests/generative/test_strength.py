"""Strength agrees with its slow reference, is 1 without fixes, and averages to 1 over g."""

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
    life_of,
    mercator,
    minutes_by_mark,
    slow_lr,
    summary,
    trail,
)

from tipstaff.matching.alternative import alternative
from tipstaff.matching.dwell import DwellLaw
from tipstaff.matching.groups import weighed_for
from tipstaff.matching.minutes import Minutes
from tipstaff.matching.strength import StrengthParameters
from tipstaff.matching.strength_reference import alternative as slow_alternative
from tipstaff.matching.strength_reference import (
    background,
    density,
    familiarity,
    is_known,
    mixture,
)
from tipstaff.patterns.cells import ground_scale

P = StrengthParameters()
PLACES = [(0.0, 0.0), (900.0, 300.0), (-2500.0, 1200.0), (40.0, -35.0)]
PEOPLE = People.of(
    [
        summary(PLACES[0], PLACES[1], range(CRIME_DAY - 30, CRIME_DAY + 1), 1),
        summary(PLACES[3], PLACES[2], range(CRIME_DAY - 30, CRIME_DAY + 5), 2),
        summary(PLACES[2], PLACES[0], range(CRIME_DAY - 9, CRIME_DAY + 4), 3),  # too few days
    ]
)


@st.composite
def trails(draw: st.DrawFn, *, first: int | None = None) -> Minutes:
    """Up to an hour of minutes: still or walking from one of the places, with gaps."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.sampled_from([20, 30, 60]))
    begin = CRIME_DAY * 1440 + 10 * draw(st.integers(0, 137)) if first is None else first
    place = draw(st.sampled_from([*PLACES, (200.0, 100.0), (30_000.0, 0.0)]))
    step = draw(st.sampled_from([0.0, 0.5, 60.0]))
    sigma = draw(st.sampled_from([2.0, 8.0, 60.0, 900.0]))
    near = rng.choice(
        [0.0, 0.5, 3.0, 40.0, 1e9],
        count,
        p=draw(
            st.sampled_from(
                [[0.5, 0.5, 0.0, 0.0, 0.0], [0.3, 0.3, 0.2, 0.1, 0.1], [0.0, 0.0, 0.0, 0.1, 0.9]]
            )
        ),
    )
    return trail(
        begin,
        place[0] + np.cumsum(rng.normal(0.0, step, count)),
        place[1] + np.cumsum(rng.normal(0.0, step, count)),
        np.full(count, sigma) * rng.choice([1.0, 1.02, 1.5], count),
        near,
    )


@settings(deadline=None, max_examples=100)
@given(
    trails(),
    st.integers(0, 2),
    st.tuples(st.integers(0, 12), st.integers(0, 6)),
    st.sampled_from([*PLACES, (100.0, 0.0), (0.0, 600.0), (31_000.0, 0.0)]),
    st.sampled_from(
        [
            P,
            replace(P, stay_min=1, extra_sigma_m=15.0),
            replace(P, stay_min=5),
            replace(P, dwell=DwellLaw()),
            replace(P, dwell=DwellLaw((1, 3, 6), ((0.2, 1.5, 4.0), (0.5, 2.0, 3.0), (1, 9, 0.3)))),
            replace(P, dwell=DwellLaw((2, 10), ((3.0, 0.5),) * 3, 400.0, 40.0, 1.0)),
        ]
    ),
)
def test_the_kernels_agree_with_the_reference(
    minutes: Minutes,
    who: int,
    span: tuple[int, int],
    scene: tuple[float, float],
    parameters: StrengthParameters,
) -> None:
    window = (minutes.first + 3 + span[0], minutes.first + 3 + span[0] + span[1])
    fast, presence, dwell = fast_lr(PEOPLE, who, minutes, window, scene, parameters)
    slow = slow_lr(PEOPLE, who, minutes, window, scene, parameters)
    event("> 2" if slow > 2 else "< 0.5" if slow < 0.5 else "about 1")
    assert fast == pytest.approx(slow, rel=1e-9, abs=0)
    assert 0.0 <= presence <= 1.0
    assert 0.0 <= dwell <= span[1] + 1


@settings(deadline=None, max_examples=100)
@given(trails(), st.integers(0, 2), st.sampled_from(PLACES), st.integers(0, 30))
def test_no_fixes_within_reach_gives_exactly_one(
    minutes: Minutes, who: int, scene: tuple[float, float], length: int
) -> None:
    silent = minutes._replace(near_min=np.full(len(minutes.x), np.float32(1e9)))
    window = (minutes.first + 2, minutes.first + 2 + length)
    assert fast_lr(PEOPLE, who, silent, window, scene, P) == (1.0, 0.0, 0.0)
    # ... and so does a window that lies wholly outside the states
    beyond = (minutes.first + 5000, minutes.first + 5000 + length)
    assert fast_lr(PEOPLE, who, minutes, beyond, scene, P) == (1.0, 0.0, 0.0)
    assert slow_lr(PEOPLE, who, silent, window, scene, P) == 1.0


def grid(reach_m: float, step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Places (Mercator) in the middles of squares `step_m` wide round the first place."""
    along = np.arange(-reach_m + step_m / 2, reach_m, step_m)
    east, north = np.meshgrid(along, along)
    return mercator(east.ravel(), north.ravel())


@pytest.mark.parametrize(("who", "sigma"), [(0, 30.0), (1, 80.0), (2, 60.0)])
def test_the_ratio_averages_to_one_over_usual_life(who: int, sigma: float) -> None:
    """Σ g·R = 1, to rounding, where Z is the quadrature of the very same g."""
    life, parts = life_of(PEOPLE, who), []
    step = 80.0
    x, y = grid(400.0, step)
    shares = [float(s) for s in P.background.as_row()]
    g = np.array(
        [
            mixture(background(life, float(a), float(b), 0.0, 750), shares, known=is_known(life))
            for a, b in zip(x, y, strict=True)
        ]
    )
    g /= g.sum() * step**2  # usual life, had it to be somewhere on this grid
    scale = float(ground_scale(float(y.mean())))
    for seen in (0, 90, len(x) - 1):
        d2 = ((x - x[seen]) ** 2 + (y - y[seen]) ** 2) * scale**2
        h = np.array([density(float(d), sigma**2, P) for d in d2])
        z = float((g * h).sum() * step**2)
        parts.append(float((g * h / z).sum() * step**2))
        fade = 0.3
        assert (g * (fade + (1 - fade) * h / z)).sum() * step**2 == pytest.approx(1.0, abs=1e-9)
    assert parts == pytest.approx([1.0] * 3, abs=1e-9)


def fast_z(who: int, x: float, y: float, variance: float, minute: int) -> float:
    """Z by the kernels, of a core without a gross part."""
    routine = PEOPLE.routines[who]
    total = np.zeros(1)
    weighed = weighed_for(routine, CRIME_DAY)
    shares = P.background.as_row()
    alternative(x, y, variance, minute, routine, PEOPLE.area, weighed, shares, 0.0, 0.0, total)
    return float(total[0])


#: One look-up stands for ∫ g·h. The look-up's blur, by EVIDENCE's rule, has between 1 and 4 times
#: the variance V + 20² of what it stands for, and the coarse scale of g is blurred again: within
#: these bounds is what that costs at home, at work and on the way.
LOWEST, HIGHEST = 0.25, 2.5


@pytest.mark.parametrize("who", [0, 1, 2])
@pytest.mark.parametrize("sigma", [10.0, 40.0])
@pytest.mark.parametrize("minute", [180, 720])
def test_one_look_up_stands_for_the_integral(who: int, sigma: float, minute: int) -> None:
    step = max(10.0, sigma / 2)
    ratios = []
    for east, north in ((0.0, 0.0), (120.0, 40.0), (300.0, -200.0)):
        along = np.arange(-4 * sigma + step / 2, 4 * sigma, step)
        dx, dy = np.meshgrid(along, along)
        x, y = mercator(east + dx.ravel(), north + dy.ravel())
        g = np.array([fast_z(who, a, b, 0.0, minute) for a, b in zip(x, y, strict=True)])
        h = np.exp(-(dx**2 + dy**2).ravel() / (2 * sigma**2))
        centre = mercator(east, north)
        z = fast_z(who, float(centre[0]), float(centre[1]), sigma**2, minute)
        ratios.append(z / float((g * h).sum() / h.sum()))
    assert min(ratios) > LOWEST
    assert max(ratios) < HIGHEST


@settings(deadline=None, max_examples=40)
@given(trails(), st.integers(0, 2), st.data())
def test_the_alternative_agrees_with_the_reference(
    minutes: Minutes, who: int, data: st.DataObject
) -> None:
    k = data.draw(st.integers(0, len(minutes.x) - 1))
    minute = minutes_by_mark(minutes)[minutes.first + k]
    if minute.near_min > 1000:
        return
    routine, total = PEOPLE.routines[who], np.zeros(1)
    familiar = alternative(
        minute.x,
        minute.y,
        minute.variance + P.extra_sigma_m**2,
        minute.local_minute,
        routine,
        PEOPLE.area,
        weighed_for(routine, CRIME_DAY),
        P.background.as_row(),
        P.gross_share,
        P.gross_sigma_m**2,
        total,
    )
    assert total[0] > 0.0
    assert familiar == pytest.approx(familiarity(life_of(PEOPLE, who), minute, P), abs=1e-9)
    assert total[0] == pytest.approx(slow_alternative(life_of(PEOPLE, who), minute, P), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(trails(), st.integers(0, 2), st.sampled_from(PLACES))
def test_a_ratio_never_falls_below_what_a_wrong_tag_leaves(
    minutes: Minutes, who: int, scene: tuple[float, float]
) -> None:
    window = (minutes.first + 2, minutes.first + 10)
    lr, _presence, _dwell = fast_lr(PEOPLE, who, minutes, window, scene, P)
    assert lr >= PI
    assert np.isfinite(lr)
