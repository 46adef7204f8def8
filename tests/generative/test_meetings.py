"""Meetings found by cells and minutes are those that a look at every pair of ways finds."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.geodesy import distance_m, from_mercator, to_mercator
from tipstaff.patterns.meetings import JOIN_US, MeetingRules, meetings
from tipstaff.patterns.ways import scales

MINUTE = 60_000_000
BASE = 1_772_000_000_000_000


def slowly(
    wearer: Any, t: Any, x: Any, y: Any, rules: MeetingRules
) -> list[tuple[int, int, int, int]]:
    """Every pair, every two of their ways that share time, a root each; then joined."""
    found = []
    ways: dict[int, list[int]] = {}
    for i in range(len(t) - 1):
        if wearer[i] == wearer[i + 1] and t[i + 1] - t[i] <= rules.gap_s * 1e6:
            ways.setdefault(int(wearer[i]), []).append(i)
    for a, b in combinations(sorted(ways), 2):
        near: list[list[int]] = []
        for i in ways[a]:
            for j in ways[b]:
                low, high = max(t[i], t[j]), min(t[i + 1], t[j + 1])
                if low < high:
                    near += [[*one] for one in _near(i, j, low, high, t, x, y, rules.distance_m)]
        joined: list[list[int]] = []
        for one in sorted(near):
            if joined and one[0] - joined[-1][1] <= JOIN_US:
                joined[-1][1] = max(joined[-1][1], one[1])
            else:
                joined.append(one)
        found += [(a, b, *one) for one in joined if one[1] - one[0] >= rules.least_s * 1e6]
    return found


def _near(i: int, j: int, low: int, high: int, t: Any, x: Any, y: Any, d: float) -> list[Any]:
    east, north = scales(y[i], y[i + 1], y[j], y[j + 1])

    def apart(when: float) -> tuple[float, float]:
        p = [
            v[k] + (v[k + 1] - v[k]) * (when - t[k]) / (t[k + 1] - t[k])
            for v in (x, y)
            for k in (i, j)
        ]
        return float(east * (p[0] - p[1])), float(north * (p[2] - p[3]))

    (x0, y0), (x1, y1) = apart(low), apart(high)
    wx, wy = x1 - x0, y1 - y0
    roots = np.roots([wx * wx + wy * wy, 2 * (x0 * wx + y0 * wy), x0 * x0 + y0 * y0 - d * d])
    real = sorted(float(r.real) for r in np.atleast_1d(roots) if abs(r.imag) < 1e-12)
    if len(real) < 2:
        return [(low, high)] if np.hypot(x0, y0) <= d and np.hypot(x1, y1) <= d else []
    first, last = max(0.0, real[0]), min(1.0, real[1])
    if first > last:
        return []
    return [(low + round(first * (high - low)), low + round(last * (high - low)))]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Any, ...]:
    """A few wearers about one place, each with fixes at times of their own, some far apart."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    middle = draw(st.sampled_from([(52.92, -1.47), (-0.0005, 0.0), (66.0, 24.0)]))
    wearer, t, lat, lon = [], [], [], []
    for number in range(draw(st.integers(1, 5))):
        steps = chance.choice([20, 55, 60, 120, 700], draw(st.integers(2, 25))) * 1_000_000
        times = BASE + int(chance.integers(0, 10)) * MINUTE + np.cumsum(steps)
        walk = np.cumsum(chance.normal(0, draw(st.sampled_from([5, 40, 400])), (len(times), 2)), 0)
        wearer += [number] * len(times)
        t += list(times)
        lat += list(middle[0] + walk[:, 0] / 111_000)
        lon += list(middle[1] + walk[:, 1] / 70_000)
    x, y = to_mercator(np.array(lat), np.array(lon))
    return np.array(wearer), np.array(t, np.int64), np.asarray(x), np.asarray(y)


