"""Erasing from the archive: nothing of it stays on the disk, and nothing else is touched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_sources import EVER, ROWS, START, tables

from tipstaff.domain.periods import Period
from tipstaff.positions.archive import Archive
from tipstaff.positions.erasing import Worn

MIDDLE = Period(START + timedelta(hours=10), START + timedelta(hours=30))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three sources of three devices over three days; one day in several files, one compacted."""
    held = Archive(tmp_path / "archive")
    held.append(tables(0), "s0", START)
    held.append(tables(1), "s1", START)
    held.compact()
    held.append(tables(2), "s2", START)
    return held


def rows(archive: Archive) -> pa.Table:
    return pa.Table.from_batches(list(archive.fixes(EVER))).combine_chunks()


def expected(before: pa.Table, gone: list[Worn]) -> pa.Table:
    kept = [
        not any(
            row["device_key"] == w.device_key and w.period.contains(row["fix_time"]) for w in gone
        )
        for row in before.select(["device_key", "fix_time"]).to_pylist()
    ]
    return before.filter(pa.array(kept)).combine_chunks()


def test_a_stretch_goes_and_all_else_stays_row_for_row(archive: Archive) -> None:
    before = rows(archive)
    gone = [Worn(1, MIDDLE), Worn(2, Period(START, START))]
    wanted = expected(before, gone)
    assert archive.count(gone) == before.num_rows - wanted.num_rows > 100
    archive.erase(gone)
    assert rows(archive).equals(wanted)
    assert archive.count(gone) == 0
    archive.erase(gone)
    assert rows(archive).equals(wanted)
    assert all(archive.holds(f"s{n}") for n in range(3))  # nor can the same file bring it back
    assert archive.append(tables(1), "s1", START).already_held


def test_no_file_and_no_log_keeps_what_was_erased(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive.erase([Worn(1, EVER)])
    held = {Path(name) for name in archive.files()}
    assert set(folder.glob("day=*/*")) == held
    for path in held:
        table = pq.read_table(path, partitioning=None)
        assert 1 not in table["device_key"].to_pylist()
    log = {path.name: path for path in (folder / "_delta_log").iterdir()}
    (commit,) = (name for name in log if name[:20].isdigit() and name.endswith(".json"))
    assert log.keys() == {commit, f"{commit[:20]}.checkpoint.parquet", "_last_checkpoint"}
    assert "minValues" not in log[commit].read_text()  # only what was erased had been told in it
    adds = pq.read_table(log[f"{commit[:20]}.checkpoint.parquet"])["add"].to_pylist()
    assert {folder / add["path"] for add in adds if add} == held


def test_the_archive_goes_on_after_it(archive: Archive) -> None:
    archive.erase([Worn(0, EVER)])
    before = rows(archive)
    assert archive.append(tables(3), "s3", START).new_rows == ROWS
    archive.compact()
    archive.vacuum(0)
    assert rows(archive).num_rows == before.num_rows + ROWS
    archive.erase([Worn(n, EVER) for n in range(3)])
    assert list(archive.fixes(EVER)) == []
    assert archive.append(tables(4), "s4", START).new_rows == ROWS


def test_of_an_archive_that_is_not_there_nothing_is_erased(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.erase([Worn(1, EVER)])
    assert archive.count([Worn(1, EVER)]) == 0
    assert not (tmp_path / "archive").exists()
