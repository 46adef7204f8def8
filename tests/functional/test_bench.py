"""`./run bench`: what it lists, what it refuses, and the shape of what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_name_lists_them_a_line_each() -> None:
    done = bench()
    assert done.returncode == 0
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == [
        "match", "pending", "import", "cases", "console", "maps", "intake", "live", "monitor",
        "near", "meetings", "motion",
    ]  # fmt: skip


def test_an_unknown_name_is_refused_and_the_known_ones_told() -> None:
    done = bench("speed")
    assert done.returncode == 2
    assert "There is no benchmark 'speed'" in done.stderr
    assert "motion" in done.stderr


def test_a_scale_that_is_none_is_refused() -> None:
    assert bench("match", "--scale", "2").returncode == 2


def test_a_folder_that_is_not_there_is_refused_before_anything_runs(tmp_path: Path) -> None:
    assert bench("match", "--json", tmp_path / "no" / "f.json").returncode == 2


def test_match_writes_its_figures_beside_the_floor(tmp_path: Path) -> None:
    done = bench("match", "--scale", "tiny", "--json", tmp_path / "f.json")
    assert done.returncode == 0, done.stderr
    assert "peak memory" in done.stdout
    found = json.loads((tmp_path / "f.json").read_text())
    assert found["benchmark"] == "match"
    assert found["scale"] == "tiny"
    assert found["cores"] >= 1
    assert {"python", "tipstaff", "duckdb", "numpy"} <= set(found["versions"])
    whole, *steps, memory = found["figures"]
    assert whole["what"] == "the whole match"
    assert whole["ratio"] == whole["ours"] / whole["peer"]
    assert len(steps) >= 6
    assert memory["unit"] == "MB"
    counts = found["counts"]
    assert counts["pairs"] == counts["wearers"] * counts["crimes"]
    assert counts["fixes"] > 1_000 * counts["wearers"]
    answered = ("candidates", "excluded", "not_monitorable", "cannot_exclude")
    assert sum(counts[name] for name in answered) == counts["pairs"]
    assert any("Chance matches stay blank" in note for note in found["notes"])


def test_motion_is_checked_against_plain_python() -> None:
    done = bench("motion", "--scale", "tiny")
    assert done.returncode == 0, done.stderr
    assert "plain Python" in done.stdout


def test_cases_are_loaded_into_a_database_made_for_it() -> None:
    done = bench("cases", "--scale", "tiny")
    assert done.returncode == 0, done.stderr
    assert "wearers with an order: 107" in done.stdout


def test_monitoring_is_told_beside_peers_with_memory_and_waits() -> None:
    done = bench("monitor", "--scale", "tiny")
    assert done.returncode == 0, done.stderr
    assert "shapely's tree" in done.stdout
    assert "a fix to its findings, 99%" in done.stdout
    assert (
        "postgresql-15-postgis-3" in done.stdout or "PostGIS: the processor's time" in done.stdout
    )
