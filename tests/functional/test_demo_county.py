"""The county of the demonstration, small: what a visitor is promised is there, by the services."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program import done, tipstaff


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of twelve people and two weeks, three days of them watched."""
    folder = tmp_path_factory.mktemp("county") / "var"
    done("demo-county", "init", "14", data=folder)
    said = done("demo-county", "make", "12", "14", "20", "5", data=folder)
    assert "Plans, tasks, approvals" in said
    return folder


@pytest.fixture(scope="module")
def records(data: Path) -> Iterator[sqlite3.Connection]:
    """Its records, to look at."""
    opened = sqlite3.connect(f"file:{data / 'records.sqlite3'}?mode=ro", uri=True)
    yield opened
    opened.close()


def told(records: sqlite3.Connection, question: str) -> set[Any]:
    return {row[0] if len(row) == 1 else row for row in records.execute(question)}


def test_five_schemes_are_lived(records: sqlite3.Connection) -> None:
    bases = told(records, "SELECT basis FROM records_orderstretch")
    assert bases == {"licence", "voluntary", "checkpoint", "court_bail"}
    assert told(records, "SELECT scheme FROM records_planstretch")


def test_alerts_are_of_many_kinds_open_and_closed(records: sqlite3.Connection) -> None:
    kinds = told(records, "SELECT kind FROM records_alert")
    assert kinds >= {
        "strap", "case", "battery", "silence", "curfew", "zone", "shielding", "equipment",
    }  # fmt: skip
    states = told(records, "SELECT state FROM records_alert")
    assert states >= {"new", "in_hand", "closed"}
    assert len(told(records, "SELECT outcome FROM records_alert") - {""}) >= 3


def test_one_alert_was_retracted_after_somebody_acted_on_it(records: sqlite3.Connection) -> None:
    acted = told(
        records,
        "SELECT a.kind FROM records_alert a WHERE a.told_evidence = 'retracted'"
        " AND EXISTS (SELECT 1 FROM records_alertdecision d WHERE d.alert_id = a.id)",
    )
    assert acted


@pytest.mark.parametrize("question", [
    "SELECT id FROM records_feedoutage",
    "SELECT * FROM records_limitedwearer",
    "SELECT id FROM records_batch WHERE status <> 'SUCCESSFUL'",
    "SELECT id FROM records_permit",
    "SELECT id FROM records_taskstretch",
    "SELECT id FROM records_releasestretch",
    "SELECT id FROM records_run",
])  # fmt: skip
def test_it_has(records: sqlite3.Connection, question: str) -> None:
    assert told(records, question)


def test_a_consent_was_taken_back(records: sqlite3.Connection) -> None:
    contents = told(
        records,
        "SELECT v.content FROM records_version v JOIN records_subject s ON s.id = v.subject_id"
        " WHERE s.kind = 'consent'",
    )
    assert any('"withdrawn' in one for one in contents)


def test_the_log_of_it_all_is_whole(data: Path) -> None:
    assert done("audit", "verify", data=data)


def test_nothing_is_played_to_nobody(data: Path) -> None:
    ran = tipstaff("demo-county", "play", "http://127.0.0.1:9", data=data)
    assert ran.returncode == 2
    assert "nobody answers" in ran.stderr
