"""`tipstaff simulate` end to end: the same bytes, files that the project's readers accept."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tipstaff.formats.activations import read_activations
from tipstaff.formats.crimes import read_crimes
from tipstaff.formats.positions import read_positions
from tipstaff.positions.mappings import shipped_mapping

SMALL = ("--wearers", "6", "--days", "8", "--seed", "5", "--crimes", "9")


def run(out: Path, *options: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tipstaff", "simulate", str(out), *options],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulate") / "town"
    done = run(out, *SMALL)
    assert done.returncode == 0, done.stderr
    assert "positions of 6 wearers" in done.stdout
    return out


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert run(again, *SMALL, hash_seed="4711").returncode == 0
    assert digests(again) == digests(made)
    assert len(digests(made)) >= 9


def test_another_seed_gives_another_world(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run(other, *SMALL[:4], "--seed", "6", "--crimes", "9").returncode == 0
    assert digests(other)["positions.parquet"] != digests(made)["positions.parquet"]


def test_every_file_is_there_and_explained(made: Path) -> None:
    readme = (made / "README.txt").read_text()
    for name in (
        "positions.parquet", "activations.csv", "streets.geojson",
        "truth/paths.parquet", "truth/fixes.parquet", "truth/crimes.csv", "truth/faults.csv",
    ):  # fmt: skip
        assert (made / name).is_file()
        assert name in readme
    streets = json.loads((made / "streets.geojson").read_text())
    assert streets["type"] == "FeatureCollection"


def test_the_crime_files_pass_the_strict_reader(made: Path) -> None:
    crimes = []
    for path in sorted((made / "crimes").glob("*.csv")):
        read = read_crimes(path.read_bytes())
        assert not read.errors
        assert not read.warnings
        assert {crime.batch for crime in read.crimes} == {path.stem}
        crimes += read.crimes
    assert len(crimes) == 9


def test_the_activations_pass_the_reader(made: Path) -> None:
    read = read_activations((made / "activations.csv").read_bytes())
    assert not read.errors
    assert len({a.wearer_id for a in read.accepted}) == 6


def test_the_positions_pass_the_reader_whole(made: Path) -> None:
    table = pq.read_table(made / "positions.parquet")
    with (made / "positions.parquet").open("rb") as file:
        now = datetime(2026, 6, 1, tzinfo=UTC)
        batches = list(read_positions(file, shipped_mapping("tipstaff"), now=now))
    assert all(batch.fault is None for batch in batches)
    assert sum(batch.quarantined.num_rows for batch in batches) == 0
    assert sum(batch.accepted.num_rows for batch in batches) == table.num_rows


def test_csv_positions_say_what_parquet_ones_say(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "csv"
    assert run(out, *SMALL, "--positions", "csv").returncode == 0
    header, first, *rest = (out / "positions.csv").read_text().splitlines()
    table = pq.read_table(made / "positions.parquet")
    assert header.replace('"', "").split(",") == table.column_names
    assert len(rest) + 1 == table.num_rows
    row = table.slice(0, 1).to_pylist()[0]
    cells = first.replace('"', "").split(",")
    assert cells[0] == row["device_id"]
    assert cells[1] == row["fix_time"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert float(cells[2]) == row["latitude"]


def test_a_folder_that_holds_something_is_left_alone(made: Path) -> None:
    before = digests(made)
    refused = run(made, *SMALL)
    assert refused.returncode == 2
    assert "not an empty folder" in refused.stderr
    assert digests(made) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--wearers", "0"), "at least one wearer"),
        (("--force", "Dorset"), "no town to simulate"),
        (("--days", "0"), "at least two days"),
        (("--positions", "xml"), "parquet or csv"),
    ],
)
def test_an_impossible_world_is_refused(
    tmp_path: Path, options: tuple[str, str], words: str
) -> None:
    refused = run(tmp_path / "out", *options)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert not (tmp_path / "out").exists()
