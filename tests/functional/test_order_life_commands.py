"""The commands of an order's life, as a user runs them; in this process, for they are many."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_cases import case, consent, decision, order, release, voluntary, wearer
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.orders import OrderStatus
from tipstaff.formats.case_json import write_cases

WHY = ("--purpose", "offender_management")
CRN = Identifier(IdentifierKind.CRN, "X123456")


def run(*words: object, code: int = 0) -> str:
    """What a command prints on both streams; it must end with `code`."""
    found = CliRunner().invoke(app, [*map(str, words), *WHY])
    assert found.exit_code == code, found.output
    return found.output


@pytest.fixture
def taken_in(sqlite_instance: Any, tmp_path: Path) -> Path:
    """A wearer with a licence, a consent, a voluntary order and a release without a fitting."""
    whole = replace(
        case(0),
        wearer=wearer(identifiers=(CRN,)),
        orders=(order(), voluntary(restores="O1")),
        consents=(consent(),),
        releases=(release(),),
    )
    file = tmp_path / "cases.json"
    file.write_bytes(write_cases((whole,)))
    said = run("import", "orders", file)
    assert "1 new of consents" in said
    return file


def test_a_consent_is_copied_and_withdrawn(taken_in: Path) -> None:
    assert "How to stop" in run("consent", "copy", "W1", "C1")
    assert "Sut i stopio" in run("consent", "copy", "W1", "C1", "--language", "cy")
    page = run("consent", "copy", "W1", "C1", "--html")
    assert page.startswith("<!doctype html>")
    assert "http" not in page
    assert "W1" not in run("consent", "copy", "W1", "C9", code=2)
    words = ("consent", "withdraw", "W1", "C1", "--told-to", "A Officer")
    assert "add the offset" in run(*words, "--at", "2026-01-05T10:00", code=2)
    said = run(*words, "--at", "2026-01-05T10:00:00Z")
    assert "withdrawn from 2026-01-05T10:00:00Z on\norders ended: V1\n" in said
    assert "activations ended: 0" in said
    assert "CONSENT_NOT_IN_FORCE" in run(*words, code=2)
    document = json.loads(taken_in.read_text())
    told = document["cases"][0]["consents"][0]
    told["withdrawn"] = {"at": "2026-01-05T10:00:00Z", "how": "in_person", "told_to": "x"}
    taken_in.write_text(json.dumps(document))
    assert "CONSENT_CHANGED" in run("import", "orders", taken_in, code=2)


def test_an_order_that_jumps_is_refused_with_the_step_named(taken_in: Path) -> None:
    document = json.loads(taken_in.read_text())
    document["cases"][0]["orders"][0]["status"] = "suitable"
    taken_in.write_text(json.dumps(document))
    said = run("import", "orders", taken_in, code=2)
    assert "orders[0].status: STATUS_JUMPS" in said
    assert "suspended or revoked or ended only" in said


def test_releases_and_their_alarms(taken_in: Path) -> None:
    said = run("releases", "alarms")
    assert said.startswith("R1  wearer W1  order O1  HMP Made")
    assert "overdue  ALARM  raised" in said
    assert "0 alarms raised, 1 stood already" in run("releases", "raise")
    assert "overdue" in run("releases", "list", "--since", "2026-01-01")
    assert "None of these" in run("releases", "list")


def test_absences_reviews_numbers_and_eligibility(taken_in: Path, tmp_path: Path) -> None:
    asked = ("--order", "O1", "--condition", "c1", "--reason", "shift", "--asked-by", "wearer")
    ask = ("absences", "ask", "W1", "A1", *asked)
    night = ("--from", "2026-03-29T01:30", "--to", "2026-03-29T07:00")
    assert "LOCAL_TIME_DOES_NOT_EXIST" in run(*ask, *night, code=2)
    assert "both with an offset" in run(
        *ask, "--from", "2026-03-02T19:00Z", "--to", "2026-03-03T07:00", code=2
    )
    assert "recorded" in run(*ask, "--from", "2026-03-02T19:00Z", "--to", "2026-03-03T07:00Z")
    decide = ("absences", "decide", "W1", "A1", "--approve", "--reason", "confirmed")
    assert "ASKER_DECIDES" in run(*decide, code=2)
    assert "recorded as version 2" in run("absences", "cancel", "W1", "A1")
    assert run("cases", "find", "crn", "x123456") == "W1\n"
    assert run("cases", "find", "crn", "X123457", code=2).startswith("Nobody with that number")
    assert "No review is due" in run("cases", "reviews")
    facts = tmp_path / "facts.json"
    facts.write_text('{"basis": "voluntary", "referred": true}')
    words = ("eligibility", "assess", "W1", "E1", facts, "--rule", "voluntary-iom")
    said = run(*words, "--on", "2026-03-02")
    assert "voluntary-iom, version 1: not yet known" in said
    assert "met        written_consent" in said
    facts.write_text('{"basis": "voluntary", "refered": true}')
    assert "not known here" in run(*words, code=2)


def test_a_decision_shows_among_the_changes(taken_in: Path) -> None:
    document = json.loads(write_cases((replace(case(0), wearer=wearer(identifiers=(CRN,)), orders=(
        order(status=OrderStatus.SUSPENDED, decision=decision(OrderStatus.SUSPENDED)),
    )),)))  # fmt: skip
    taken_in.write_text(json.dumps(document))
    run("import", "orders", taken_in)
    shown = json.loads(run("cases", "show", "W1"))
    changed = shown["orders"][0]["versions"][-1]["changed"]
    assert "The status was changed from active to suspended." in changed
    assert "The decision was set to suspended by B Officer (Police): as told." in changed
