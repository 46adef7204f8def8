"""Matching the archive, on both databases: what is recorded reads back as what was answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
from instance_fixtures import TestInstance

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.purposes import Purpose
from tipstaff.formats import run_files
from tipstaff.formats.activations import read_activations
from tipstaff.positions.mappings import shipped_mapping

WHO = {"actor": "tester", "purpose": Purpose.DEMONSTRATION, "authority": ""}


def fill(world: Path, *, activations: bool = True, supplier: str = "tipstaff") -> None:
    from tipstaff.services.activations import import_activations
    from tipstaff.services.crimes import import_crimes
    from tipstaff.services.positions import import_positions

    if activations:
        read = read_activations((world / "activations.csv").read_bytes())
        import_activations(**WHO, supplier=supplier, incoming=read.accepted)
    path = world / "positions.parquet"
    import_positions(**WHO, path=path, mapping=shipped_mapping("tipstaff"))
    for batch in sorted((world / "crimes").iterdir()):
        import_crimes(**WHO, content=batch.read_bytes())


def matched(**options: Any) -> Any:
    from tipstaff.services.matching import match_batch

    return match_batch(
        **{
            **WHO,
            "authority": "simulated people",
            "batch": "all",
            "every": True,
            "everybody": True,
            "error": ERROR_MODEL_SIMULATED,
            **options,
        }
    )


def table(content: bytes) -> pa.Table:
    read = run_files.read_results(content)
    assert isinstance(read, pa.Table)
    return read


def test_what_is_recorded_reads_back_as_what_was_answered(
    instance: TestInstance, world: Path
) -> None:
    from tipstaff.services.matching import run_tables

    fill(world)
    done = matched()
    again = run_tables(**WHO, run_id=done.run_id)
    assert not isinstance(again, run_files.UnreadableRun)
    assert run_files.write_results(again.results) == done.files[".csv"]
    assert run_files.write_facts(again.facts) == done.files[".facts.parquet"]
    assert run_files.write_manifest(again.manifest) == done.files[".manifest.json"]


def test_candidates_alone_are_written_but_everything_is_recorded(
    sqlite_instance: TestInstance, world: Path
) -> None:
    from tipstaff.services.matching import run_tables

    fill(world)
    done = matched(every=False)
    written = table(done.files[".csv"])
    assert set(written["outcome"].to_pylist()) == {"candidate"}
    again = run_tables(**WHO, run_id=done.run_id)
    assert not isinstance(again, run_files.UnreadableRun)
    assert again.results.num_rows > written.num_rows
    assert "excluded" in again.results["outcome"].to_pylist()


def test_without_activations_each_device_is_its_own_wearer(
    sqlite_instance: TestInstance, world: Path
) -> None:
    fill(world, activations=False)
    rows = table(matched().files[".csv"]).to_pylist()
    assert rows
    assert {row["wearer_id"] for row in rows} == {row["device_ids"] for row in rows}


def test_a_run_whose_files_are_gone_says_so(sqlite_instance: TestInstance, world: Path) -> None:
    from tipstaff.services.matching import run_tables

    fill(world)
    done = matched()
    folder = sqlite_instance.data / "runs" / str(done.run_id)
    (folder / "run.facts.parquet").unlink()
    assert isinstance(run_tables(**WHO, run_id=done.run_id), run_files.UnreadableRun)


def test_no_crime_no_run_and_no_unanswered_entry(sqlite_instance: TestInstance) -> None:
    from tipstaff.records.models import AuditEntry, Run

    assert matched() is None
    assert Run.objects.count() == 0
    phases = AuditEntry.objects.filter(use_case="match").values_list("phase", "rows")
    assert sorted(phases) == [("requested", None), ("served", 0)]


def test_activations_of_another_supplier_are_noticed(
    sqlite_instance: TestInstance, world: Path
) -> None:
    fill(world, supplier="other")
    counts = matched().counts
    assert counts["fixes"] == 0
    assert counts["unassigned_fixes"] > 1000
    assert counts["unassigned_devices"] == counts["silent_devices"] >= 8


def test_a_runs_kept_files_must_be_its_own(sqlite_instance: TestInstance, world: Path) -> None:
    from tipstaff.services.matching import run_tables

    fill(world)
    one, other = matched(), matched(every=False, batch=sorted((world / "crimes").iterdir())[0].stem)
    folder = sqlite_instance.data / "runs"
    for name in ("run.crimes.csv", "run.facts.parquet"):
        content = (folder / str(other.run_id) / name).read_bytes()
        (folder / str(one.run_id) / name).write_bytes(content)
    found = run_tables(**WHO, run_id=one.run_id)
    assert isinstance(found, run_files.UnreadableRun)
    assert "are not those" in found.what
