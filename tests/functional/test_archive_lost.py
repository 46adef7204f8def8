"""An archive that is gone, or of which a file is gone: no answer, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from program import done, instance_of, tipstaff

WHY = ("--purpose", "demonstration")
PERIOD = ("--from", "2026-01-01T20:00", "--to", "2026-01-02T08:00")
CRIME = "Durham,BIAD,,DUR20260101,Z1,20260101220000,20260102060000,427000,542000,,,OSGB36,\n"
LOOKS = (
    ("trail", "D1", *PERIOD),
    ("near", "54.77", "-1.58", *PERIOD),
    ("match", "--batch", "all", "--searchable", "all", "--authority", "made up", "--out", "f.csv"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an instance with positions and a crime; not to be changed."""
    folder = tmp_path_factory.mktemp("lost")
    rows = [
        f"D1,2026-01-{day:02}T{hour:02}:{minute:02}:00Z,54.77,-1.58,5"
        for day in (1, 2)
        for hour in range(24)
        for minute in range(60)
    ]
    header = "device_id,fix_time,latitude,longitude,precision_m"
    (folder / "p.csv").write_text("\n".join([header, *rows, ""]))
    (folder / "DUR20260101.csv").write_text(CRIME)
    data = folder / "var"
    instance_of("analyst", data)
    done("import", "positions", "p.csv", *WHY, data=data, cwd=folder)
    done("import", "crimes", "DUR20260101.csv", *WHY, data=data, cwd=folder)
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "var")


@pytest.mark.parametrize("words", LOOKS, ids=lambda words: words[0])
def test_no_archive_is_no_answer(data: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (data / "archive").rename(tmp_path / "elsewhere")
    ran = tipstaff(*words, *WHY, data=data, cwd=tmp_path)
    assert ran.returncode == 3, ran.stderr
    assert "restore" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "f.csv").exists()
    runs = done("runs", *WHY, data=data)
    assert "No run is on record" in runs


@pytest.mark.parametrize("spoil", ["missing", "cut short", "overwritten"])
@pytest.mark.parametrize("words", LOOKS, ids=lambda words: words[0])
def test_a_lost_file_is_named(
    data: Path, tmp_path: Path, words: tuple[str, ...], spoil: str
) -> None:
    file = next((data / "archive").glob("day=2026-01-02/*.parquet"))
    content = file.read_bytes()
    if spoil == "missing":
        file.unlink()
    elif spoil == "cut short":
        file.write_bytes(content[:-100])
    else:
        file.write_bytes(content[:4] + b"\xff" * (len(content) - 8) + content[-4:])
    ran = tipstaff(*words, *WHY, data=data, cwd=tmp_path)
    assert ran.returncode == 3, ran.stderr
    assert f"day=2026-01-02/{file.name}" in ran.stderr
    assert "backup" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert str(data) not in ran.stderr


def test_a_log_that_cannot_be_read_is_told(data: Path, tmp_path: Path) -> None:
    for file in (data / "archive" / "_delta_log").glob("*.json"):
        file.write_text("{")
    ran = tipstaff("trail", "D1", *PERIOD, *WHY, data=data, cwd=tmp_path)
    assert ran.returncode == 3, ran.stderr
    assert "log" in ran.stderr
    assert "Traceback" not in ran.stderr
