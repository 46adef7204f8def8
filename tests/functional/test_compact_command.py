"""`tipstaff compact`: fewer files, the same fixes, and an entry in the audit."""

from __future__ import annotations

from pathlib import Path

import program

HEADER = "device_id,fix_time,latitude,longitude,precision_m\n"
PERIOD = ("--from", "2026-01-26", "--to", "2026-01-27", "--format", "csv")
WHY = ("--purpose", "system_administration")


def test_two_imports_of_a_day_become_one_file_and_the_trail_stays(tmp_path: Path) -> None:
    data = tmp_path / "var"
    program.instance_of("tester", data)
    for minute in (0, 1):
        file = tmp_path / f"{minute}.csv"
        file.write_text(f"{HEADER}D1,2026-01-26T16:0{minute}:00Z,53.4,-2.9,5\n")
        program.done("import", "positions", file, *WHY, data=data)
    before = program.done("trail", "D1", *PERIOD, *WHY, data=data)
    said = program.done("compact", *WHY, "--keep-hours", "0", data=data)
    assert "1 day brought together, 2 old files deleted" in said
    assert program.done("trail", "D1", *PERIOD, *WHY, data=data) == before
    assert program.done("compact", *WHY, data=data).startswith("0 days")
    assert "alteration" in program.done("audit", "list", "--purpose", "audit", data=data)


def test_without_a_purpose_nothing_is_done(tmp_path: Path) -> None:
    program.instance_of("tester", tmp_path / "var")
    assert program.tipstaff("compact", data=tmp_path / "var").returncode == 2
