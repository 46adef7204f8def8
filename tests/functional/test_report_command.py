"""`tipstaff report` end to end: files in, one page out, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_run import files, streets
from typer.testing import CliRunner

from tipstaff.cli.app import app


@pytest.fixture
def stem(tmp_path: Path) -> Path:
    for suffix, content in files().items():
        (tmp_path / f"night{suffix}").write_bytes(content)
    return tmp_path / "night"


def call(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["report", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_writes_the_page_beside_the_results(stem: Path, suffix: str) -> None:
    code, said = call(stem.with_name(stem.name + suffix))
    assert code == 0
    assert "night.html" in said
    html = stem.with_name("night.html").read_text(encoding="utf-8")
    assert "NOT/24/0003" in html
    assert "W201" in html


def test_streets_and_out(stem: Path, tmp_path: Path) -> None:
    (tmp_path / "s.geojson").write_text(json.dumps(streets()))
    assert call(stem, "--streets", tmp_path / "s.geojson", "--out", tmp_path / "p.html")[0] == 0
    bare = call(stem, "--out", tmp_path / "bare.html")
    assert bare[0] == 0
    assert (tmp_path / "p.html").stat().st_size > (tmp_path / "bare.html").stat().st_size


@pytest.mark.parametrize("suffix", [".csv", ".crimes.csv", ".facts.parquet", ".manifest.json"])
def test_a_missing_or_spoiled_file_is_named(stem: Path, suffix: str) -> None:
    path = stem.with_name(stem.name + suffix)
    path.write_bytes(b"\x00 spoiled")
    code, said = call(stem)
    assert code == 2
    assert suffix in said
    path.unlink()
    code, said = call(stem)
    assert code == 2
    assert path.name in said.replace("\n", "")


def test_streets_that_are_no_geojson_are_refused(stem: Path, tmp_path: Path) -> None:
    (tmp_path / "s.geojson").write_text("{")
    code, said = call(stem, "--streets", tmp_path / "s.geojson")
    assert code == 2
    assert "not GeoJSON" in said
