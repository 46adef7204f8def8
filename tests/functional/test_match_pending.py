"""`tipstaff match --pending`: how the command tells what late data changed."""

from __future__ import annotations

import csv
from pathlib import Path

from instance_fixtures import TestInstance
from searched_instance import crime, fill, matched, send, tagged
from typer.testing import CliRunner, Result

CRIMES = [crime("burglary")]
WHY = ("--purpose", "crime_matching")


def run(*words: str | Path) -> Result:
    from tipstaff.cli.app import app

    return CliRunner().invoke(app, ["match", *map(str, words)], catch_exceptions=False)


def test_a_withdrawn_exclusion_is_told_first_and_by_its_own_code(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], CRIMES)
    send(tmp_path, "D-W2", 0.05)
    matched()
    assert "0 answers about 0 of them matched again" in run("--pending", *WHY).output
    send(tmp_path, "D-W2", 0.0, half=1)
    dry = run("--pending", "--dry-run", *WHY)
    assert (dry.exit_code, "1 answer about 1 of them would be" in dry.output) == (0, True)
    out = tmp_path / "changes.csv"
    ran = run("--pending", "--out", out, *WHY)
    assert ran.exit_code == 5
    assert ran.output.startswith("WITHDRAWN: 1 exclusion was withdrawn.")
    assert "Derbyshire burglary (version 1)" in ran.output
    assert "W2" not in ran.output
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["change"], rows[0]["wearer_id"]) == ("exclusion_withdrawn", "W2")
    again = run("--pending", *WHY)
    assert (again.exit_code, "0 answers" in again.output) == (0, True)


def test_wrong_calls(sqlite_instance: TestInstance, tmp_path: Path) -> None:
    assert run("--pending").exit_code == 2
    assert run("--pending", "--batch", "all", *WHY).exit_code == 2
    assert run("--dry-run", *WHY, "--batch", "all", "--out", tmp_path / "x.csv").exit_code == 2
    assert run("--batch", "all", *WHY).exit_code == 2
    assert run("--pending", "--out", tmp_path / "none" / "x.csv", *WHY).exit_code == 2
