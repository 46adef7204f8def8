"""The gate never loses anybody: what it only counts is excluded by reach, whoever asks."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.geodesy import LocalPlane, distance_m, from_e7, to_e7
from tipstaff.matching import gate
from tipstaff.matching.exclusion import EXCLUSION_V1, judge_pairs
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.gate_gaps import sort_out
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.trails import DOUBT_CLOCK, DOUBT_CONFLICT, Scenes, Trails
from tipstaff.matching.trust import judge_fixes, sound_fixes

SECOND = 1_000_000
MINUTE = 60 * SECOND
#: 00:10 on some day: half-hours and hours are crossed at odd places.
BEGIN = 20_000 * 86_400 * SECOND + 10 * MINUTE


def trail_of(
    t_us: np.ndarray,
    east: np.ndarray,
    north: np.ndarray,
    plane: LocalPlane,
    mechanism: np.ndarray | int = 1,
    doubt: np.ndarray | int = 0,
    radius: np.ndarray | float = 8.0,
    active: tuple[tuple[int, int], ...] = ((0, 2**60),),
) -> Trails:
    count = len(t_us)
    lat, lon = plane.to_degrees(east, north)
    return Trails(
        wearers=("w",),
        offsets=np.array([0, count]),
        t_us=np.asarray(t_us, np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.full(count, radius, np.float64) if np.isscalar(radius) else radius,
        mechanism=np.broadcast_to(np.asarray(mechanism, np.int8), count).copy(),
        doubt=np.broadcast_to(np.asarray(doubt, np.int8), count).copy(),
        active_offsets=np.array([0, len(active)]),
        active_from_us=np.array([a for a, _ in active], np.int64),
        active_to_us=np.array([b for _, b in active], np.int64),
    )


def scene_of(place: tuple[float, float], start: int, end: int, rounding: float = 1.0) -> Scenes:
    return Scenes(
        index=np.array([0]),
        latitude=np.array([place[0]], np.float64),
        longitude=np.array([place[1]], np.float64),
        rounding_m=np.array([rounding]),
        start_us=np.array([start]),
        end_us=np.array([end]),
    )


def class_of(trails: Trails, scenes: Scenes) -> int:
    sound = sound_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    return int(gate.classify(trails, scenes, gate.slots_of(trails, sound))[0, 0])


def second_class_of(trails: Trails, scenes: Scenes) -> int:
    """The class after the second look, at the gaps."""
    sound = sound_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    slots = gate.slots_of(trails, sound)
    classes = gate.classify(trails, scenes, slots)
    trusted = judge_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust).trusted
    sort_out(trails, scenes, slots, trusted, EXCLUSION_V1, classes)
    return int(classes[0, 0])


def decided(trails: Trails, scenes: Scenes) -> DecidedBy:
    zero = np.array([0])
    verdicts = judge_pairs(trails, scenes, zero, zero, ERROR_MODEL_V1, EXCLUSION_V1, EXCURSIONS_V1)
    return DecidedBy(int(verdicts.decided[0]))


class Columns(NamedTuple):
    """The fixes of a walk."""

    t_us: np.ndarray
    east: np.ndarray
    north: np.ndarray
    mechanism: np.ndarray
    doubt: np.ndarray
    radius: np.ndarray


#: Things that go wrong with some of a walk's fixes: the column and what it is set to.
SPOILT = {
    "network": ("mechanism", 5),
    "unnamed": ("mechanism", 0),
    "conflict": ("doubt", DOUBT_CONFLICT),
    "clock": ("doubt", DOUBT_CLOCK),
    "unstated": ("radius", np.nan),
    "wide": ("radius", 5000.0),
}


def spoil(draw: st.DrawFn, fix: Columns) -> np.ndarray:
    """Spoil some fixes of a walk in one way, in place; which are kept."""
    count = len(fix.t_us)
    at = draw(st.integers(0, count - 1))
    some = slice(at, at + draw(st.sampled_from([1, 8, 30, count])))
    if draw(st.booleans()) and some.stop >= count:
        some = slice(0, at)
    kept = np.ones(count, np.bool_)
    wrong = draw(st.sampled_from(["nothing", "gap", "held", "back", "jump", "far", *SPOILT]))
    event(wrong)
    if wrong in SPOILT:
        name, value = SPOILT[wrong]
        getattr(fix, name)[some] = value
    elif wrong == "gap":
        kept[at : at + draw(st.integers(1, 40))] = False
    elif wrong in {"held", "back"}:  # a place held, or come back to again and again
        every = slice(some.start, some.stop, 1 if wrong == "held" else 2)
        fix.east[every], fix.north[every] = fix.east[at], fix.north[at]
    elif wrong == "jump":
        fix.east[at:] += draw(st.sampled_from([2_000.0, 9_000.0]))
    elif wrong == "far":
        fix.east[at] += draw(st.sampled_from([-15_000.0, 2_000.0]))
    return kept


@st.composite
def walks(draw: st.DrawFn) -> tuple[Trails, Scenes]:
    """Five hours far from the scene, mostly regular, with one thing or another wrong."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cadence = draw(st.sampled_from([30, 60, 60, 120, 235, 241]))
    count = 5 * 3600 // cadence
    t = BEGIN + np.cumsum(cadence * SECOND + rng.integers(-2, 3, count) * SECOND)
    step = draw(st.sampled_from([3.0, 50.0, 200.0]))
    east, north = np.cumsum(rng.normal(0.0, step, (2, count)), axis=1)
    fix = Columns(
        t, east, north, np.ones(count, np.int8), np.zeros(count, np.int8), np.full(count, 8.0)
    )
    kept = spoil(draw, fix)
    plane = LocalPlane(52.6, draw(st.sampled_from([-0.7, 179.95, -179.99])))
    start = int(t[0]) + draw(st.sampled_from([-40, 5, *range(20, 300, 7)])) * MINUTE
    end = start + draw(st.sampled_from([0, 5, 30, 90])) * MINUTE
    far = draw(st.sampled_from([500.0, 9_000.0, 12_000.0, 21_500.0, *[26_000.0] * 3, 60_000.0]))
    angle = draw(st.floats(0, 6.3))
    place = plane.to_degrees(far * np.cos(angle), far * np.sin(angle))
    middle = (start + end) // 2
    active = draw(
        st.sampled_from(
            [
                *[((0, 2**60),)] * 6,
                ((0, middle), (middle, 2**60)),
                ((0, middle), (middle + MINUTE, 2**60)),
                ((middle, 2**60),),
                ((end + 1, 2**60),),
            ]
        )
    )
    left = Columns(*(column[kept] for column in fix))
    trails = trail_of(
        left.t_us, left.east, left.north, plane, left.mechanism, left.doubt, left.radius, active
    )
    rounding = draw(st.sampled_from([1.0, 100.0, 1000.0]))
    return trails, scene_of((float(place[0]), float(place[1])), start, end, rounding)


