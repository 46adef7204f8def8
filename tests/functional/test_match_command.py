"""`tipstaff match` on files alone, end to end."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from program import done, tipstaff

from tipstaff.matching.outcomes import RESULT_SCHEMA

SUFFIXES = (".csv", ".crimes.csv", ".facts.parquet", ".manifest.json")
LENIENT = (
    "police force,crime type,description,batch id,crime reference,from,to,easting,northing,"
    "latitude,longitude,datum,crime text\r\n"
)


def matched(world: Path, out: Path, *words: str | Path) -> str:
    return done(
        "match", "--positions", world / "positions.parquet", "--crimes", world / "crimes",
        "--activations", world / "activations.csv", "--error-model", "simulated",
        *words, "--out", out,
    )  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def every(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("match") / "run.csv"
    matched(world, out, "--outcomes", "all")
    return out


def test_the_columns_and_the_outcomes(every: Path) -> None:
    found = rows(every)
    assert list(found[0]) == RESULT_SCHEMA.names
    assert {"candidate", "excluded", "not_monitorable"} <= {row["outcome"] for row in found}
    for row in found:
        assert (row["log10_lr"] == "") == (row["outcome"] == "excluded")
        assert (row["rank"] != "") == (row["outcome"] == "candidate")
        assert row["explanation"].endswith("stated time and place are right.")


def test_one_row_a_crime_and_counts_that_agree(every: Path) -> None:
    found, crimes = rows(every), rows(every.with_name("run.crimes.csv"))
    assert len(crimes) == 9
    manifest = json.loads(every.with_name("run.manifest.json").read_bytes())
    for outcome, column in (("candidate", "candidates"), ("cannot_exclude", "cannot_exclude")):
        written = sum(row["outcome"] == outcome for row in found)
        assert written == sum(int(row[column]) for row in crimes) == manifest["counts"][column]
    assert manifest["counts"]["rows"] == len(found)


def test_the_same_files_give_the_same_bytes(world: Path, every: Path, tmp_path: Path) -> None:
    matched(world, tmp_path / "again.csv", "--outcomes", "all")
    for suffix in SUFFIXES:
        again = tmp_path / f"again{suffix}"
        assert again.read_bytes() == every.with_name(f"run{suffix}").read_bytes(), suffix


def test_the_manifest_names_its_inputs(world: Path, every: Path) -> None:
    manifest = json.loads(every.with_name("run.manifest.json").read_bytes())
    batches = {path.name for path in (world / "crimes").iterdir()}
    named = {(file["role"], file["name"]) for file in manifest["files"]}
    assert named == {
        ("positions", "positions.parquet"),
        ("activations", "activations.csv"),
        ("mapping", "tipstaff"),
        *(("crimes", name) for name in batches),
    }
    assert all(len(file["sha256"]) == 64 for file in manifest["files"])
    assert manifest["outcomes"] == "all"
    assert "seconds" not in json.dumps(manifest)
    assert json.loads(every.with_name("run.timings.json").read_bytes())


def test_by_default_only_candidates_are_written(world: Path, every: Path, tmp_path: Path) -> None:
    said = matched(world, tmp_path / "few.csv")
    few = rows(tmp_path / "few.csv")
    assert few == [row for row in rows(every) if row["outcome"] == "candidate"]
    assert f"{len(few)} candidates" in said


def test_without_activations_each_device_is_its_own_wearer(world: Path, tmp_path: Path) -> None:
    done(
        "match", "--positions", world / "positions.parquet", "--crimes", world / "crimes",
        "--outcomes", "all", "--out", tmp_path / "devices.csv",
    )  # fmt: skip
    found = rows(tmp_path / "devices.csv")
    assert found
    assert {row["wearer_id"] for row in found} == {row["device_ids"] for row in found}


def test_a_bad_crime_row_is_left_out_and_told(world: Path, tmp_path: Path) -> None:
    source = sorted((world / "crimes").iterdir())[0]
    good = source.read_text(encoding="utf-8")
    first = good.splitlines()[0].split(",")
    spoiled = ",".join([*first[:1], "XX", *first[2:4], "SPOILED", *first[5:]])
    (tmp_path / source.name).write_text(f"{good}{spoiled}\r\n", encoding="utf-8", newline="")
    ran = tipstaff(
        "match", "--positions", world / "positions.parquet", "--crimes", tmp_path / source.name,
        "--out", tmp_path / "some.csv",
    )  # fmt: skip
    assert ran.returncode == 1
    assert "PARTIAL" in ran.stderr
    references = {row["crime_reference"] for row in rows(tmp_path / "some.crimes.csv")}
    assert references == {text.split(",")[4] for text in good.splitlines()}


def test_lenient_takes_a_header_and_a_long_window(world: Path, tmp_path: Path) -> None:
    source = sorted((world / "crimes").iterdir())[0]
    cells = source.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells[6] = str(int(cells[5]) + 1_000_000)  # the same time of the next day
    crimes = tmp_path / "long.csv"
    crimes.write_text(LENIENT + ",".join(cells) + "\r\n", encoding="utf-8", newline="")
    words = ("match", "--positions", world / "positions.parquet", "--crimes", crimes)
    strict = tipstaff(*words, "--out", tmp_path / "strict.csv")
    assert strict.returncode == 2
    assert not (tmp_path / "strict.csv").exists()
    done(*words, "--lenient", "--out", tmp_path / "long.out.csv")
    assert [row["crime_reference"] for row in rows(tmp_path / "long.out.crimes.csv")] == [cells[4]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "x.csv"), "--positions and --crimes"),
        (("--positions", "absent.csv", "--crimes", "absent.csv", "--out", "x.csv"), "absent.csv"),
        (("--batch", "all", "--crimes", "c.csv", "--out", "x.csv"), "--batch reads the archive"),
        (("--positions", "p", "--crimes", "c", "--error-model", "none", "--out", "x"), "none"),
        (("--positions", "p", "--crimes", "c", "--now", "9999-12-31T20:00", "--out", "x"), "2100"),
        (("--batch", "all", "--now", "2026-01-01", "--out", "x.csv"), "--now"),
    ],
)
def test_a_wrong_call_says_what_to_do(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    ran = tipstaff("match", *words, cwd=tmp_path)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_report_is_made_from_the_files(every: Path) -> None:
    done("report", every)
    page = every.with_suffix(".html").read_text(encoding="utf-8")
    for row in rows(every.with_name("run.crimes.csv")):
        assert row["crime_reference"] in page
