"""The gate's second look sorts out only whom reach excludes; stored routines are the routines."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import national
from benchmarks.match_child import _summaries, _worn
from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.matching import gate, gate_gaps, shares
from tipstaff.matching.exclusion import EXCLUSION_V1, judge_pairs, judge_trails
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.loading import load
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.trails import Scenes, Trails
from tipstaff.matching.trust import Judged, judge_fixes, sound_fixes
from tipstaff.patterns.routine import routine_of
from tipstaff.patterns.routine_store import StoredRoutines

WEARERS, CRIMES = 40, 120


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("day")
    national.make(folder, WEARERS, CRIMES)
    return folder


def trails_of(day: Path) -> Trails:
    worn = _worn(day)
    rows = DuckdbEngine().ordered_fixes(sorted(day.glob("fixes-*.parquet")), worn.table)
    return load(rows, worn.wearers, worn.active).trails


def test_all_who_are_sorted_out_are_excluded_by_reach(day: Path) -> None:
    trails, scenes = trails_of(day), Scenes.of(national.crimes_in(day))
    slots = gate.slots_of(trails, sound_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust))
    first = gate.classify(trails, scenes, slots)
    second = first.copy()
    judged = judge_trails(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    gate_gaps.sort_out(trails, scenes, slots, judged.trusted, EXCLUSION_V1, second)
    changed = first != second
    assert changed.sum() > 200
    assert (first[changed] == gate.BEYOND).all()
    assert (second[changed] == gate.FAR_BEYOND).all()
    scene, wearer = np.nonzero(changed)
    verdicts = judge_pairs(
        trails, scenes, scene, wearer, ERROR_MODEL_V1, EXCLUSION_V1, EXCURSIONS_V1
    )
    assert (verdicts.decided == DecidedBy.REACH).all()


def test_judging_by_blocks_is_judging(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trails = trails_of(day)
    whole = judge_fixes(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    monkeypatch.setattr(shares, "FIXES_A_BLOCK", 5_000)
    assert len(shares.wearer_blocks(trails)) > 5
    parts = judge_trails(trails, ERROR_MODEL_V1, EXCLUSION_V1.trust)
    for each in fields(Judged):
        np.testing.assert_array_equal(getattr(parts, each.name), getattr(whole, each.name))


def test_blocks_hold_every_wearer_once_those_without_fixes_too(day: Path) -> None:
    trails = trails_of(day)
    last = trails.offsets[-1:]
    more = replace(
        trails,
        wearers=(*trails.wearers, "X1", "X2"),
        offsets=np.concatenate([trails.offsets, last, last]),
    )
    for each in (trails, more):
        blocks = shares.wearer_blocks(each)
        assert [w for low, high in blocks for w in range(low, high)] == list(
            range(len(each.wearers))
        )


def test_stored_routines_are_laid_out_as_if_made_from_the_summaries(day: Path) -> None:
    summaries = list(_summaries(day))
    stored = StoredRoutines(summaries)
    assert len(stored) == WEARERS
    for wearer in (0, WEARERS - 1):
        for ours, theirs in zip(stored[wearer], routine_of(summaries[wearer]), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    for (cells, mass), routine in zip(stored.capped(), stored[:], strict=True):
        np.testing.assert_array_equal(cells, routine.keys[: routine.level_from[1]])
        np.testing.assert_array_equal(mass, routine.cap[: routine.level_from[1]])
