"""The same input gives the same bytes, however it comes: shuffled, twice, in pieces, on threads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matched_worlds import Input, bytes_of, input_of, matched, rows_of

from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import distance_m
from tipstaff.engines import run as engine_run
from tipstaff.engines.run import MatchRun
from tipstaff.formats.run_files import read_crimes, read_results
from tipstaff.formats.tables import starts_formula
from tipstaff.matching import shares
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.match import LINKED_M, match
from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.parameters import MatchParameters
from tipstaff.patterns.motion import REACH_MIN
from tipstaff.simulation.world import World, WorldPlan, simulate

PLAN = WorldPlan(
    seed=77,
    wearers=5,
    days=23,
    first_crime_day=18,
    crimes_by_wearers=5,
    crimes_by_others=2,
    town_width_m=5_000.0,
)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(PLAN)


@pytest.fixture(scope="module")
def whole(world: World) -> Input:
    return input_of(world)


@pytest.fixture(scope="module")
def first(whole: Input) -> MatchRun:
    return matched(whole)


@pytest.fixture(scope="module")
def expected(first: MatchRun) -> dict[str, bytes]:
    return bytes_of(first)


def test_the_world_has_something_to_say(first: MatchRun) -> None:
    rows = rows_of(first)
    outcomes = {row["outcome"] for row in rows}
    assert {Outcome.CANDIDATE, Outcome.CANNOT_EXCLUDE, Outcome.EXCLUDED} <= outcomes
    strong = [row for row in rows if (row["log10_lr"] or 0) > 1]
    assert strong, "no routine is known: caps would hide a difference"
    assert any(row["expected_chance_matches"] is not None for row in strong)
    assert any(row["log10_lr_low"] < row["log10_lr_high"] for row in strong)


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.1, 1.0]))
def test_shuffled_and_duplicated_rows(
    whole: Input, expected: dict[str, bytes], seed: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    table = whole.loose.table
    again = np.flatnonzero(rng.random(table.num_rows) < share)
    rows = rng.permutation(np.concatenate([np.arange(table.num_rows), again]))
    shuffled = table.take(pa.array(rows))
    assert bytes_of(matched(whole, fixes=shuffled)) == expected


@settings(deadline=None, max_examples=3)
@given(seed=st.integers(0, 2**32 - 1), pieces=st.integers(2, 5))
def test_several_files_in_any_order(
    world: World, expected: dict[str, bytes], seed: int, pieces: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.permutation(world.positions.num_rows)
    tables = [world.positions.take(pa.array(part)) for part in np.array_split(rows, pieces)]
    tables.append(tables[0].slice(0, 500))  # sent again
    activations = rng.permutation(np.array(world.activations.to_pylist(), dtype=object)).tolist()
    crimes = [world.crimes[i] for i in rng.permutation(len(world.crimes))]
    given_now = input_of(world, tables, activations, crimes)
    assert bytes_of(matched(given_now)) == expected


@pytest.mark.parametrize("size", [1000, 77_777])
def test_any_batches(whole: Input, expected: dict[str, bytes], size: int) -> None:
    batches = whole.loose.table.to_batches(max_chunksize=size)
    reader = pa.RecordBatchReader.from_batches(whole.loose.table.schema, batches)
    assert bytes_of(matched(whole, fixes=reader)) == expected


@pytest.mark.parametrize("threads", [1, 2])
def test_any_number_of_threads(
    whole: Input, expected: dict[str, bytes], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_run, "THREADS", threads)
    assert bytes_of(matched(whole, threads=threads)) == expected


@pytest.mark.parametrize(("fixes", "pairs"), [(5_000, 3), (60_000, 1)])
def test_any_division_of_the_work(
    whole: Input,
    expected: dict[str, bytes],
    fixes: int,
    pairs: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shares, "FIXES_A_BLOCK", fixes)
    monkeypatch.setattr(shares, "PAIRS_A_RUN", pairs)
    assert len(shares.wearer_blocks(matched(whole).matched.loaded.trails)) > 1
    assert bytes_of(matched(whole)) == expected


def test_duplicates_are_counted(whole: Input, first: MatchRun) -> None:
    twice = pa.concat_tables([whole.loose.table, whole.loose.table])
    before = json.loads(bytes_of(first, with_duplicates=True)[".manifest.json"])
    after = json.loads(
        bytes_of(matched(whole, fixes=twice), with_duplicates=True)[".manifest.json"]
    )
    sent = whole.loose.table.num_rows
    assert after["counts"]["duplicate_fixes"] >= before["counts"]["duplicate_fixes"] + sent // 2
    assert after["data_digest"] == before["data_digest"]
    assert after["counts"]["fixes"] == before["counts"]["fixes"]


def test_nobody_depends_on_who_else_asked(whole: Input, first: MatchRun) -> None:
    """A crime gets the rows it gets among all, if only the crimes linked to it are there too."""
    crimes, rows = first.matched.crimes, rows_of(first)
    company = [[c for c in crimes if near(c, crime)] for crime in crimes]
    alone = [i for i, those in enumerate(company) if len(those) == 1]
    linked = [i for i, those in enumerate(company) if 1 < len(those) < len(crimes)]
    assert alone
    for i in [*alone[:2], *linked[:2]]:
        own = matched(Input(whole.loose, whole.worn, company[i]))
        key = crimes[i].key

        def of(found: list[dict[str, Any]], key: tuple[str, str, int] = key) -> list[Any]:
            names = ("force", "crime_reference", "crime_version")
            return [r for r in found if tuple(r[n] for n in names) == key]

        assert of(rows_of(own)) == of(rows)


def near(a: Crime, b: Crime) -> bool:
    """Whether two crimes are linked by place."""
    assert a.latitude is not None
    assert b.latitude is not None
    assert a.longitude is not None
    assert b.longitude is not None
    return bool(distance_m(a.latitude, a.longitude, b.latitude, b.longitude) <= LINKED_M)


def test_without_fixes_the_trail_cannot_tell(whole: Input, first: MatchRun) -> None:
    """No fix within two hours of a window and the ratio is 1, exactly, known routine or not."""
    crime = first.matched.crimes[0]
    silence = timedelta(minutes=REACH_MIN + 10)
    times = whole.loose.table["fix_time"]
    begin, end = (pa.scalar(t, times.type) for t in (crime.start - silence, crime.end + silence))
    kept = pc.or_(pc.less(times, begin), pc.greater(times, end))
    run = matched(Input(whole.loose, whole.worn, [crime]), fixes=whole.loose.table.filter(kept))
    rows = rows_of(run)
    assert len(rows) == run.matched.answers.searched[0] > 0
    assert run.matched.answers.known.any()
    for row in rows:
        assert row["log10_lr"] == row["log10_lr_low"] == row["log10_lr_high"] == 0.0
        assert row["outcome"] == Outcome.NOT_MONITORABLE
        assert row["presence_probability"] == row["dwell_s"] == row["coverage"] == 0


def test_equal_wearers_get_equal_answers_whoever_they_are(world: World, whole: Input) -> None:
    """The same trails under other names give the same answers, drawn intervals aside."""
    activations = world.activations.to_pylist()
    names = sorted({row["wearer_id"] for row in activations})
    other = {name: f"Z{len(names) - i:03}" for i, name in enumerate(names)}  # order turned round
    renamed = [{**row, "wearer_id": other[row["wearer_id"]]} for row in activations]
    changed = rows_of(matched(input_of(world, activations=renamed), with_intervals=False))
    plain = rows_of(matched(whole, with_intervals=False))
    skipped = {"wearer_id", "rank"}

    def by_person(rows: list[dict[str, Any]], names: dict[str, str]) -> dict[Any, Any]:
        return {
            (r["crime_reference"], names[r["wearer_id"]]): {
                k: v for k, v in r.items() if k not in skipped
            }
            for r in rows
        }

    assert by_person(plain, other) == by_person(changed, {v: v for v in other.values()})


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    '"><script>alert(1)</script>',
    "a,b\nc;d",
]


def test_hostile_names_survive_and_run_nothing(world: World) -> None:
    activations = world.activations.to_pylist()
    wearers = {
        name: HOSTILE[i] for i, name in enumerate(sorted({a["wearer_id"] for a in activations}))
    }
    crimes = [
        replace(crime, reference=f"{HOSTILE[i % len(HOSTILE)]} {i}", batch="=1+1", force="@force")
        for i, crime in enumerate(world.crimes)
    ]
    renamed = [{**row, "wearer_id": wearers[row["wearer_id"]]} for row in activations]
    run = matched(input_of(world, activations=renamed, crimes=crimes), with_chance=False)
    out = bytes_of(run)
    table = read_results(out[".csv"])
    assert isinstance(table, pa.Table)
    assert set(table["wearer_id"].to_pylist()) == set(wearers.values())
    assert set(table["crime_reference"].to_pylist()) == {c.reference for c in crimes}
    told = read_crimes(out[".crimes.csv"])
    assert isinstance(told, pa.Table)
    assert set(told["batch"].to_pylist()) == {"=1+1"}
    for name in (".csv", ".crimes.csv"):
        for line in out[name].decode().splitlines()[1:]:
            for cell in line.replace('""', "'").split(","):
                text = cell.strip('"')
                number = text.lstrip("+-").replace(".", "", 1).replace("e-", "").isdigit()
                assert not starts_formula(text) or number, text


#: Longitudes that bring the town's middle to the same place among the cells: each cell of the
#: coarsest level is 360/2048 degrees wide, and two of them are a whole number of 1e-7 degrees.
TURN_E7 = 3_515_625
LINE = -4 * TURN_E7  # a cell's edge, as the antimeridian is


def moved(first: MatchRun, middle_e7: int) -> Any:
    """The answers with the world turned so that its middle lies at `middle_e7`."""
    trails, crimes = first.matched.loaded.trails, first.matched.crimes
    middle = int(np.median(trails.lon_e7))

    def turned(lon_e7: Any) -> Any:
        return (lon_e7 - middle + middle_e7 + 1_800_000_000) % 3_600_000_000 - 1_800_000_000

    there = replace(trails, lon_e7=turned(trails.lon_e7.astype(np.int64)).astype(np.int32))
    shifted = [
        replace(c, longitude=float(turned(round(c.longitude * 1e7)) / 1e7))
        for c in crimes
        if c.longitude is not None
    ]
    answers = match(there, shifted, MatchParameters(with_intervals=True), EXCURSIONS_V1)
    return answers, there, shifted


def test_the_antimeridian_is_a_line_like_any_other(first: MatchRun) -> None:
    here, _trails, _crimes = moved(first, LINE)
    over, trails, _crimes = moved(first, LINE + 516 * TURN_E7)
    assert trails.lon_e7.min() < -1_799_000_000, "the town does not lie across the line"
    assert trails.lon_e7.max() > 1_799_000_000
    assert np.array_equal(here.scene, over.scene)
    assert np.array_equal(here.wearer, over.wearer)
    assert np.array_equal(here.code, over.code)
    assert np.array_equal(here.known, over.known)
    assert np.array_equal(here.fixes_near, over.fixes_near)
    assert np.array_equal(here.legacy.matched, over.legacy.matched)
    # places are the same to 1e-9 m; what is worked out from them to a little more
    for name, slack in (
        ("raw_log10", 1e-6),
        ("low", 1e-6),
        ("high", 1e-6),
        ("presence", 1e-6),
        ("dwell_s", 1e-9),
        ("chance_matches", 1e-9),
    ):
        a, b = getattr(here, name), getattr(over, name)
        assert np.allclose(a, b, rtol=0, atol=slack, equal_nan=True), name
    assert np.allclose(
        here.verdicts.nearest_m, over.verdicts.nearest_m, rtol=0, atol=1e-4, equal_nan=True
    )
