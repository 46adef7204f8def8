"""The smoother agrees with its plain form, and does what motion and error ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tipstaff.patterns.motion import (
    NO_FIX_MIN,
    REACH_MIN,
    MotionParameters,
    run_lengths,
    smooth,
)
from tipstaff.patterns.motion_reference import Seen
from tipstaff.patterns.motion_reference import smooth as smooth_slowly

P = MotionParameters()
ORIGIN = (-128_000.0, 6_970_000.0)
SCALE2 = float(np.cosh(ORIGIN[1] / 6_378_137.0) ** 2)


def run(
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    r: np.ndarray,
    one: np.ndarray | None = None,
    marks: int = 60,
    p: MotionParameters = P,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Smooth fixes given in ground metres from the origin; places come back the same way."""
    scale = np.sqrt(SCALE2)
    n = len(t)
    own = r if one is None else one
    fixes = (
        ORIGIN[0] + np.asarray(x, float) * scale,
        ORIGIN[1] + np.asarray(y, float) * scale,
        np.asarray(r, float) * SCALE2,
        np.asarray(own, float) * SCALE2,
        np.full(n, SCALE2),
    )
    mx, my, var, near = smooth(np.asarray(t, float), fixes, marks, p.as_row())
    return (mx - ORIGIN[0]) / scale, (my - ORIGIN[1]) / scale, var, near


@dataclass(frozen=True)
class Day:
    """A day's fixes as the smoother takes them; too many to print."""

    t: np.ndarray = field(repr=False)
    fixes: tuple[np.ndarray, ...] = field(repr=False)
    p: MotionParameters


@st.composite
def days(draw: st.DrawFn) -> Day:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.sampled_from([1, 2, 3, 10, 60, 90]))
    spacing = draw(st.sampled_from([0.5, 1.0, 4.0, 70.0]))
    gaps = rng.exponential(spacing, count)
    if draw(st.booleans()):
        gaps = np.round(gaps)  # fixes on the marks, several of one instant
    t = draw(st.sampled_from([-100.0, -3.0, 0.0, 20.0, 130.0])) + np.cumsum(gaps)
    step = draw(st.sampled_from([0.0, 5.0, 500.0]))
    x, y = np.cumsum(rng.normal(0.0, step, (2, count)), axis=1)
    x = x + (rng.random(count) < 0.05) * draw(st.sampled_from([0.0, 3_000.0, 50_000.0]))
    one = rng.choice([4.0, 100.0, 1e4], count)
    fixes = (
        ORIGIN[0] + x,
        ORIGIN[1] + y,
        one * rng.choice([1.0, 7.0], count) * SCALE2,
        one * SCALE2,
        SCALE2 * (1.0 + 1e-6 * rng.random(count)),
    )
    p = draw(st.sampled_from([P, MotionParameters(1.0, 400.0, 3.0, 0.5, 0.05, 6.0)]))
    return Day(t, fixes, p)


@settings(deadline=None, max_examples=120)
@given(days())
def test_the_kernel_agrees_with_the_plain_form(day: Day) -> None:
    t, fixes, p = day.t, day.fixes, day.p
    x, y, var, near = smooth(t, fixes, 200, p.as_row())
    rows = zip(t, *fixes, strict=True)
    slow = smooth_slowly([Seen(*(float(v) for v in row)) for row in rows], 200, p)
    event(f"{sum(s is None for s in slow) // 40 * 40} minutes and more unseen")
    for k, minute in enumerate(slow):
        if minute is None:
            assert near[k] == NO_FIX_MIN
            continue
        assert near[k] == np.float32(minute.near_min)
        slack = 1e-9 * (abs(ORIGIN[1]) + np.ptp(fixes[0]))  # millimetres
        assert x[k] == pytest.approx(minute.x, rel=0, abs=slack)
        assert y[k] == pytest.approx(minute.y, rel=0, abs=slack)
        assert float(var[k]) == pytest.approx(minute.variance, rel=2e-7)  # held as float32


def test_runs_of_equal_coordinates_are_counted() -> None:
    lat = np.array([1, 1, 1, 2, 1, 1, 3], np.int32)
    lon = np.array([5, 5, 5, 5, 5, 6, 6], np.int32)
    assert run_lengths(lat, lon).tolist() == [3, 3, 3, 1, 1, 1, 1]
    assert run_lengths(lat[:0], lon[:0]).tolist() == []


def test_no_fixes_give_no_state() -> None:
    none = np.zeros(0)
    assert (run(none, none, none, none)[3] == NO_FIX_MIN).all()


def test_beyond_the_reach_there_is_no_state() -> None:
    near = run(np.zeros(1), np.zeros(1), np.zeros(1), np.full(1, 25.0), marks=300)[3]
    assert near[int(REACH_MIN)] == REACH_MIN
    assert (near[int(REACH_MIN) + 1 :] == NO_FIX_MIN).all()


def test_spread_grows_into_a_gap_and_shrinks_out_of_it() -> None:
    t = np.concatenate([np.arange(20.0), 60.0 + np.arange(20.0)])
    zero = np.zeros(len(t))
    _x, _y, var, near = run(t, zero, zero, np.full(len(t), 25.0), marks=80)
    assert (np.diff(var[20:39]) > 0).all()
    assert (np.diff(var[42:60]) < 0).all()
    assert near.max() == 20.5 - 0.5
    assert var[39] > 20 * var[10]


def test_one_gross_fix_hardly_moves_the_answer() -> None:
    t = np.arange(60.0)
    x = np.zeros(60)
    x[30] = 20_000.0
    moved = run(t, x, np.zeros(60), np.full(60, 25.0))[0]
    assert np.abs(moved[[25, 35]]).max() < 5.0
    assert np.abs(moved[30]) < 100.0


def test_a_repeated_coordinate_is_worth_one_fix() -> None:
    t = np.arange(30.0)
    zero = np.zeros(30)
    run_of_one = run(t, zero, zero, np.full(30, 25.0 * 30), np.full(30, 25.0), marks=30)[2]
    witnesses = run(t, zero, zero, np.full(30, 25.0), marks=30)[2]
    assert run_of_one[15] > 2 * witnesses[15]


def test_many_fixes_never_know_better_than_the_floor() -> None:
    t = np.arange(240.0) / 4
    zero = np.zeros(240)
    var = run(t, zero, zero, np.full(240, 100.0))[2]
    # past and future each stop at the floor; together they may halve it
    assert var.min() >= 0.5 * P.floor * 100.0 * 0.99


def test_time_turned_round_gives_the_same_places() -> None:
    rng = np.random.default_rng(5)
    t = np.arange(41.0) + 0.5  # none on a mark: past and future share the fixes evenly
    x, y = np.cumsum(rng.normal(0, 60, (2, 41)), axis=1)
    r = rng.choice([25.0, 400.0], 41)
    there = run(t, x, y, r, marks=43)
    back = run(42.0 - t[::-1], x[::-1], y[::-1], r[::-1], marks=43)
    for a, b in zip(there, back, strict=True):
        assert np.allclose(a, b[::-1], rtol=1e-6, atol=1e-6)
