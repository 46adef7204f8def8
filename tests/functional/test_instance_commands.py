"""The commands on an instance, end to end: what they say and how they exit."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GOOD = "Durham,BIAD,,DUR20260101,{},20260101220000,20260102060000,427000,542000,,,OSGB36,\n"
BAD = GOOD.replace("BIAD", "XX")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `tipstaff` with its data folder in a temporary one."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TIPSTAFF_")}

    def tipstaff(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tipstaff", *words],
            env={**clean, "TIPSTAFF_DATA": str(tmp_path / "var"), **extra},
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    return tipstaff


def test_init_makes_an_instance_and_keeps_what_is_there(run: Run, tmp_path: Path) -> None:
    first = run("init", "--user", 'an"n')
    assert first.returncode == 0, first.stderr
    assert "Next:" in first.stdout
    data = tmp_path / "var"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for name in ("secret.key", "tipstaff.toml"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    before = {path.name: path.read_bytes() for path in data.glob("[st]*")}
    again = run("init")
    assert again.returncode == 0
    assert 'Local user     an"n (kept)' in again.stdout
    assert {path.name: path.read_bytes() for path in data.glob("[st]*")} == before
    verified = run("audit", "verify")
    assert verified.returncode == 0
    assert "1 entries, 1 heads" in verified.stdout


def test_without_an_instance_a_command_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("audit", "verify")
    assert done.returncode == 3
    assert "tipstaff init" in done.stderr
    assert not (tmp_path / "var").exists()


def test_a_wrong_setting_is_named(run: Run) -> None:
    done = run("audit", "verify", TIPSTAFF_DATABASE="oracle")
    assert done.returncode == 3
    assert "TIPSTAFF_DATABASE" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_out_of_reach_is_no_traceback(run: Run) -> None:
    done = run("audit", "verify", TIPSTAFF_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 3
    assert "database" in done.stderr
    assert "Traceback" not in done.stderr


def test_crime_files_and_their_exit_codes(run: Run, tmp_path: Path) -> None:
    run("init", "--user", "ann")
    (tmp_path / "good.csv").write_text(GOOD.format("a"))
    (tmp_path / "some.csv").write_text(GOOD.format("b") + BAD.format("c"))
    (tmp_path / "none.csv").write_text(BAD.format("d"))
    why = ("--purpose", "crime_matching")

    def code(*files: str) -> int:
        return run("import", "crimes", *files, *why).returncode

    assert code("good.csv") == 0
    assert code("some.csv") == 1
    assert code("none.csv") == 2
    assert code("missing.csv") == 2
    assert code("good.csv", "none.csv") == 1
    told = run("import", "crimes", "some.csv", *why, "--errors", "out")
    assert "taken in before" in told.stdout
    assert "INVALID_CRIME_TYPE" in (tmp_path / "out" / "some.errors.csv").read_text()


def test_purpose_and_authority(run: Run, tmp_path: Path) -> None:
    run("init", "--user", "ann")
    (tmp_path / "good.csv").write_text(GOOD.format("a"))
    without = run("import", "crimes", "good.csv")
    assert without.returncode == 2
    refused = run("import", "crimes", "good.csv", "--purpose", "court_disclosure")
    assert refused.returncode == 4
    assert "--authority" in refused.stderr
    stranger = run("audit", "list", "--purpose", "audit", TIPSTAFF_ACTOR="nobody")
    assert stranger.returncode == 4
    listed = run("audit", "list", "--purpose", "audit")
    entries = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [e["operation"] for e in entries[:2]] == ["refusal", "refusal"]
    assert [e["extent"]["code"] for e in entries[:2]] == ["unknown_actor", "authority_missing"]


def test_verify_finds_what_was_done_behind_its_back(run: Run, tmp_path: Path) -> None:
    import sqlite3

    run("init", "--user", "ann")
    run("audit", "list", "--purpose", "audit")
    with sqlite3.connect(tmp_path / "var" / "records.sqlite3") as database:
        database.execute("DROP TRIGGER audit_unchanged")
        database.execute("UPDATE records_auditentry SET actor_ref = NULL WHERE sequence = 2")
    database.close()
    found = run("audit", "verify")
    assert found.returncode == 1
    assert "entry 2: changed" in found.stderr


def test_help_needs_no_settings(run: Run) -> None:
    done = run("--help", TIPSTAFF_NONSENSE="1")
    assert done.returncode == 0
    assert "import" in done.stdout
