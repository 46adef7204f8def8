"""The commands in the tutorials work: every `sh` block of a page, one after another."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import ready_program
from program import environment, ready, tables

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
#: What a page leaves behind, by its name.
LEFT = {
    "crime-analyst": ("result.csv", "result.html", "result.manifest.json"),
    "hub-caseworker": ("result.csv", "run.html", "trail.csv", "near.csv"),
    "administrator": (
        "data/records.sqlite3",
        "data/archive",
        "data/audit-heads.jsonl",
        "restored/archive",
    ),
    "monitoring-officer": ("data/records.sqlite3",),
    "probation-practitioner": ("copi.html", "case-now.json"),
    "investigating-officer": ("data/records.sqlite3",),
    "intelligence-officer": ("met.csv",),
    "partner-agency": ("summary.txt",),
    "prison-offender-manager": ("case-now.json",),
    "programme-lead": ("counts.txt",),
    "wearer": ("data/records.sqlite3",),
    "supplier": ("acme.toml", "town/positions.csv"),
}
#: The program. Its `init` finds the tables there, made once for all pages; the rest it makes.
PROGRAM = """#!/bin/sh
[ "$1" != init ] || [ -e "$TIPSTAFF_DATA" ] || cp -r "{}" "$TIPSTAFF_DATA"
exec "{}" -S "{}" "{}" "$@"
"""


def blocks(page: Path) -> str:
    found = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return "".join(found)


def test_every_tutorial_with_commands_is_run_here() -> None:
    assert {path.stem for path in TUTORIALS.glob("*.md") if blocks(path)} == set(LEFT)


@pytest.mark.parametrize("name", sorted(LEFT))
def test_a_tutorials_commands_work(name: str, tmp_path: Path) -> None:
    shell = shutil.which("sh")
    assert shell
    script = blocks(TUTORIALS / f"{name}.md")
    assert "tipstaff" in script
    program = tmp_path / "bin" / "tipstaff"
    program.parent.mkdir()
    program.write_text(
        PROGRAM.format(tables(), sys.executable, ready_program.__file__, ready()), encoding="utf-8"
    )
    program.chmod(0o755)
    clean = environment()
    ran = subprocess.run(
        [shell, "-eux", "-c", script],
        env={**clean, "PATH": f"{program.parent}:{clean['PATH']}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert [left for left in LEFT[name] if not (tmp_path / left).exists()] == []
