"""`tipstaff match` on files: what of them could not be used is said, kept and counted."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tipstaff.cli.app import app

NIGHT = datetime(2026, 6, 1, 22, tzinfo=UTC)
HEADER = "device_id,fix_time,latitude,longitude,precision_m,mechanism\n"
WIDE = "force,type,reference,from,to,latitude,longitude\n"


def fix(device: str, minute: float, latitude: float = 52.92) -> str:
    at = (NIGHT + timedelta(minutes=minute)).isoformat()
    return f"{device},{at},{latitude},-1.47,10,1\n"


def crime(batch: str, reference: str, place: str = ",,52.92,-1.47,WGS84", text: str = "") -> str:
    times = "20260601220000,20260601230000"
    return f"Derbyshire,RB,,{batch},{reference},{times},{place},{text}\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two devices for two hours, and a batch of one crime."""
    rows = [fix(device, minute) for device in ("d1", "d2") for minute in range(-30, 90)]
    (tmp_path / "p.csv").write_text(HEADER + "".join(rows))
    (tmp_path / "crimes").mkdir()
    (tmp_path / "crimes" / "DBY20260601.csv").write_text(crime("DBY20260601", "a"))
    return tmp_path


def match(folder: Path, *words: str | Path, crimes: str = "crimes", out: str = "run.csv") -> Result:
    given = ["match", "--crimes", folder / crimes, "--out", folder / out, *words]
    if "--positions" not in words:
        given += ["--positions", folder / "p.csv"]
    return CliRunner().invoke(app, [str(word) for word in given])


def manifest(folder: Path, stem: str = "run") -> dict[str, Any]:
    return dict(json.loads((folder / f"{stem}.manifest.json").read_bytes()))


def matched_crimes(folder: Path) -> list[list[str]]:
    lines = (folder / "run.crimes.csv").read_text().splitlines()[1:]
    return [line.split(",")[1:3] for line in lines]


def test_a_replacement_is_read_after_its_original(folder: Path) -> None:
    crimes = folder / "crimes"
    (crimes / "DBY20260601.csv").write_text(crime("DBY20260601", "a") + crime("DBY20260601", "b"))
    (crimes / "DBY20260601-R.csv").write_text(crime("DBY20260601-R", "a", text="corrected"))
    assert match(folder).exit_code == 0
    assert matched_crimes(folder) == [["a", "2"]]


def test_the_order_of_files_does_not_count(folder: Path) -> None:
    (folder / "crimes" / "DBY20260601-R.csv").write_text(crime("DBY20260601-R", "a", text="new"))
    (folder / "q.csv").write_text(HEADER + fix("d3", 1) + fix("d3", 2, 91))
    words = [["--positions", str(folder / name)] for name in ("p.csv", "q.csv")]
    assert match(folder, *words[0], *words[1]).exit_code == 1
    assert match(folder, *words[1], *words[0], out="other.csv").exit_code == 1
    for suffix in (".csv", ".crimes.csv", ".facts.parquet", ".manifest.json", ".quarantine.jsonl"):
        one, other = ((folder / f"{stem}{suffix}").read_bytes() for stem in ("run", "other"))
        assert one == other, suffix


def test_files_that_do_not_agree_are_refused(folder: Path) -> None:
    crimes = folder / "crimes"
    (crimes / "DBY20260601.csv").unlink()
    row = "Derbyshire,RB,Z1,2026-06-01T{}:00:00Z,2026-06-01T23:00:00Z,52.92,-1.47\n"
    for name, hour in (("a.csv", 21), ("b.csv", 22)):
        (crimes / name).write_text(WIDE + row.format(hour))
    ran = match(folder, "--lenient")
    assert ran.exit_code == 2
    assert "a.csv" in ran.stderr
    assert "b.csv do not agree on crime Z1" in ran.stderr
    assert not (folder / "run.csv").exists()


def test_a_crime_without_a_place_is_told_and_counted(folder: Path) -> None:
    (folder / "crimes" / "DBY20260601.csv").write_text(
        crime("DBY20260601", "a") + crime("DBY20260601", "b", "10,10,,,OSGB36")
    )
    ran = match(folder)
    assert ran.exit_code == 0
    assert "DBY20260601.csv: warning: row 2: UNLOCATABLE" in ran.stderr
    assert "1 of 2 crimes could not be located" in ran.stderr
    assert manifest(folder)["counts"]["crimes_not_located"] == 1


def test_files_of_a_folder_are_found_in_any_case_and_the_rest_named(folder: Path) -> None:
    crimes = folder / "crimes"
    (crimes / "DBY20260602.CSV").write_text(crime("DBY20260602", "b"))
    (crimes / "notes.txt").write_text("x")
    ran = match(folder)
    assert ran.exit_code == 0
    assert matched_crimes(folder) == [["a", "1"], ["b", "1"]]
    assert "passed over, not ending in .csv: notes.txt" in ran.stderr


