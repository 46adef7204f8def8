"""Wearers of limited access in matching, on both databases: known to the cleared alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from instance_fixtures import TestInstance
from made_accounts import clear
from made_cases import utc
from searched_instance import WHO, crime, fill, licence, matched, tagged

CRIMES = [crime("burglary"), crime("elsewhere", latitude=51.0)]


def open_people() -> list[Any]:
    """Two at the scene, one of them with a tag that another wore before."""
    used = tagged("U2", first=utc("2026-01-10"), device="D-used")
    return [tagged("U1"), used, tagged("U3", licence("U3", rule=None))]


def hidden_people() -> list[Any]:
    """Two of limited access: one at the scene, one who wore U2's tag before; both searchable.

    The first one's tag reported before it was fitted too: fixes of nobody.
    """
    before = (utc("2026-01-05 10:00"), utc("2026-01-06 22:00"))
    return [
        tagged("L1", limited_access=True, first=utc("2026-01-14 21:30")),
        tagged("L2", limited_access=True, device="D-used", last=utc("2026-01-10"), at=before),
    ]


def counted(ask: Any) -> tuple[Any, int]:
    """An answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as asked:
        return ask(), len(asked)


def waiting_runs() -> str:
    """What the command says of runs that wait for a cleared reviewer."""
    from typer.testing import CliRunner

    from tipstaff.cli.app import app

    asked = ["runs", "--reserved", "--purpose", "crime_matching"]
    return CliRunner().invoke(app, asked, catch_exceptions=False).output


def test_to_the_uncleared_there_is_no_such_wearer(instance: TestInstance, tmp_path: Path) -> None:
    from tipstaff.records.models import Run
    from tipstaff.services import runs
    from tipstaff.services.matching import run_tables

    fill(tmp_path, open_people(), CRIMES)
    without = matched()
    fill(tmp_path, hidden_people(), [])
    assert Run.objects.count() == 1
    found = matched()
    assert found.files == without.files
    assert found.counts == without.counts
    assert found.reserved is None
    (reserved,) = Run.objects.exclude(open_run=None)
    assert reserved.open_run_id == found.run_id
    ids = {line.run_id for line in runs.list_runs(**WHO)}
    assert ids == {without.run_id, found.run_id}
    nobody = counted(lambda: run_tables(**WHO, run_id=uuid4()))
    assert counted(lambda: run_tables(**WHO, run_id=reserved.id)) == nobody
    assert nobody[0] is None
    hidden = counted(lambda: runs.list_reserved(**WHO))
    assert hidden[0] == []

    assert waiting_runs() == "No run waits for you.\n"

    clear("tester")
    assert str(reserved.id) in waiting_runs()
    (waiting,), statements = counted(lambda: runs.list_reserved(**WHO))
    assert (waiting.run_id, waiting.open_run) == (reserved.id, found.run_id)
    assert statements == hidden[1]
    seen = run_tables(**WHO, run_id=reserved.id)
    rows = seen.results.to_pylist()  # type: ignore[union-attr]
    about = {(r["crime_reference"], r["wearer_id"], r["outcome"]) for r in rows}
    assert ("burglary", "L1", "candidate") in about
    assert {wearer for _crime, wearer, _outcome in about} <= {"L1", "L2"}
    told = {r["crime_reference"]: r for r in seen.crimes.to_pylist()}  # type: ignore[union-attr]
    assert told["burglary"]["searched_wearers"] == 3  # U1, U2 and L1; L2's tag was off by then
    assert matched().reserved is not None


def test_a_wearer_of_limited_access_needs_an_order_like_anybody(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.records.models import Run

    bail = tagged("L1", licence("L1", rule=None), limited_access=True)
    fill(tmp_path, [bail, tagged("U1")], CRIMES)
    matched()
    assert Run.objects.filter(open_run__isnull=False).count() == 0


def test_where_case_records_are_nobody_is_searched_by_name_of_all(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.records.models import AuditEntry, Run
    from tipstaff.services.access import RefusedError

    authority = {"authority": "made up"}
    fill(tmp_path, [tagged("U1")], CRIMES)
    assert Run.objects.count() == AuditEntry.objects.filter(operation="refusal").count() == 0
    for asked, code in (
        ({**authority, "everybody": True}, "case_records_decide"),
        ({"everybody": True}, "case_records_decide"),
    ):
        with pytest.raises(RefusedError) as refused:
            matched(**asked)
        assert refused.value.code == code
    told = AuditEntry.objects.filter(operation="refusal").values_list("extent", flat=True)
    assert {entry["code"] for entry in told} == {"case_records_decide"}
    assert Run.objects.count() == 0


def test_without_case_records_all_are_searched_by_name_and_authority_only(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from dataclasses import replace

    from tipstaff.records.models import AuditEntry
    from tipstaff.services.access import RefusedError
    from tipstaff.services.audit import list_audit

    fill(tmp_path, [replace(tagged("U1"), record=None)], CRIMES)
    for asked, code in (
        ({}, "nobody_searchable"),
        ({"authority": "op 1"}, "nobody_searchable"),
        ({"everybody": True}, "all_needs_authority"),
    ):
        with pytest.raises(RefusedError) as refused:
            matched(**asked)
        assert refused.value.code == code
    assert matched(everybody=True, authority="op 1").counts["wearers"] == 1
    (asked_for,) = AuditEntry.objects.filter(use_case="match", phase="requested")
    assert asked_for.extent["searchable"] == "all"
    (told,) = (e for e in list_audit(**WHO) if e.entry_id == asked_for.id)
    assert told.authority == "op 1"
