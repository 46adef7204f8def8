"""`tipstaff check crimes`, end to end, on files alone: no data folder, no settings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = "Derbyshire,BIAD,,DBY20260131,C1,20260130220000,20260131063000,435213,336107,,,OSGB36,x\n"
BAD = "Derbyshire,BIAD,,DBY20260131,C2,20260130220000,20260131063000,900000,336107,,,OSGB36,x\n"


def check(
    folder: Path, *arguments: str, content: str | bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    file = folder / "batch.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return subprocess.run(
        [sys.executable, "-m", "tipstaff", "check", "crimes", str(file), *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "120"},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("content", "status", "accepted", "exit_code"),
    [
        (GOOD, "SUCCESSFUL", 1, 0),
        (GOOD + BAD, "PARTIAL", 1, 1),
        (BAD, "ERROR", 0, 2),
        (b"PK\x03\x04", "FAILED", 0, 2),
    ],
)
def test_json_and_exit_codes(
    tmp_path: Path, content: str | bytes, status: str, accepted: int, exit_code: int
) -> None:
    done = check(tmp_path, "--json", content=content)
    got = json.loads(done.stdout)
    assert (got["status"], got["accepted"], done.returncode) == (status, accepted, exit_code)
    assert done.stderr == b""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch.csv"]


def test_the_table_names_row_code_value_and_remedy(tmp_path: Path) -> None:
    done = check(tmp_path, content=GOOD + BAD.replace("C2", "[red]C2"))
    shown = done.stdout.decode()
    for part in (
        "1 of 2 rows accepted",
        "INVALID_LOCATION_DATA_RANGE",
        "easting: 900000",
        "[red]C2",
    ):
        assert part in shown
    assert done.returncode == 1


def test_a_terminal_without_utf_8_still_gets_its_table(tmp_path: Path) -> None:
    file = tmp_path / "batch.csv"
    file.write_bytes(BAD.replace("C2", "é…2").encode())
    done = subprocess.run(
        [sys.executable, "-m", "tipstaff", "check", "crimes", str(file)],
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"??2" in done.stdout


def test_the_error_file_is_written(tmp_path: Path) -> None:
    out = tmp_path / "put-right.csv"
    assert check(tmp_path, "--errors", str(out), content=GOOD + BAD).returncode == 1
    assert out.read_bytes().startswith(
        b"severity,row,line,crime_reference,code,field,value,what_to_do\n"
    )
    assert b"error,2,2,C2,INVALID_LOCATION_DATA_RANGE,easting,900000," in out.read_bytes()


def test_lenient_takes_a_header(tmp_path: Path) -> None:
    content = "force,reference,type,from,lat,lon\nDorset,C1,RB,20260130220000,50.71,-2.44\n"
    assert check(tmp_path, content=content).returncode == 2
    assert check(tmp_path, "--lenient", content=content).returncode == 0


def test_standard_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tipstaff", "check", "crimes", "-", "--json"],
        input=GOOD.encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert (json.loads(done.stdout)["accepted"], done.returncode) == (1, 0)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tipstaff", "check", "crimes", "none.csv"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert b"Cannot read none.csv" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_error_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = check(tmp_path, "--errors", str(tmp_path / "no" / "such.csv"), content=BAD)
    assert done.returncode == 2
    assert b"Cannot write" in done.stderr
