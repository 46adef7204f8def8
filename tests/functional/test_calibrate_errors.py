"""`tipstaff calibrate errors` from files to a model that loads."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tipstaff.cli.app import app
from tipstaff.domain.accuracy import ErrorModel

HEADER = "device_id,fix_time,latitude,longitude,precision_m,mechanism,true_latitude,true_longitude"


def tipstaff(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["calibrate", "errors", *map(str, arguments)])


@pytest.fixture
def track(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    rows = [HEADER]
    for device in range(10):
        for minute in range(60):
            lat, lon = rng.normal(size=2) * 2e-4
            when = f"2026-01-01T10:{minute:02d}:00Z"
            rows.append(f"d{device},{when},{52 + lat:.7f},{lon:.7f},8,GPS,52,0")
    path = tmp_path / "track.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_model_table_and_picture(track: Path, tmp_path: Path) -> None:
    out, plot = tmp_path / "m.json", tmp_path / "p.svg"
    result = tipstaff(track, "--out", out, "--plot", plot, "--name", "bench-7", "--draws", 4)
    assert result.exit_code == 0, result.output
    assert "satellite" in result.output
    assert "95%" in result.output
    written = json.loads(out.read_text())
    model = ErrorModel.from_json(written)
    assert model.version == "bench-7"
    assert model.classes[0].k > 2  # 8 m was claimed, 40 m would be true
    provenance = written["provenance"]
    assert provenance["tracks"][0]["fixes"] == 600
    assert provenance["fits"]["gps"]["tracks"] == 10
    assert provenance["started_from"] == "error-1"
    assert len(provenance["coverage_after_cross_fitted"]) == 4
    assert ET.parse(plot).getroot().tag.endswith("svg")
    assert str(tmp_path) not in out.read_text()


def test_same_tracks_same_bytes_and_a_second_start(track: Path, tmp_path: Path) -> None:
    one, two, third = (tmp_path / n for n in ("1.json", "2.json", "3.json"))
    assert tipstaff(track, "--out", one, "--draws", 3).exit_code == 0
    assert tipstaff(track, "--out", two, "--draws", 3).exit_code == 0
    assert one.read_bytes() == two.read_bytes()
    assert tipstaff(track, "--out", third, "--start", one, "--draws", 3).exit_code == 0
    before = json.loads(third.read_text())["provenance"]["coverage_before"]
    assert before[0]["observed"] == pytest.approx(0.5, abs=0.08)  # the start already fits


def test_bad_rows_are_told_and_the_rest_fitted(track: Path, tmp_path: Path) -> None:
    with track.open("a", encoding="utf-8") as stream:
        stream.write("d0,never,52,0,8,GPS,52,0\n" * 7)
    result = tipstaff(track, "--out", tmp_path / "m.json", "--draws", 2)
    assert result.exit_code == 1
    assert "row 601: INVALID_VALUE fix_time" in result.output
    assert "2 more rows" in result.output
    assert (tmp_path / "m.json").exists()


@pytest.mark.parametrize("option", ["--start", "--columns"])
def test_options_that_hold_nonsense_stop_it(option: str, track: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("[not a thing", encoding="utf-8")
    result = tipstaff(track, "--out", tmp_path / "m.json", option, bad)
    assert result.exit_code == 2
    assert option in result.output
    assert not (tmp_path / "m.json").exists()


def test_nothing_to_fit(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("a,b\n", encoding="utf-8")
    result = tipstaff(empty, "--out", tmp_path / "m.json")
    assert result.exit_code == 2
    assert "UNKNOWN_COLUMNS" in result.output
    assert tipstaff(tmp_path / "absent.csv", "--out", tmp_path / "m.json").exit_code == 2
