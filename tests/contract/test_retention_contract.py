"""Retention on both databases: what is due goes everywhere, and nothing else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from canaries import (
    AFTER,
    ALWAYS,
    BEFORE,
    GONE,
    MARK,
    STAYS,
    WHO,
    fill,
    in_checkpoints,
    in_database,
    traces,
    trail_of,
)
from django.db import DatabaseError, connection, transaction
from instance_fixtures import TestInstance

from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose

HELD = {**WHO, "authority": "Coroner 12/26"}
PERSONAL = {
    "alert", "alertdecision", "alertpause", "devicerequest", "devicerequeststep", "episode",
    "periodcame",
    "activation", "candidate", "orderstretch", "planstretch", "subject", "taskstretch", "version",
    "waitingabsence",
    "wearer", "weareridentifier",
}  # fmt: skip


def run(**other: Any) -> Any:
    from tipstaff.services.retention import run_retention

    return run_retention(**{**WHO, **other})


def listed(**other: Any) -> Any:
    from tipstaff.services.retention_list import list_retention

    return list_retention(**{**WHO, **other})


def subject_ref(reference: str = GONE) -> UUID:
    from tipstaff.records.models import Wearer

    return Wearer.objects.get(reference=reference).subject_ref


def test_what_is_due_goes_everywhere_and_the_other_on_the_same_tag_stays(
    instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.records.models import ErasureIntent
    from tipstaff.services.audit import verify_audit

    fill(tmp_path, instance.data)
    before, ref = trail_of(instance.data, [BEFORE, AFTER]), subject_ref()
    kept = {"archive", "quarantine", "runs"} | (
        {"records.sqlite3", "checkpoints.sqlite3"} if instance.vendor == "sqlite" else set()
    )
    assert kept <= traces(instance.data)  # else the search below would find nothing either
    assert in_database() == PERSONAL
    assert in_checkpoints() == [f"{STAYS}life", f"{GONE}life"]
    lines = listed(due_only=True).lines
    assert {line.wearer for line in lines} == {GONE}
    assert {line.due.state.value for line in lines} == {"due"}
    assert in_database() == PERSONAL  # a list changes nothing
    done = run()
    assert (done.erasures, done.whole, done.parts) == (1, 1, 0)
    assert traces(instance.data) == set()
    assert in_database() == set()
    assert in_checkpoints() == [f"{STAYS}life"]
    assert trail_of(instance.data, [BEFORE, AFTER]) == before
    assert trail_of(instance.data, [ALWAYS]) == before
    assert not ErasureIntent.objects.exists()
    assert verify_audit().faults == ()
    assert str(ref) in str(erasures_in_audit())
    assert run().erasures == 0
    assert {line.wearer for line in listed().lines} == {STAYS}


def erasures_in_audit() -> list[Any]:
    from tipstaff.records.models import AuditEntry

    rows = AuditEntry.objects.filter(operation=Operation.ERASURE, use_case="erase")
    return [(row.subject_refs, row.extent, row.rows) for row in rows]


def test_the_others_quarantined_row_and_answers_stay(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.matching import _kept
    from tipstaff.services.runs import read_run

    run_id = fill(tmp_path, sqlite_instance.data)
    run()
    rows = "".join(p.read_text() for p in (sqlite_instance.data / "quarantine").glob("*.jsonl"))
    assert ["2018-01-08" in json.loads(line)["raw"] for line in rows.splitlines()] == [True]
    answers = read_run(**WHO, run_id=run_id)
    assert answers is not None
    assert (answers.candidates, [r["wearer_id"] for r in answers.exclusions]) == ([], [STAYS])
    tables = _kept(run_id, answers.manifest)
    assert isinstance(tables, dict), "what an erasure wrote anew is still the run's"
    assert tables["facts"]["wearer_id"].to_pylist() == [STAYS]
    facts = sqlite_instance.data / "runs" / str(run_id) / "run.facts.parquet"
    facts.write_bytes(facts.read_bytes() + b"x")
    assert not isinstance(_kept(run_id, answers.manifest), dict)


def test_a_trail_goes_before_the_name_and_is_not_erased_twice(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.records.models import AuditEntry

    ended = datetime.now(UTC) - timedelta(days=60)  # 28 days for a trail, 24 months for a name
    fill(tmp_path, sqlite_instance.data, ends=ended)
    run()
    assert "archive" not in traces(sqlite_instance.data)
    assert "runs" not in traces(sqlite_instance.data)
    assert in_database() == PERSONAL - {"candidate"}
    assert run().erasures == 0
    assert AuditEntry.objects.filter(use_case="erase").count() == 1
    what = {
        line.due.category: line.due.state.value for line in listed().lines if line.wearer == GONE
    }
    assert set(what.values()) == {"waits"}


def test_a_hold_keeps_everything_until_it_is_released(
    instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.holds import hold, release_hold

    fill(tmp_path, instance.data)
    wanting = hold(**WHO, wearer=GONE, reason="")
    assert [p.code.value for p in wanting.problems] == ["AUTHORITY_MISSING", "REASON_MISSING"]
    assert hold(**HELD, wearer="nobody", reason="r").problems[0].code == "WEARER_NOT_KNOWN"
    placed = hold(**HELD, wearer=GONE, reason=f"{MARK}inquest")
    assert placed.hold_id is not None
    assert run().erasures == 0
    assert {x.due.state.value for x in listed().lines if x.wearer == GONE} == {"held"}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE records_hold SET reason = 'x'")
    assert release_hold(**HELD, hold_id=uuid4(), reason="r").problems[0].code == "HOLD_NOT_KNOWN"
    assert release_hold(**HELD, hold_id=placed.hold_id, reason="over").problems == ()
    again = release_hold(**HELD, hold_id=placed.hold_id, reason="over")
    assert again.problems[0].code == "ALREADY_RELEASED"
    assert run().whole == 1
    assert in_database() == set()
    assert traces(instance.data) == set()


def test_by_hand_with_authority_and_never_against_an_order_or_a_hold(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.holds import hold
    from tipstaff.services.retention import erase_wearer

    fill(tmp_path, sqlite_instance.data)
    codes = [
        [p.code.value for p in erase_wearer(**who, wearer=wearer).problems]
        for who, wearer in ((WHO, GONE), (HELD, "nobody"), (HELD, STAYS))
    ]
    assert codes == [["AUTHORITY_MISSING"], ["WEARER_NOT_KNOWN"], ["ORDER_STANDS"]]
    until = datetime.now(UTC) + timedelta(days=1)
    hold(**HELD, wearer=GONE, reason="r", end=until)
    assert erase_wearer(**HELD, wearer=GONE).problems[0].code == "HELD"
    assert in_database() == PERSONAL


def test_the_proof_holds_nothing_of_the_person(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.retention import list_proofs

    fill(tmp_path, sqlite_instance.data)
    ref = str(subject_ref())
    run()
    (file,) = (sqlite_instance.data / "proofs").iterdir()
    said = json.loads(file.read_text())
    for secret in (MARK, GONE, STAYS, ref, "TAG-1", "53.12", "2018"):
        assert secret not in file.read_text()
    assert said["people_erased_whole"] == 1
    assert said["counts"]["archive"]["fixes"] == 120
    assert said["counts"]["records"]["wearer"] == 1
    (proof,) = list_proofs(**WHO)
    assert (proof.sequence, proof.hash) == (said["audit_sequence"], said["audit_hash"])
    assert verify_audit().faults == ()


def test_what_was_disclosed_is_held_for_court_alone_until_its_clock_ends(
    instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.disclosures import erase_ended, read_disclosure, record_disclosure

    run_id = fill(tmp_path, instance.data)
    until = datetime.now(UTC) + timedelta(days=400)
    crime = {"crime_force": "Derbyshire", "crime_reference": "CRIME-1", "until": until}
    assert record_disclosure(**WHO, force="Derbyshire", **crime).problems != ()
    done = record_disclosure(**HELD, force="Derbyshire", **crime)
    assert done.disclosure_id is not None
    assert run().whole == 1
    assert in_database() == set()
    assert traces(instance.data) == {"disclosures"}
    asked = {"disclosure_id": done.disclosure_id}
    assert read_disclosure(**HELD, **asked).problems[0].code == "OTHER_PURPOSE"
    court = {**HELD, "purpose": Purpose.COURT_DISCLOSURE}
    files = read_disclosure(**court, **asked).files
    answers = [json.loads(line) for line in files[f"{run_id}.answers.jsonl"].splitlines()]
    assert {a["wearer_id"]: a["outcome"] for a in answers} == {GONE: "candidate", STAYS: "excluded"}
    assert f"{run_id}.facts.parquet" in files
    from tipstaff import settings

    assert erase_ended(settings.load(), until - timedelta(seconds=1)) == 0
    assert erase_ended(settings.load(), until) == 1
    assert traces(instance.data) == set()
    assert read_disclosure(**court, **asked).problems[0].code == "DISCLOSURE_NOT_KNOWN"


def test_messages_of_unknown_devices_and_ended_activations_are_dropped(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff import settings
    from tipstaff.records import law
    from tipstaff.services import intake_sweep

    fill(tmp_path, sqlite_instance.data)
    folder = sqlite_instance.data / "quarantine"
    raws = ["TAG-9,2018-01-03T10:00:00Z,bad", "TAG-1,2026-02-01T10:00:00Z,bad", "TAG-1,x,bad"]
    path = folder / "x.jsonl"
    path.write_text("".join(json.dumps({"raw": raw}) + "\n" for raw in raws))
    now, policy = datetime.now(UTC), law.retention_policy()
    values = settings.load()
    assert intake_sweep.sweep(values, policy, now) == {"ended_activation": 1}
    late = now + timedelta(hours=policy.unknown_device_h, seconds=5)
    assert intake_sweep.sweep(values, policy, late) == {"unknown_device": 1}
    assert [json.loads(line)["raw"] for line in path.read_text().splitlines()] == [raws[2]]


def test_a_match_under_way_records_nothing_of_whom_is_erased(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services import runs

    fill(tmp_path, sqlite_instance.data)
    started, search = datetime.now(UTC), runs.begin_search(**WHO, batch="all", extent={})
    run()
    manifest = json.dumps(
        dict.fromkeys(["parameters", "model_version", "software_version", "data_digest"], "x")
    )
    with pytest.raises(runs.ErasedMeanwhileError):
        runs.record_run(search, runs.Recording(manifest, [], []), started_at=started)


def test_one_eraser_at_a_time(sqlite_instance: TestInstance) -> None:
    from tipstaff.services.erasure_lock import ErasureBusyError, only_eraser

    with only_eraser(sqlite_instance.data), pytest.raises(ErasureBusyError):
        run()


def test_an_intent_is_read_back_as_it_was_written() -> None:
    from tipstaff.domain.erasures import Erasure, Piece
    from tipstaff.formats.erasure_json import read_erasure, write_erasure

    piece = Piece(uuid4(), True, ((2**62, BEFORE),), (AFTER,), (uuid4(),))
    made = Erasure(uuid4(), datetime.now(UTC), "p-1", (piece,), (uuid4(),))
    assert read_erasure(write_erasure(made)) == made


def test_an_ended_orders_trail_is_locked_but_for_named_purposes(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    from tipstaff.services.trails import FixesFound, near, trail

    fill(tmp_path, sqlite_instance.data)
    manager = {**WHO, "purpose": Purpose.OFFENDER_MANAGEMENT}
    place = {"latitude": 53.1234, "longitude": -1.5, "radius_m": 500.0, "period": ALWAYS}

    def rows(who: dict[str, Any], name: str) -> tuple[int, bool]:
        found = trail(**who, name=name, period=ALWAYS)
        assert isinstance(found, FixesFound)
        return found.table.num_rows, found.locked

    assert rows(manager, GONE) == (0, True)
    assert rows(manager, "TAG-1") == (120, True)
    assert rows(manager, STAYS) == (120, False)
    assert rows(WHO, GONE) == (120, False)
    assert near(**manager, **place).table.num_rows == 0
    assert near(**manager, **place).locked
    assert near(**WHO, **place).table.num_rows == 120


def test_a_hold_or_an_extension_that_comes_in_late_is_obeyed_and_none_comes_after(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list of who is due and the decision; and between the decision and its end."""
    from tipstaff.records import erasures, retention
    from tipstaff.services.holds import hold, release_hold

    fill(tmp_path, instance.data)
    plain, holds = retention.everyone, []

    def then_held(now: datetime) -> Any:
        yield from plain(now)
        holds.append(hold(**HELD, wearer=GONE, reason="late").hold_id)

    monkeypatch.setattr(retention, "everyone", then_held)
    assert run().erasures == 0
    assert in_database() == PERSONAL
    monkeypatch.setattr(retention, "everyone", plain)
    release_hold(**HELD, hold_id=holds[0], reason="over")
    begin, refused = erasures.counted, []

    def too_late(*args: Any) -> None:
        begin(*args)
        connection.on_commit(lambda: refused.append(hold(**HELD, wearer=GONE, reason="too late")))

    monkeypatch.setattr(erasures, "counted", too_late)
    assert run().whole == 1
    assert [p.code for p in refused[0].problems] == ["BEING_ERASED"]


