"""Answers rest on the fixes of the days about the window; others change only what is usual."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from matched_worlds import Input, input_of

from tipstaff.domain.local_time import DAY_US
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.matching.evidence import shares_of, spans_of
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.loading import Loaded, load
from tipstaff.matching.match import Answers, match
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.resting import Periods, fix_digests, worn_digests
from tipstaff.matching.trails import Scenes
from tipstaff.simulation.world import World, WorldPlan, simulate

PLAN = WorldPlan(
    seed=41, wearers=3, days=17, first_crime_day=15, crimes_by_wearers=2, crimes_by_others=1,
    town_width_m=4_000.0,
)  # fmt: skip
QUICK = MatchParameters(with_intervals=False)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(PLAN)


@pytest.fixture(scope="module")
def given(world: World) -> Input:
    return input_of(world)


@pytest.fixture(scope="module")
def whole(given: Input) -> Loaded:
    return loaded(given, given.loose.table)


def loaded(given: Input, table: Any) -> Loaded:
    rows = DuckdbEngine().ordered_fixes(table, given.worn.table)
    return load(rows, given.worn.wearers, given.worn.active)


def answers(trails: Any, given: Input, **options: Any) -> Answers:
    return match(trails, sorted(given.crimes, key=lambda c: c.key), QUICK, EXCURSIONS_V1, **options)


def same(one: Answers, other: Answers, pairs: Any = slice(None)) -> bool:
    """Rows that verdicts name are of other trails, so they are left out."""
    names = {f.name for f in fields(Answers)} & {
        "scene", "wearer", "code", "raw_log10", "low", "high", "presence", "dwell_s", "known",
        "chance_matches", "controls", "fixes_near", "place",
    }  # fmt: skip
    return all(
        np.array_equal(
            getattr(one, n)[pairs], getattr(other, n), equal_nan=getattr(one, n).dtype.kind == "f"
        )
        for n in names
    )


def test_fixes_of_other_days_change_nothing_but_what_is_usual(whole: Loaded, given: Input) -> None:
    crimes = sorted(given.crimes, key=lambda c: c.key)
    days = {d for a, b in spans_of(Scenes.of(crimes)).tolist() for d in range(a, b + 1)}
    t_us = given.loose.table["fix_time"].to_numpy().astype("M8[us]").astype(np.int64)
    inside = np.isin(t_us // DAY_US, sorted(days))
    assert 0 < inside.sum() < len(inside)
    cut = loaded(given, given.loose.table.filter(inside))
    expected = answers(whole.trails, given)
    assert (expected.code == 1).any()
    assert same(expected, answers(cut.trails, given, known=whole.trails))
    assert not same(expected, answers(cut.trails, given))


def test_pairs_that_are_wanted_get_what_they_get_among_all(whole: Loaded, given: Input) -> None:
    expected = answers(whole.trails, given)
    shape = (len(given.crimes), len(given.worn.wearers))
    for seed in range(3):
        wanted = np.random.default_rng(seed).random(shape) < 0.5
        found = answers(whole.trails, given, wanted=wanted)
        chosen = wanted[expected.scenes.index[expected.scene], expected.wearer]
        assert same(expected, found, chosen)
        assert np.array_equal(found.searched, expected.searched)


def test_every_scene_is_in_one_share(whole: Loaded, given: Input) -> None:
    scenes = Scenes.of(sorted(given.crimes, key=lambda c: c.key))
    shares = list(shares_of(whole.trails, scenes))
    assert sorted(i for s in shares for i in s.at.tolist()) == list(range(len(scenes.index)))
    for share in shares:
        rows = slice(None) if share.rows is None else share.rows
        assert np.array_equal(share.trails.t_us, whole.trails.t_us[rows])


def test_a_digest_moves_with_one_fix_of_its_days_alone(whole: Loaded, given: Input) -> None:
    t_us = given.loose.table["fix_time"].to_numpy().astype("M8[us]").astype(np.int64)
    order = np.argsort(t_us)
    gone = int(order[len(order) // 2])
    day = int(t_us[gone] // DAY_US)
    spans = [(day, day), (day + 1, day + 1), (day - 1, day)]
    kept = np.arange(len(t_us)) != gone
    names = given.loose.names
    before = fix_digests(whole, names, spans)
    after = fix_digests(loaded(given, given.loose.table.filter(kept)), names, spans)
    moved = {key for key in before if before[key] != after[key]}
    assert {span for _name, span in moved} == {(day, day), (day - 1, day)}
    assert len({name for name, _span in moved}) == 1


def test_wearing_is_told_within_its_days(given: Input) -> None:
    names, count = given.loose.names, len(given.worn.wearers)
    periods = Periods.of(given.worn.table, count, names)
    none = Periods.of(given.worn.table.slice(0, 0), count, names)
    day = int(given.worn.active[1].min() // DAY_US) + 3
    found = worn_digests(periods, periods, given.worn.wearers, [(day, day)])
    assert {name for name, _days in found} <= set(given.worn.wearers)
    assert found
    assert worn_digests(periods, none, given.worn.wearers, [(day, day)]) == {}
