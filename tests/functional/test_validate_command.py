"""`./run validate`: the whole machinery on worlds too small for their figures to mean anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def validate(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "validation", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_tiny_validation_writes_the_page_its_plots_and_resumes(tmp_path: Path) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    given = ("matching", "--tiny", "--out", str(out), "--work", str(work))
    done = validate(*given)
    assert done.returncode == 0, done.stderr
    page = (out / "matching.md").read_bytes()
    for part in ("Against the aims", "Ruling out", "Strength", "Error regions", "Tags removed"):
        assert f"## {part}".encode() in page
    assert (out / "matching-tippett.svg").read_text(encoding="utf-8").startswith("<svg")
    assert len(list(work.glob("world-*.npz"))) == 2
    assert validate(*given).returncode == 0
    assert (out / "matching.md").read_bytes() == page


def test_an_unknown_page_is_named(tmp_path: Path) -> None:
    assert validate("nonsense").returncode == 2
    assert "matching" in validate().stdout
