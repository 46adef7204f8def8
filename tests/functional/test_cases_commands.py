"""`tipstaff import orders` and `tipstaff cases`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_cases import case
from program import done, instance_of, tipstaff

from tipstaff.formats.case_json import write_cases

WHY = ("--purpose", "demonstration")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    instance_of("officer", tmp_path / "var")
    return tmp_path / "var"


def test_taken_in_listed_and_shown(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(write_cases(tuple(case(n) for n in range(4))))
    said = done("import", "orders", file, *WHY, data=data)
    assert "4 cases, 4 kept, 0 refused; 4 new of wearers, 4 new of orders" in said
    assert "0 new of wearers" in done("import", "orders", file, *WHY, data=data)
    first, following = done("cases", "list", "--limit", "1", *WHY, data=data).splitlines()
    assert first.startswith("O000000  wearer W000000  licence  active  Derbyshire")
    page = following.removeprefix("next: ")
    rest = done("cases", "list", "--after", page, *WHY, data=data).splitlines()
    assert [line[:7] for line in rest] == ["O000001", "O000002", "O000003"]
    only = done("cases", "list", "--force", "Dorset", *WHY, data=data).splitlines()
    assert [line[:7] for line in only] == ["O000002"]
    view = json.loads(done("cases", "show", "W000001", "--at", "2026-02-01", *WHY, data=data))
    assert view["wearer"]["reference"] == "W000001"
    assert view["orders"][0]["order"]["officer"]["name"] == "A Officer"


def test_an_empty_list_says_so(data: Path) -> None:
    found = tipstaff("cases", "list", *WHY, data=data)
    assert (found.returncode, found.stdout) == (0, "")
    assert "No order of these is on record now." in found.stderr


def test_a_change_shows_by_both_clocks(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(write_cases((case(1),)))
    done("import", "orders", file, *WHY, data=data)
    document = json.loads(file.read_text())
    document["cases"][0]["orders"][0]["ends_at"] = "2026-06-01T00:00:00+01:00"
    document["cases"][0] |= {"valid_from": "2026-03-01T00:00:00Z", "reason": "the board said so"}
    file.write_text(json.dumps(document))
    assert "1 new of orders" in done("import", "orders", file, *WHY, data=data)
    shown = json.loads(done("cases", "show", "W000001", *WHY, data=data))
    _first, last = shown["orders"][0]["versions"]
    assert last["reason"] == "the board said so"
    assert last["changed"] == [
        "The end was changed from 2026-07-01 01:00 BST to 2026-06-01 00:00 BST."
    ]
    none = tipstaff("cases", "show", "W000001", "--as-known-at", "2020-01-01", *WHY, data=data)
    assert none.returncode == 2
    assert "W000001" not in none.stderr


def test_faults_are_told_and_good_cases_kept(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    document = json.loads(write_cases((case(0), case(1), case(2))))
    document["cases"][0]["wearer"]["born_on"] = "never"
    document["cases"][1]["orders"][0]["basis"] = "court_bail"
    file.write_text(json.dumps(document))
    said = tipstaff("import", "orders", file, *WHY, data=data)
    assert said.returncode == 1
    assert "cases[0].wearer.born_on: must be a day" in said.stderr
    assert "cases[1].orders[0].conditions[1]: CONDITION_REFUSED" in said.stderr
    assert "no_stand_alone_trail_on_bail" in said.stderr
    assert "3 cases, 1 kept, 2 refused" in said.stdout
    file.write_text("{")
    assert tipstaff("import", "orders", file, *WHY, data=data).returncode == 2


@pytest.mark.parametrize(
    "words",
    [("show", "W1", "--at", "yesterday"), ("show", "W1", "--at", "2026-01-01T10:00"),
     ("list", "--after", "x"), ("show", "W1")],
)  # fmt: skip
def test_a_wrong_call_is_told(data: Path, words: tuple[str, ...]) -> None:
    assert tipstaff("cases", *words, *WHY, data=data).returncode == 2