@settings(deadline=None, max_examples=600)
@given(walks())
def test_far_beyond_is_excluded_by_reach(world: tuple[Trails, Scenes]) -> None:
    trails, scenes = world
    found = class_of(trails, scenes)
    event(f"class {found}")
    if found == gate.FAR_BEYOND:
        assert decided(trails, scenes) == DecidedBy.REACH


@settings(deadline=None, max_examples=600)
@given(walks())
def test_the_second_look_counts_only_whom_reach_excludes(world: tuple[Trails, Scenes]) -> None:
    trails, scenes = world
    before, after = class_of(trails, scenes), second_class_of(trails, scenes)
    event(f"{before} to {after}")
    if after == gate.FAR_BEYOND:
        assert decided(trails, scenes) == DecidedBy.REACH
    else:
        assert after == before


@settings(deadline=None, max_examples=300)
@given(walks())
def test_the_classes_agree_with_brute_force(world: tuple[Trails, Scenes]) -> None:
    trails, scenes = world
    start, end = int(scenes.start_us[0]), int(scenes.end_us[0])
    found = class_of(trails, scenes)
    away = distance_m(
        scenes.latitude[0], scenes.longitude[0], from_e7(trails.lat_e7), from_e7(trails.lon_e7)
    )
    padded = (trails.t_us >= start - 10 * MINUTE) & (trails.t_us <= end + 10 * MINUTE)
    inside = (trails.t_us >= start) & (trails.t_us <= end)
    active = (trails.active_from_us <= end) & (trails.active_to_us > start)
    if not active.any():
        assert found == gate.NOT_SEARCHED
    elif (away[padded] < 9_900.0).any():  # the gate's map is flat: 1% either way
        assert found == gate.NEAR
    elif found == gate.FAR_BEYOND:  # whether or not a short window has a fix in it
        assert padded.any()
        assert (away[padded] > 20_000.0).all()
    elif not (away[padded] < 10_100.0).any():
        assert found == (gate.BEYOND if inside.any() else gate.UNSEEN)