@settings(max_examples=150, deadline=None)
@given(lives(), st.sampled_from([20.0, 100.0]), st.sampled_from([1.0, 120.0]))
def test_fast_is_slow(life: tuple[Any, ...], distance: float, least: float) -> None:
    rules = MeetingRules(distance_m=distance, least_s=least, gap_s=600.0)
    found = meetings(*life, rules)
    told = list(zip(found.first, found.second, found.began_us, found.ended_us, strict=True))
    expected = slowly(*life, rules)
    # a time within a few microseconds of `least_s` may be on either side of it
    surely = [one for one in expected if one[3] - one[2] > least * 1e6 + 10]
    assert len(surely) <= len(told) <= len(expected)
    for a, b, began, ended in told:
        assert any(
            (a, b) == one[:2] and abs(began - one[2]) <= 5 and abs(ended - one[3]) <= 5
            for one in expected
        ), (a, b, began, ended, expected)
    assert np.all(found.least_m <= distance + 1e-6)


@settings(max_examples=30, deadline=None)
@given(lives())
def test_the_names_of_wearers_change_nothing(life: tuple[Any, ...]) -> None:
    wearer, t, x, y = life
    last = int(wearer[-1])
    other = np.argsort(last - wearer, kind="stable")
    rules = MeetingRules(least_s=30.0)
    one = meetings(wearer, t, x, y, rules)
    two = meetings((last - wearer)[other], t[other], x[other], y[other], rules)
    turned = sorted(zip(last - two.second, last - two.first, two.began_us, strict=True))
    assert turned == sorted(zip(one.first, one.second, one.began_us, strict=True))


def at(minutes: list[int], place: tuple[float, float]) -> tuple[Any, Any, Any]:
    times = BASE + np.array(minutes) * MINUTE
    return times, np.full(len(times), place[0]), np.full(len(times), place[1])


def together(*people: tuple[Any, Any, Any], **rules: float) -> Any:
    wearer = np.concatenate([np.full(len(p[0]), n) for n, p in enumerate(people)])
    t, lat, lon = (np.concatenate([p[k] for p in people]) for k in range(3))
    x, y = to_mercator(lat, lon)
    return meetings(wearer, t, np.asarray(x), np.asarray(y), MeetingRules(**rules))  # type: ignore[arg-type]


HERE, NEXT = (52.9, -1.5), (52.90036, -1.5)


def test_the_ground_decides_and_not_the_map() -> None:
    apart = float(distance_m(*HERE, *NEXT))
    pair = at(list(range(11)), HERE), at(list(range(11)), NEXT)
    assert len(together(*pair, distance_m=apart + 0.01).first) == 1
    assert len(together(*pair, distance_m=apart - 0.01).first) == 0
    found = together(*pair, distance_m=apart + 0.01)
    assert found.least_m[0] == pytest.approx(apart, rel=2e-5)
    assert found.ended_us[0] - found.began_us[0] == 10 * MINUTE


def test_nothing_is_known_in_a_gap() -> None:
    found = together(at([0, 1, 2, 20, 21, 22], HERE), at(list(range(23)), HERE), least_s=60.0)
    assert list((found.ended_us - found.began_us) // MINUTE) == [2, 2]


def test_one_who_passes_between_fixes_is_met() -> None:
    far = (52.89, -1.5), (52.91, -1.5)
    times = BASE + np.array([0, 5]) * MINUTE
    passing = times, np.array([far[0][0], far[1][0]]), np.array([-1.5, -1.5])
    found = together(at(list(range(6)), HERE), passing, least_s=1.0)
    assert len(found.first) == 1
    assert found.least_m[0] < 1.0


def test_a_crowd_is_told_and_not_followed() -> None:
    people = [at(list(range(11)), HERE) for _ in range(8)]
    found = together(*people, crowd=7)
    assert len(found.first) == 0
    assert set(found.crowd_size) == {8}
    assert len(set(found.crowd_at_us)) in {10, 11}
    where = from_mercator(found.crowd_x[:1], found.crowd_y[:1])
    assert float(distance_m(*HERE, where[0], where[1])[0]) < 300
    assert len(together(*people, crowd=8).first) == 28


def test_fixes_out_of_order_are_a_broken_call() -> None:
    times, lat, lon = at([1, 0], HERE)
    x, y = to_mercator(lat, lon)
    with pytest.raises(ValueError, match="by wearer and time"):
        meetings(np.zeros(2, np.int64), times, np.asarray(x), np.asarray(y), MeetingRules())


def test_nobody_meets_nobody() -> None:
    none = np.empty(0)
    found = meetings(np.empty(0, np.int64), np.empty(0, np.int64), none, none, MeetingRules())
    assert len(found.first) == 0
