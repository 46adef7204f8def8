"""Rows of a result: ranks, ties, order, outcomes, and numbers rounded once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matched_worlds import input_of, matched

from tipstaff.matching import gate
from tipstaff.matching.match import EXCLUDING
from tipstaff.matching.outcomes import OUTCOME_OF, RESULT_SCHEMA, DecidedBy, Outcome
from tipstaff.matching.results import (
    Matched,
    answer_row,
    beyond,
    crime_rows,
    fact_rows,
    ranks_of,
    result_rows,
    result_table,
)
from tipstaff.matching.sentences import PROVISO
from tipstaff.simulation.world import WorldPlan, simulate

STRENGTH, NEAR = int(DecidedBy.STRENGTH), int(DecidedBy.NEAR)


@pytest.fixture(scope="module")
def made() -> Matched:
    plan = WorldPlan(
        seed=41,
        wearers=6,
        days=4,
        first_crime_day=2,
        crimes_by_wearers=4,
        crimes_by_others=2,
        town_width_m=6_000.0,
    )
    return matched(input_of(simulate(plan)), with_chance=False).matched


def answers(scene: list[int], wearer: list[int], raw: list[float], code: list[int]) -> Any:
    return SimpleNamespace(
        scene=np.array(scene),
        wearer=np.array(wearer),
        raw_log10=np.array(raw),
        code=np.array(code, np.int8),
    )


def test_ranks_begin_anew_for_each_crime() -> None:
    found = ranks_of(answers([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 2.0, 3.0, 0.5], [STRENGTH] * 4))
    assert found.tolist() == [2, 1, 1, 2]


def test_only_candidates_have_a_rank() -> None:
    found = ranks_of(answers([0, 0, 0], [0, 1, 2], [5.0, 2.0, 1.0], [NEAR, STRENGTH, STRENGTH]))
    assert found.tolist() == [0, 1, 2]


def test_ties_go_by_name() -> None:
    near = 2.0 + 3e-7  # the same to six places
    found = ranks_of(answers([0, 0, 0], [2, 0, 1], [near, 2.0, 2.0 - 3e-7], [STRENGTH] * 3))
    assert found.tolist() == [3, 1, 2]
    apart = ranks_of(answers([0, 0], [0, 1], [2.0, 2.0 + 2e-6], [STRENGTH] * 2))
    assert apart.tolist() == [2, 1]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0.5, 1.0, 1.0 + 1e-8, 3.0]), st.booleans()),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_ranks_count_up_and_do_not_depend_on_the_order_of_pairs(
    pairs: list[tuple[int, float, bool]], rng: Any
) -> None:
    rows = [(s, w, raw, STRENGTH if c else NEAR) for w, (s, raw, c) in enumerate(pairs)]
    columns = [list(c) for c in zip(*rows, strict=True)] or [[], [], [], []]
    ranks = ranks_of(answers(*columns))
    for scene in range(4):
        own = [int(r) for r, row in zip(ranks, rows, strict=True) if row[0] == scene and r]
        assert sorted(own) == list(range(1, len(own) + 1))
    turned = list(range(len(rows)))
    rng.shuffle(turned)
    again = ranks_of(answers(*([c[i] for i in turned] for c in columns)))
    assert again.tolist() == [ranks[i] for i in turned]


def test_rows_come_in_one_order(made: Matched) -> None:
    rows = result_rows(made, every=True)
    place = {"candidate": 0, "cannot_exclude": 1, "not_monitorable": 2, "excluded": 3}
    keys = [
        (
            r["force"],
            r["crime_reference"],
            r["crime_version"],
            place[r["outcome"]],
            r["rank"] or 0,
            r["wearer_id"],
        )
        for r in rows
    ]
    assert keys == sorted(keys)
    assert len({(*k[:3], k[5]) for k in keys}) == len(keys), "one row a crime version and wearer"
    assert len(rows) > 10


def test_candidates_alone_are_those_with_a_rank(made: Matched) -> None:
    rows = result_rows(made, every=False)
    assert rows
    assert all(r["outcome"] == Outcome.CANDIDATE and r["rank"] >= 1 for r in rows)
    assert rows == [r for r in result_rows(made, every=True) if r["rank"]]


def test_every_row_keeps_to_the_schema(made: Matched) -> None:
    rows = result_rows(made, every=True)
    assert all(list(row) == RESULT_SCHEMA.names for row in rows)
    table = result_table(rows)
    assert table.schema == RESULT_SCHEMA
    assert table.num_rows == len(rows)
    for row in rows:
        silent = row["outcome"] == Outcome.EXCLUDED
        for name in ("log10_lr", "log10_lr_low", "log10_lr_high", "strength"):
            assert (row[name] is None) == silent
        if not silent:
            assert row["log10_lr_low"] <= row["log10_lr"] <= row["log10_lr_high"]
            assert abs(row["log10_lr"]) <= 1.0, "four days of history are no routine"
            assert np.round(row["log10_lr"], 4) == row["log10_lr"]
        assert 0.0 <= row["presence_probability"] <= 1.0
        assert 0.0 <= row["coverage"] <= 1.0
        assert row["explanation"].endswith(PROVISO)


@pytest.mark.parametrize("code", DecidedBy)
def test_whatever_decided_a_row_says_so(made: Matched, code: DecidedBy) -> None:
    a = made.answers
    excluded = np.isin(a.code, EXCLUDING)
    pair = int(np.flatnonzero(~excluded)[0])
    codes, lr = a.code.copy(), a.log10_lr.copy()
    codes[pair] = code
    silent = OUTCOME_OF[code] is Outcome.EXCLUDED
    lr[pair] = np.nan if silent else lr[pair]
    low, high = (np.where(np.arange(len(lr)) == pair, lr, v) for v in (a.low, a.high))
    told = replace(made, answers=replace(a, code=codes, log10_lr=lr, low=low, high=high))
    row = answer_row(told, pair, 1 if code is DecidedBy.STRENGTH else 0)
    assert row["decided_by"] == code.name.lower()
    assert row["outcome"] == OUTCOME_OF[code].value
    assert row["rank"] == (1 if code is DecidedBy.STRENGTH else None)
    assert row["explanation"].endswith(PROVISO)


def test_only_reach_and_trail_exclude() -> None:
    assert set(OUTCOME_OF) == set(DecidedBy)
    clearing = {code for code, outcome in OUTCOME_OF.items() if outcome is Outcome.EXCLUDED}
    assert clearing == set(EXCLUDING) == {DecidedBy.REACH, DecidedBy.TRAIL}


def test_who_is_beyond_is_counted_and_not_written(made: Matched) -> None:
    a = made.answers
    excluded = np.flatnonzero(np.isin(a.code, EXCLUDING))
    assert len(excluded)
    place = a.place.copy()
    place[:] = gate.BEYOND
    hidden = replace(made, answers=replace(a, place=place))
    assert np.array_equal(np.flatnonzero(beyond(hidden.answers)), excluded)
    rows = result_rows(hidden, every=True)
    assert all(r["outcome"] != Outcome.EXCLUDED for r in rows)
    before, after = crime_rows(made), crime_rows(hidden)
    for one, two in zip(before, after, strict=True):
        assert two["excluded"] == one["excluded"]
        assert two["excluded_beyond"] == one["excluded"]


def test_each_crime_counts_every_wearer_once(made: Matched) -> None:
    names = ("candidates", "excluded", "not_monitorable", "cannot_exclude")
    rows = crime_rows(made)
    assert [r["crime_reference"] for r in rows] == sorted(c.reference for c in made.crimes)
    for row in rows:
        assert sum(row[name] for name in names) == row["searched_wearers"]


def test_an_unlocatable_crime_is_kept_and_searched_nowhere(made: Matched) -> None:
    lost = replace(made.crimes[0], reference="zz lost", latitude=None, longitude=None)
    row = crime_rows(replace(made, crimes=[*made.crimes, lost]))[-1]
    assert row["crime_reference"] == "zz lost"
    assert row["latitude"] is None
    counts = ("searched_wearers", "candidates", "excluded", "not_monitorable", "cannot_exclude")
    assert [row[name] for name in (*counts, "legacy_candidates")] == [0] * 6


def test_facts_are_fixes_of_candidates_or_legacy_matches(made: Matched) -> None:
    facts = fact_rows(made)
    rows = result_rows(made, every=True)
    shown = {(r["crime_reference"], r["wearer_id"]) for r in rows if r["rank"] or r["legacy_match"]}
    assert facts
    assert {(f["crime_reference"], f["wearer_id"]) for f in facts} <= shown
    assert {f["role"] for f in facts} == {"decides", "trail"}
    keys = [
        (
            f["force"],
            f["crime_reference"],
            f["crime_version"],
            f["wearer_id"],
            f["fix_time"],
            f["device_id"],
        )
        for f in facts
    ]
    assert keys == sorted(keys)