def regular(minutes: int = 240) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    t = BEGIN + np.arange(minutes, dtype=np.int64) * MINUTE
    away = 3.0 * np.arange(minutes)
    return t, away, away


PLANE = LocalPlane(52.6, -0.7)


def far_scene(east: float = 40_000.0) -> Scenes:
    place = PLANE.to_degrees(east, 0.0)
    start = BEGIN + 100 * MINUTE
    return scene_of((float(place[0]), float(place[1])), start, start + 10 * MINUTE)


def test_a_regular_trail_far_off_is_far_beyond() -> None:
    assert class_of(trail_of(*regular(), PLANE), far_scene()) == gate.FAR_BEYOND


@pytest.mark.parametrize(
    ("mechanism", "radius"),
    [(5, 8.0), (6, 8.0), (0, 8.0), (1, 500.0)],
    ids=["LBS", "WIFI", "unnamed", "a radius too wide to trust"],
)
def test_fixes_that_clear_nobody_do_not_make_a_trail_regular(mechanism: int, radius: float) -> None:
    trails = trail_of(*regular(), PLANE, mechanism=mechanism, radius=radius)
    assert class_of(trails, far_scene()) == gate.BEYOND
    assert decided(trails, far_scene()) != DecidedBy.REACH


@pytest.mark.parametrize("first", [True, False], ids=["satellite first", "satellite last"])
def test_network_fixes_before_or_after_satellite_ones_are_no_cover(first: bool) -> None:
    t, east, north = regular()
    network = (np.arange(len(t)) < 130) != first
    trails = trail_of(t, east, north, PLANE, mechanism=np.where(network, 5, 1))
    assert class_of(trails, far_scene()) == gate.BEYOND


def test_a_doubtful_clock_an_hour_off_leaves_nobody_out() -> None:
    t, east, north = regular()
    doubt = np.where(np.arange(len(t)) == 45, DOUBT_CLOCK, 0)
    trails = trail_of(t, east, north, PLANE, doubt=doubt)
    assert decided(trails, far_scene()) == DecidedBy.CLOCK
    assert class_of(trails, far_scene()) == gate.BEYOND


def test_each_wearer_is_classed_alone() -> None:
    t, east, north = regular()
    one = trail_of(t, east, north, PLANE)
    two = replace(
        one,
        wearers=("v", "w", "x"),
        offsets=np.array([0, len(t), len(t), 2 * len(t)]),
        t_us=np.tile(t, 2),
        lat_e7=np.tile(one.lat_e7, 2),
        lon_e7=np.concatenate([one.lon_e7, one.lon_e7 + to_e7(0.59)]),
        radius_m=np.tile(one.radius_m, 2),
        mechanism=np.tile(one.mechanism, 2),
        doubt=np.tile(one.doubt, 2),
        active_offsets=np.array([0, 1, 2, 3]),
        active_from_us=np.zeros(3, np.int64),
        active_to_us=np.full(3, 2**60),
    )
    slots = gate.slots_of(two, sound_fixes(two, ERROR_MODEL_V1, EXCLUSION_V1.trust))
    classes = gate.classify(two, far_scene(), slots)[0].tolist()
    assert classes == [gate.FAR_BEYOND, gate.UNSEEN, gate.NEAR]
