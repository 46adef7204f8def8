"""Ruling out agrees with its slow reference, and what it clears stays cleared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.matching import exclusion_reference as oracle
from tipstaff.matching.exclusion import EXCLUSION_V1, Verdicts, judge_pairs
from tipstaff.matching.excursions import APART_M, LENGTHS_S, ONE, PATHS_M, Excursions
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.trails import Scenes, Trails
from tipstaff.matching.trust import judge_fixes

MINUTE = 60_000_000
EXCLUDED = {DecidedBy.REACH, DecidedBy.TRAIL}
PLACE = LocalPlane(52.6, -0.7)


def steep_table() -> Excursions:
    """A table in which a minute by a path of a kilometre is rare and half an hour is not."""
    length, apart, path = np.meshgrid(
        np.array(LENGTHS_S), np.array(APART_M), np.array(PATHS_M), indexing="ij"
    )
    share = np.exp(-4.0 * np.maximum(0.0, path - apart) / (2.0 * length))
    parts = np.maximum(1, np.ceil(share * ONE)).astype(np.int64)
    parts = np.minimum.accumulate(parts, axis=2)
    return Excursions(
        "test", np.stack([parts, np.maximum(1, parts // 7), np.maximum(1, parts // 60)])
    )


TABLE = steep_table()


@st.composite
def walks(draw: st.DrawFn) -> tuple[Trails, Scenes]:
    """One wearer's random walk, with gaps, jumps, held places, doubts; and a scene near it."""
    count = draw(st.sampled_from([0, 40, 60, 80, 80, 100, 120]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cadence = draw(st.sampled_from([30, *[60] * 6, 120, 400]))
    gaps = np.where(rng.random(count) < draw(st.sampled_from([0.0, 0.0, 0.0, 0.05])), 900, cadence)
    t = np.cumsum(gaps * 1_000_000 + rng.integers(-3, 4, count) * 1_000_000)
    step = draw(st.sampled_from([2.0, 2.0, 40.0, 300.0]))
    east, north = np.cumsum(rng.normal(0.0, step, (2, count)), axis=1)
    jumps = rng.random(count) < draw(st.sampled_from([0.0, 0.0, 0.05]))
    east = east + jumps * draw(st.sampled_from([400.0, 6000.0]))
    held = rng.random(count) < draw(st.sampled_from([0.0, 0.3, 0.9]))
    for k in np.flatnonzero(held[1:]) + 1:
        east[k], north[k] = east[k - 1], north[k - 1]
    lat, lon = PLACE.to_degrees(east, north)
    network = rng.random(count) < draw(st.sampled_from([0.0, 0.0, 0.0, 0.2, 0.2, 1.0]))
    span = int(t[-1]) if count else 60 * MINUTE
    share = draw(st.sampled_from([0.2, 0.4, 0.4, 0.4, 0.5, 1.0]))
    start = int(share * span) // MINUTE * MINUTE
    far = draw(st.sampled_from([300.0, 700.0, 1500.0, 4000.0, 7000.0, 20000.0]))
    angle = draw(st.floats(0, 6.3))
    scene = PLACE.to_degrees(far * np.cos(angle), far * np.sin(angle))
    trails = Trails(
        wearers=("w",),
        offsets=np.array([0, count]),
        t_us=np.asarray(t, dtype=np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=rng.choice([5.0, 20.0, np.nan, 90.0], count, p=[0.7, 0.2, 0.05, 0.05]),
        mechanism=np.where(network, 5, 1).astype(np.int8),
        doubt=rng.choice(
            np.array([0, 1, 2], dtype=np.int8),
            count,
            p=draw(st.sampled_from([*[(1.0, 0.0, 0.0)] * 4, (0.95, 0.05, 0.0), (0.98, 0.0, 0.02)])),
        ),
        active_offsets=np.array([0, 1]),
        active_from_us=np.array([draw(st.sampled_from([*[-1] * 9, span // 2]))]),
        active_to_us=np.array([span + 10 * MINUTE]),
    )
    scenes = Scenes(
        index=np.array([0]),
        latitude=np.atleast_1d(scene[0]),
        longitude=np.atleast_1d(scene[1]),
        rounding_m=np.array([1.0]),
        start_us=np.array([start]),
        end_us=np.array([start + draw(st.integers(0, 15)) * MINUTE]),
    )
    return trails, scenes


def judge(trails: Trails, scenes: Scenes) -> Verdicts:
    zero = np.array([0])
    return judge_pairs(trails, scenes, zero, zero, ERROR_MODEL_V1, EXCLUSION_V1, TABLE)


def without(trails: Trails, kept: NDArray[np.bool_]) -> Trails:
    return replace(
        trails,
        offsets=np.array([0, int(kept.sum())]),
        t_us=trails.t_us[kept],
        lat_e7=trails.lat_e7[kept],
        lon_e7=trails.lon_e7[kept],
        radius_m=trails.radius_m[kept],
        mechanism=trails.mechanism[kept],
        doubt=trails.doubt[kept],
    )


@settings(deadline=None, max_examples=400)
@given(walks())
def test_kernel_agrees_with_the_reference(world: tuple[Trails, Scenes]) -> None:
    trails, scenes = world
    fast = judge(trails, scenes)
    judged = judge_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    slow = oracle.judge_pair(trails, scenes, (0, 0), judged, EXCLUSION_V1, TABLE)
    event(slow.decided.name)
    assert DecidedBy(int(fast.decided[0])) == slow.decided
    if slow.decided == DecidedBy.FRAGILE:  # the kernel stops at the first removal that breaks it
        assert EXCLUSION_V1.bound <= fast.bound[0] <= slow.bound
    else:
        assert fast.bound[0] == slow.bound
    assert np.isclose(fast.coverage[0], slow.coverage, rtol=0, atol=1e-12)
    assert np.allclose(fast.nearest_m[0], slow.nearest_m, rtol=1e-9, equal_nan=True)


@settings(deadline=None, max_examples=150)
@given(walks())
def test_an_exclusion_stands_after_every_removal(world: tuple[Trails, Scenes]) -> None:
    trails, scenes = world
    if DecidedBy(int(judge(trails, scenes).decided[0])) not in EXCLUDED:
        return
    judged = judge_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    pad, longest = 600_000_000, 3_600_000_000
    question = oracle.Question(
        int(scenes.start_us[0]) - pad, int(scenes.end_us[0]) + pad, EXCLUSION_V1, TABLE
    )
    trail = [
        each
        for each in oracle.with_stays(oracle.witnesses(trails, scenes, 0, 0, judged, 0.999))
        if each.trusted and question.first_us - longest <= each.t_us <= question.last_us + longest
    ]
    event("excluded")
    for left in oracle.removals(trail, 300_000_000):
        assert oracle.core_parts(left, question) < ONE // 1000


@settings(deadline=None, max_examples=150)
@given(walks(), st.data())
def test_an_untrusted_fix_never_creates_an_exclusion(
    world: tuple[Trails, Scenes], data: st.DataObject
) -> None:
    trails, scenes = world
    untrusted = np.flatnonzero((trails.mechanism != 1) | (trails.doubt != 0))
    if untrusted.size == 0:
        return
    gone = data.draw(st.sampled_from(untrusted.tolist()))
    kept = np.arange(trails.t_us.size) != gone
    before = DecidedBy(int(judge(without(trails, kept), scenes).decided[0]))
    after = DecidedBy(int(judge(trails, scenes).decided[0]))
    if after in EXCLUDED:
        assert before in EXCLUDED