def test_an_old_order_goes_while_another_keeps_the_person(
    instance: TestInstance, tmp_path: Path
) -> None:
    from canaries import END, START
    from made_cases import order

    from tipstaff.records import cases
    from tipstaff.records.models import Subject

    fill(tmp_path, instance.data)
    other = order("O-new", wearer=GONE, starts_at=END, ends_at=None, reviews=(), served_at=None)
    with transaction.atomic():
        cases.record([cases.Told(other)], at=datetime.now(UTC), by=uuid4())
    done = run()
    assert (done.whole, done.parts) == (0, 1)
    kinds = Subject.objects.filter(wearer__reference=GONE).values_list("kind", "reference")
    assert [name for kind, name in kinds if kind == "order"] == ["O-new"]
    assert {"consent", "contact", "wearer"} <= {kind for kind, _name in kinds}  # of the person
    assert trail_of(instance.data, [Period(START, END)]) == []
    assert len(trail_of(instance.data, [BEFORE, AFTER])) == 120
    left = {x.due.state.value for x in listed().lines if x.wearer == GONE}
    assert left == {"stands"}


def test_free_pages_are_rewritten_where_they_were_not_overwritten(
    sqlite_instance: TestInstance, tmp_path: Path
) -> None:
    """Libraries differ in whether SQLite overwrites what it deletes; an old file may hold some."""
    fill(tmp_path, sqlite_instance.data)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
    run()
    assert traces(sqlite_instance.data) == set()
