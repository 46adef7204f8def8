"""`tipstaff audit`, as an auditor runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_cases import case, utc
from program import done, instance_of, tipstaff

from tipstaff.formats.case_json import write_cases

AUDIT = ("--purpose", "audit")
MANAGE = ("--purpose", "offender_management", "--authority", "asked by J Doe")
SUBJECT = ("--purpose", "subject_access", "--authority", "request 12")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with two cases and a look at one of them; not to be changed."""
    folder = tmp_path_factory.mktemp("audited")
    instance_of("officer", folder / "var")
    file = folder / "cases.json"
    file.write_bytes(write_cases(tuple(case(n, ends_at=utc("2090-01-01")) for n in (0, 1))))
    done("import", "orders", file, *MANAGE, data=folder / "var")
    done("cases", "show", "W000000", *MANAGE, data=folder / "var")
    return folder / "var"


def test_the_words_of_an_entry_are_read_and_do_not_stand_in_the_file(data: Path) -> None:
    lines = [json.loads(line) for line in done("audit", "list", *AUDIT, data=data).splitlines()]
    shown = next(line for line in lines if line["use_case"] == "show_case")
    assert (shown["authority"], shown["private_words"]) == ("asked by J Doe", "read")
    for file in data.glob("records.sqlite3*"):
        assert b"J Doe" not in file.read_bytes()


def test_a_wearer_is_told_who_looked_and_names_nobody(data: Path) -> None:
    said = done("audit", "subject", "W000000", *SUBJECT, data=data)
    assert "somebody in the role 'local'" in said
    assert "looked at your data, to supervise you." in said
    assert "recorded something about you, with 1 other, to supervise you." in said
    assert "officer" not in said
    assert said.splitlines()[-1].startswith("The law lets us leave out")
    untouched = done("audit", "subject", "W000001", *SUBJECT, data=data)
    assert said.splitlines()[-1] == untouched.splitlines()[-1]
    nobody = tipstaff("audit", "subject", "W9", *SUBJECT, data=data)
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "W9" not in nobody.stderr


def test_the_log_is_searched_and_what_was_not_asked_is_told(data: Path) -> None:
    period = ("--from", "2020-01-01", "--to", "2090-01-01")
    ran = tipstaff("audit", "misuse", *period, *AUDIT, data=data)
    assert ran.returncode == 0
    assert "0 questions." in ran.stdout
    assert "was not asked" in ran.stderr


def test_a_month_that_is_over_and_empty_and_one_that_is_not(data: Path) -> None:
    empty = tipstaff("audit", "sample", "--month", "2020-01", *AUDIT, data=data)
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "Nobody looked" in empty.stderr
    early = tipstaff("audit", "sample", "--month", "2099-01", *AUDIT, data=data)
    assert early.returncode == 2
    assert "MONTH_NOT_OVER" in early.stderr
    unknown = "00000000-0000-4000-8000-000000000000"
    none = tipstaff("audit", "examine", unknown, "--outcome", "proper", *AUDIT, data=data)
    assert none.returncode == 2
    assert "ITEM_NOT_KNOWN" in none.stderr


def test_verify_tells_faulty_heads_from_a_faulty_chain(data: Path, tmp_path: Path) -> None:
    import shutil
    import sqlite3

    copy = shutil.copytree(data, tmp_path / "var")
    assert "The chain holds." in done("audit", "verify", data=copy)
    heads = copy / "audit-heads.jsonl"
    whole = heads.read_text()
    heads.unlink()
    without = tipstaff("audit", "verify", data=copy)
    assert without.returncode == 3
    assert "there are none" in without.stderr
    assert "holds by itself" in without.stderr
    heads.write_text(whole)
    with sqlite3.connect(copy / "records.sqlite3") as records:
        for trigger in ("audit_unchanged", "audit_kept"):
            records.execute(f"DROP TRIGGER {trigger}")
        records.execute("UPDATE records_auditentry SET purpose = 'audit' WHERE sequence = 2")
    records.close()
    altered = tipstaff("audit", "verify", data=copy)
    assert altered.returncode == 1
    assert "entry 2: changed" in altered.stderr
    assert "The chain does not hold." in altered.stderr
