"""Who may be searched, heeded by the match: any mask, against the plainest reading of it.

A pair that is not permitted is as if it had never been asked about; a wearer of whom no fix may be
read is, for everybody else's answer, not there.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matched_worlds import Input, bytes_of, input_of

from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import from_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.engines.run import MatchRun, run_match
from tipstaff.matching import match as match_module
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.inputs import Worn
from tipstaff.matching.loading import Loaded, load
from tipstaff.matching.match import Answers, match
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.readable import readable
from tipstaff.matching.results import crime_rows
from tipstaff.matching.trails import Scenes
from tipstaff.simulation.world import World, WorldPlan, simulate

REASONS = ("permitted", "one", "two")
WEARERS = 5
QUICK = MatchParameters(with_intervals=False)
few = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def world() -> World:
    return simulate(WorldPlan(
        seed=3, wearers=WEARERS, days=24, first_crime_day=20, crimes_by_wearers=4,
        crimes_by_others=1, start=datetime(2026, 5, 4, tzinfo=UTC),
    ))  # fmt: skip


@cache
def given_world() -> Input:
    return input_of(world())


@cache
def loaded() -> Loaded:
    given_ = given_world()
    rows = DuckdbEngine().ordered_fixes(given_.loose.table, given_.worn.table)
    return load(rows, given_.worn.wearers, given_.worn.active)


def crimes() -> list[Crime]:
    return sorted(world().crimes, key=lambda crime: crime.key)


def answers(codes: Any, answered: Any = None) -> Answers:
    """The match under a mask (C, W)."""
    everyone = np.ones(WEARERS, np.bool_) if answered is None else answered
    permits = Permits(codes.astype(np.int8), REASONS, everyone)
    return match(loaded().trails, crimes(), QUICK, EXCURSIONS_V1, permits=permits)


@cache
def of_everybody() -> Answers:
    return match(loaded().trails, crimes(), QUICK, EXCURSIONS_V1)


@cache
def shape() -> tuple[int, int]:
    return len(world().crimes), len(given_world().worn.wearers)


def mask(seed: int) -> Any:
    """Codes (C, W), three in five of them permitted."""
    return np.random.default_rng(seed).choice([0, 0, 0, 1, 2], shape())


masks = st.integers(0, 2**32).map(mask)


def monitored(crime: Crime, wearer: int) -> bool:
    """Whether an activation of the wearer overlaps the window, read plainly."""
    offsets, first, last = given_world().worn.active
    own = range(int(offsets[wearer]), int(offsets[wearer + 1]))
    return any(
        from_micros(int(first[a])) <= crime.end and from_micros(int(last[a])) > crime.start
        for a in own
    )


def by_pair(found: Answers) -> dict[tuple[int, int], tuple[float, ...]]:
    """Everything an answer says of a pair but how many might match by chance."""
    columns = (found.code, found.raw_log10, found.presence, found.dwell_s, found.fixes_near)
    return {
        (int(found.scenes.index[s]), int(w)): tuple(float(c[i]) for c in columns)
        for i, (s, w) in enumerate(zip(found.scene, found.wearer, strict=True))
    }


@few
@given(masks)
def test_only_permitted_pairs_are_answered_and_each_as_ever(codes: Any) -> None:
    found, every = answers(codes), by_pair(of_everybody())
    assert by_pair(found) == {pair: told for pair, told in every.items() if codes[pair] == 0}
    for scene, index in enumerate(found.scenes.index.tolist()):
        crime = crimes()[index]
        told = Counter(int(codes[index, w]) for w in range(WEARERS) if monitored(crime, w))
        assert found.kept_out[scene].tolist() == [told[code] for code in range(len(REASONS))]
        assert found.searched[scene] == told[0]
        answered = (found.scene == scene).sum() + found.far_beyond[scene]
        assert answered == told[0]


@settings(max_examples=20, deadline=None)
@given(masks, st.integers(0, WEARERS - 1))
def test_chance_is_reckoned_from_those_who_may_be_searched(codes: Any, who: int) -> None:
    """Everybody scores high in every control window; only others who may be searched count."""
    trails, scenes = loaded().trails, Scenes.of(crimes())
    permits = Permits(codes.astype(np.int8), REASONS, np.ones(WEARERS, np.bool_))
    spans = np.stack([scenes.start_us, scenes.end_us], axis=1)
    every = {c: np.full((1, WEARERS), 9.0) for c in range(len(spans))}
    pairs = (np.arange(len(spans)), np.full(len(spans), who))
    lr, candidate = np.full(len(spans), 2.0), np.ones(len(spans), np.bool_)
    scorer: Any = None
    with pytest.MonkeyPatch.context() as patch:
        times = {c: spans[c : c + 1] for c in every}
        patch.setattr(match_module, "control_scores", lambda *_given: (every, times))
        expected, _n = match_module._chance(scorer, trails, scenes, permits, pairs, lr, candidate)
    for scene, index in enumerate(scenes.index.tolist()):
        others = [w for w in range(WEARERS) if w != who and codes[index, w] == 0]
        assert expected[scene] == sum(monitored(crimes()[index], w) for w in others)


@few
@given(masks, st.integers(0, WEARERS - 1))
def test_who_is_not_to_be_answered_is_searched_all_the_same(codes: Any, who: int) -> None:
    alone = np.arange(WEARERS) == who
    whole, part = answers(codes), answers(codes, alone)
    assert by_pair(part) == {p: told for p, told in by_pair(whole).items() if p[1] == who}
    assert np.array_equal(part.searched, whole.searched)
    assert np.array_equal(part.kept_out, whole.kept_out)


def run_without(who: int, *, gone: bool) -> MatchRun:
    """A match that may not search a wearer, whose fixes are not to be read, or are not there."""
    given_ = given_world()
    codes = np.zeros(shape(), np.int8)
    codes[:, who] = 1
    spans = [[] if w == who else [(0, 2**62)] for w in range(WEARERS)]
    table = given_.loose.table
    if gone:
        table = table.filter(pc.invert(pc.is_in(table["device_key"], devices_of(given_.worn, who))))
    return run_match(
        table,
        given_.worn,
        given_.loose.names,
        given_.crimes,
        QUICK,
        permits=Permits(codes, REASONS, np.ones(WEARERS, np.bool_)),
        readable=readable(given_.worn, spans),
    )


def devices_of(worn: Worn, who: int) -> pa.Array:
    table = worn.table.filter(pc.equal(worn.table["wearer_no"], who))
    return table["device_key"].combine_chunks()


def test_the_fixes_of_whom_nobody_may_search_change_no_byte() -> None:
    for who in (0, WEARERS - 1):
        there, gone = (run_without(who, gone=gone) for gone in (False, True))
        assert bytes_of(there) == bytes_of(gone)
        rows = crime_rows(there.matched)
        assert {row["monitored_wearers"] - row["searched_wearers"] for row in rows} <= {0, 1}
        assert any(row["not_searched"] for row in rows)
