"""`tipstaff match` where there is nobody to search: an empty answer that says so."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from program import done, instance_of, tipstaff

from tipstaff.cli.match_output import say

HEADER = "device_id,fix_time,latitude,longitude,precision_m\n"
LONG_AGO = HEADER + "D1,2020-01-01T12:00:00Z,52.9,-1.48,5\n"
CRIME = "Durham,BIAD,,DUR20260101,Z1,20260101220000,20260102060000,427000,542000,,,OSGB36,\n"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("positions", [HEADER, LONG_AGO])
def test_files_with_no_position_near_the_crime(tmp_path: Path, positions: str) -> None:
    (tmp_path / "p.csv").write_text(positions)
    (tmp_path / "DUR20260101.csv").write_text(CRIME)
    ran = tipstaff(
        "match", "--positions", "p.csv", "--crimes", "DUR20260101.csv", "--outcomes", "all",
        "--out", "f.csv", cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Nobody was searched" in ran.stderr
    assert "Searched: all devices; no case records" in ran.stdout
    assert rows(tmp_path / "f.csv") == []
    assert [row["crime_reference"] for row in rows(tmp_path / "f.crimes.csv")] == ["Z1"]
    done("report", "f.csv", cwd=tmp_path)
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "0 wearers searched" in page
    assert "Searched: all devices; no case records" in page


def test_an_archive_with_crimes_and_no_position(tmp_path: Path) -> None:
    data = tmp_path / "var"
    (tmp_path / "DUR20260101.csv").write_text(CRIME)
    why = ("--purpose", "demonstration")
    instance_of("analyst", data)
    done("import", "crimes", "DUR20260101.csv", *why, data=data, cwd=tmp_path)
    everybody = ("--searchable", "all", "--authority", "made up")
    ran = tipstaff(
        "match", "--batch", "all", *why, *everybody, "--out", "f.csv", data=data, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert "Nobody was searched" in ran.stderr
    assert rows(tmp_path / "f.csv") == []


def test_where_orders_permit_nobody_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("candidates", "legacy_candidates", "excluded", "not_monitorable", "cannot_exclude",
             "crimes_not_located", "unassigned_fixes", "silent_devices")  # fmt: skip
    counts = dict.fromkeys(names, 0) | {"crimes": 2, "wearers": 0, "wearers_known": 7}
    say(counts, Path("f.csv"), everybody=False)
    told = capsys.readouterr()
    assert "2 crimes, 0 of 7 wearers searched" in told.out
    assert "all devices" not in told.out
    assert "case records permit it of none" in told.err
