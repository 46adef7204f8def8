"""`tipstaff import crimes`: several files at once, late ones, and what is told of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import done, instance_of, tipstaff

WHY = ("--purpose", "demonstration")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    instance_of("analyst", tmp_path / "var")
    return tmp_path / "var"


def batch(folder: Path, name: str, *crimes: str, place: str = "435200,336100,,,OSGB36") -> Path:
    path = folder / f"{name}.csv"
    path.write_text(
        "".join(
            f"Derbyshire,RB,,{name},{crime},20260601220000,20260601230000,{place},\r\n"
            for crime in crimes
        )
    )
    return path


def test_an_original_named_after_its_replacement_is_taken_before_it(
    data: Path, tmp_path: Path
) -> None:
    files = [batch(tmp_path, "DBY20260601-R", "a"), batch(tmp_path, "DBY20260601", "a", "b")]
    said = done("import", "crimes", *files, *WHY, data=data).splitlines()
    assert [line.split(": ")[-1] for line in said] == ["2 new.", "1 unchanged, 1 withdrawn."]


def test_a_late_original_is_told(data: Path, tmp_path: Path) -> None:
    done("import", "crimes", batch(tmp_path, "DBY20260601-R", "a"), *WHY, data=data)
    late = batch(tmp_path, "DBY20260601", "a", "b")
    ran = tipstaff("import", "crimes", late, *WHY, data=data)
    assert ran.returncode == 1
    assert "1 superseded, 1 unchanged" in ran.stdout
    assert "1 crime was left alone" in ran.stderr
    assert "Send it again as DBY20260601-R." in ran.stderr


def test_files_that_do_not_agree_are_refused_together(data: Path, tmp_path: Path) -> None:
    (tmp_path / "later").mkdir()
    first = batch(tmp_path, "DBY20260601", "a")
    other = batch(tmp_path / "later", "DBY20260601", "a", place="435201,336100,,,OSGB36")
    ran = tipstaff("import", "crimes", first, other, *WHY, data=data)
    assert ran.returncode == 2
    assert "do not agree on crime a" in ran.stderr
    assert "Nothing was taken in" in ran.stderr
    done("import", "crimes", first, *WHY, data=data)
    assert "1 changed" in done("import", "crimes", first, other, *WHY, data=data)


def test_warnings_are_told_and_written(data: Path, tmp_path: Path) -> None:
    file = batch(tmp_path, "DBY20260601", "a", place="10,10,,,OSGB36")
    ran = tipstaff("import", "crimes", file, *WHY, "--errors", tmp_path / "out", data=data)
    assert ran.returncode == 0
    assert "warning: row 1: UNLOCATABLE" in ran.stderr
    assert "UNLOCATABLE" in (tmp_path / "out" / "DBY20260601.errors.csv").read_text()
