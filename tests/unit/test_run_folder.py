"""What a run leaves beside the records: whole or not, its owner's alone, swept after a day."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tipstaff.services import run_folder

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILES = {"run.crimes.csv": b"a,b\r\n", "run.facts.parquet": b"PAR1"}


def aged(path: Path, hours: float) -> None:
    at = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    run_id, folder = uuid4(), tmp_path / "runs"
    place = run_folder.keep(folder, run_id, FILES)
    assert {name: run_folder.read(folder, run_id, name) for name in FILES} == FILES
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, place)}
    assert modes == {0o700}
    assert [path.name for path in folder.iterdir()] == [str(run_id)]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    run_id, folder = uuid4(), tmp_path / "runs"
    with pytest.raises(OSError, match="No such file"):
        run_folder.keep(folder, run_id, {"run.crimes.csv": b"", "no/such/folder": b""})
    assert list(folder.iterdir()) == []


def test_drop_removes_it(tmp_path: Path) -> None:
    run_id = uuid4()
    run_folder.keep(tmp_path, run_id, FILES)
    run_folder.drop(tmp_path, run_id)
    run_folder.drop(tmp_path, run_id)  # twice does no harm
    assert list(tmp_path.iterdir()) == []


def test_sweep_removes_what_crashes_left_and_nothing_else(tmp_path: Path) -> None:
    recorded, orphan, young = uuid4(), uuid4(), uuid4()
    for run_id in (recorded, orphan, young):
        run_folder.keep(tmp_path, run_id, FILES)
    for name in (f"{uuid4()}.new", "not-a-run"):
        (tmp_path / name).mkdir()
    for path in tmp_path.iterdir():
        aged(path, 23 if path.name == str(young) else 25)

    def known(ids: object) -> set[UUID]:
        return {recorded}

    assert run_folder.sweep(tmp_path, known, NOW) == 2
    assert {p.name for p in tmp_path.iterdir()} == {str(recorded), str(young), "not-a-run"}


def test_sweep_without_a_folder(tmp_path: Path) -> None:
    assert run_folder.sweep(tmp_path / "none", lambda _ids: set(), NOW) == 0