def test_quarantined_rows_are_kept_beside_the_run(folder: Path) -> None:
    with (folder / "p.csv").open("a") as file:
        file.write(fix("d1", 5, 91.0))
    ran = match(folder)
    assert ran.exit_code == 1
    assert "p.csv: 1 row quarantined: OUT_OF_RANGE" in ran.stderr
    kept = (folder / "run.quarantine.jsonl").read_bytes()
    assert str(folder / "run.quarantine.jsonl") in ran.stderr.replace("\n", "")
    line = json.loads(kept)
    assert (line["file"], line["row"], line["reason"]) == ("p.csv", 242, "OUT_OF_RANGE")
    said = manifest(folder)
    assert said["counts"]["quarantined_rows"] == 1
    assert said["outputs"]["quarantine"] == hashlib.sha256(kept).hexdigest()
    (folder / "p.csv").write_text(HEADER + fix("d1", 1))
    assert match(folder).exit_code == 0
    assert not (folder / "run.quarantine.jsonl").exists()


def test_a_damaged_position_file_is_named(folder: Path) -> None:
    (folder / "bad.csv.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    words = ("--positions", folder / "p.csv", "--positions", folder / "bad.csv.gz")
    ran = match(folder, *words)
    assert ran.exit_code == 2
    assert "bad.csv.gz: DAMAGED_FILE" in ran.stderr


def test_inputs_are_listed_by_role_with_the_mapping(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "p.csv").write_text(HEADER + fix("d3", 1))
    (folder / "mine.toml").write_bytes(
        (Path("src/tipstaff/formats/mappings") / "tipstaff.toml").read_bytes()
    )
    words = ("--positions", folder / "p.csv", "--positions", folder / "other" / "p.csv",
             "--mapping", folder / "mine.toml")  # fmt: skip
    assert match(folder, *words).exit_code == 0
    files = manifest(folder)["files"]
    assert [(f["role"], f["name"]) for f in files] == [
        ("crimes", "DBY20260601.csv"), ("mapping", "mine.toml"),
        ("positions", "p.csv"), ("positions", "p.csv"),
    ]  # fmt: skip
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("p.csv")}
    assert {f["sha256"] for f in files if f["role"] == "positions"} == digests
    assert files == sorted(files, key=lambda f: (f["role"], f["name"], f["sha256"]))


def test_fixes_that_belong_to_nobody_and_silent_devices_are_told(folder: Path) -> None:
    (folder / "worn.csv").write_text(
        "activation_id,device_id,wearer_id,start,end\n"
        "1,d1,W1,2026-06-01T22:00:00Z,2026-06-01T23:00:00Z\n"
        "2,D2,W2,2026-06-01T00:00:00Z,\n"
    )
    ran = match(folder, "--activations", folder / "worn.csv")
    assert ran.exit_code == 0
    counts = manifest(folder)["counts"]
    names = ("unassigned_fixes", "unassigned_devices", "silent_devices")
    assert [counts[name] for name in names] == [180, 2, 1]
    assert "180 fixes of 2 devices belong to nobody" in ran.stderr
    assert "1 device with an activation" in ran.stderr


def test_what_the_present_decided_can_be_made_again(folder: Path) -> None:
    late = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    assert match(folder, out="plain.csv").exit_code == 0
    assert manifest(folder, "plain")["positions_read_as_of"] is None
    with (folder / "p.csv").open("a") as file:
        file.write(f"d1,{late},52.92,-1.47,10,1\n")
    assert match(folder).exit_code == 1
    as_of = manifest(folder)["positions_read_as_of"]
    assert match(folder, "--now", as_of, out="again.csv").exit_code == 1
    assert manifest(folder, "again") == manifest(folder)
    assert match(folder, "--now", late, out="later.csv").exit_code == 0
    assert manifest(folder, "later")["counts"]["quarantined_rows"] == 0


@pytest.mark.parametrize("out", [".", "crimes", "p.csv/run.csv", "blocked.csv"])
def test_where_the_results_go_is_checked_first(folder: Path, out: str) -> None:
    (folder / "blocked.crimes.csv").mkdir()
    before = sorted(folder.rglob("*"))
    # A position file that is not there would be told next.
    ran = match(folder, "--positions", folder / "absent.csv", out=out)
    assert ran.exit_code == 2
    assert "--out" in ran.stderr
    assert "absent" not in ran.stderr
    assert sorted(folder.rglob("*")) == before


def test_a_report_is_of_one_run_alone(folder: Path) -> None:
    every = ("--outcomes", "all")
    assert match(folder, *every).exit_code == 0
    (folder / "crimes" / "DBY20260601.csv").write_text(crime("DBY20260601", "b"))
    assert match(folder, *every, out="two.csv").exit_code == 0
    for suffix in (".crimes.csv", ".facts.parquet", ".csv"):
        mine = folder / f"run{suffix}"
        kept = mine.read_bytes()
        mine.write_bytes((folder / f"two{suffix}").read_bytes())
        ran = CliRunner().invoke(app, ["report", str(folder / "run.csv")])
        assert ran.exit_code == 2, suffix
        assert f"(*{suffix}) are not those" in ran.stderr
        mine.write_bytes(kept)
    assert CliRunner().invoke(app, ["report", str(folder / "run.csv")]).exit_code == 0
