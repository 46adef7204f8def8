"""A match with nobody to search, or with nobody's fix: an empty answer, not a failure."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tipstaff.domain.crimes import Crime, CrimeType
from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import to_micros
from tipstaff.engines.run import MatchRun, manifest_of, run_bytes, run_match
from tipstaff.formats.run_files import SUFFIXES, read_crimes, read_results
from tipstaff.matching.inputs import Intake, WornPeriod, worn
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.results import result_rows

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
END = datetime(2026, 6, 1, 13, tzinfo=UTC)


def crime(latitude: float | None = 52.9) -> Crime:
    longitude = None if latitude is None else -1.48
    return Crime("Derbyshire", "Z1", 1, CrimeType.BIAD, START, END, latitude, longitude)


def run_of(periods: list[WornPeriod], crimes: list[Crime]) -> MatchRun:
    devices = {period.device_key: "d1" for period in periods}
    fixes = CONTENT_SCHEMA.empty_table()
    return run_match(fixes, worn(periods), devices, crimes, MatchParameters())


@pytest.mark.parametrize("crimes", [[crime()], [crime(None)]])
def test_with_no_wearer_every_crime_is_answered_by_nobody(crimes: list[Crime]) -> None:
    run = run_of([], crimes)
    rows = result_rows(run.matched, every=True)
    manifest = manifest_of(run, intake=Intake(), outcomes="all", searchable="all", rows=len(rows))
    files = run_bytes(run, manifest, rows)
    results, told = (
        read(files[SUFFIXES[kind]])
        for kind, read in (("results", read_results), ("crimes", read_crimes))
    )
    assert isinstance(results, pa.Table)
    assert isinstance(told, pa.Table)
    assert results.num_rows == 0
    assert told["crime_reference"].to_pylist() == ["Z1"]
    assert told["searched_wearers"].to_pylist() == [0]
    assert told["excluded"].to_pylist() == [0]
    assert manifest["counts"]["wearers"] == 0


def test_a_wearer_without_a_fix_is_not_monitorable() -> None:
    run = run_of([WornPeriod(0, "W1", to_micros(START), to_micros(END) + 1)], [crime()])
    assert [row["outcome"] for row in result_rows(run.matched, every=True)] == ["not_monitorable"]
