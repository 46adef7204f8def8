"""The records, on both databases: what is recorded, what is handed out, what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tipstaff.domain.batches import BatchId, ChangeKind, parse_batch_id, plan_batch
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose

DAY0 = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAY0 + timedelta(days=number)


def crime(reference: str, **other: Any) -> Crime:
    values: dict[str, Any] = {
        "force": "Durham", "reference": reference, "version": 1, "crime_type": "BIAD",
        "start": day(1), "end": day(1.25), "latitude": 54.7761, "longitude": -1.5733,
        "rounding_m": 0.1, "batch": "DUR20260101", "text": "räuber",
    }  # fmt: skip
    return Crime(**{**values, **other})


def take_in(batch: str, crimes_sent: list[Crime]) -> list[ChangeKind]:
    """Plan and store a batch as the use case does."""
    from tipstaff.records import crimes

    batch_id = parse_batch_id(batch, "DUR")
    assert isinstance(batch_id, BatchId)
    with transaction.atomic():
        crimes.lock_force("Durham")
        held = crimes.standing("Durham", batch_id.series, [c.reference for c in crimes_sent])
        changes = plan_batch(batch_id, crimes_sent, held)
        row = crimes.add_batch(crimes.BatchFact(
            force="Durham", batch_id=batch, series=batch_id.series, kind=batch_id.kind,
            digest=f"{batch}{len(crimes_sent)}", status="SUCCESSFUL", rows=len(crimes_sent),
            accepted=len(crimes_sent), received_at=NOW,
        ))  # fmt: skip
        new = [c.crime for c in changes if c.kind in
               {ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.RESENT}]  # fmt: skip
        crimes.add_versions("Durham", row, new, NOW)
        gone = [c.crime.key for c in changes if c.kind is ChangeKind.WITHDRAWN]
        crimes.withdraw(row, gone, NOW)
    return [change.kind for change in changes]


def test_a_crime_comes_back_as_it_went_in(instance: Any) -> None:
    from tipstaff.records import crimes

    sent = [
        crime("b", easting=427_000.5, northing=542_000.0),
        crime("a", latitude=None, longitude=None, end=day(1)),
    ]
    assert take_in("DUR20260101", sent) == [ChangeKind.NEW, ChangeKind.NEW]
    assert crimes.current() == [sent[1], sent[0]]
    assert crimes.current("DUR20260101")[1].easting == 427_000.5
    assert crimes.current("DUR20260102") == []


def test_versions_replacement_and_return(instance: Any) -> None:
    from tipstaff.records import crimes

    take_in("DUR20260101", [crime("a"), crime("b")])
    assert take_in("DUR20260101-R", [crime("b", text="more")]) == [
        ChangeKind.WITHDRAWN,
        ChangeKind.CHANGED,
    ]
    assert [c.key[1:] for c in crimes.current("DUR20260101")] == [("b", 2)]
    assert [c.key[1:] for c in crimes.current("DUR20260101-R")] == [("b", 2)]
    assert take_in("DUR20260102", [crime("a")]) == [ChangeKind.CHANGED]
    assert [c.key[1:] for c in crimes.current()] == [("a", 2), ("b", 2)]
    assert [c.key[1:] for c in crimes.current("DUR20260101")] == [("b", 2)]


def test_facts_are_not_edited(instance: Any) -> None:
    take_in("DUR20260101", [crime("a")])
    for statement in (
        "UPDATE records_crimeversion SET version = 7",
        "UPDATE records_batch SET accepted = 0",
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(statement)


def fact(name: str, device: str, start: float, end: float, wearer: str = "W1") -> Any:
    from tipstaff.domain.activations import Activation

    return Activation(name, device, wearer, day(start), day(end))


def record(*facts: Any) -> Any:
    from tipstaff.records import activations

    with transaction.atomic():
        return activations.record("acme", facts, NOW)


def test_activations_are_recorded_corrected_and_clipped(instance: Any) -> None:
    from tipstaff.records import activations

    record(fact("a1", "d1", 0, 400), fact("a2", "d2", 0, 400, "W2"))
    decided = record(fact("a1", "d1", 0, 10), fact("a3", "d1", 10, 20, "W3"))
    assert len(decided.new) == 2
    worn = activations.worn_in(Period(day(5), day(15)))
    assert [(w.wearer, w.device_id, w.start, w.end) for w in worn] == [
        ("W1", "d1", day(5), day(10)),
        ("W2", "d2", day(5), day(15)),
        ("W3", "d1", day(10), day(15)),
    ]
    assert worn[0].device_key == worn[2].device_key != worn[1].device_key
    assert activations.worn_in(Period(day(10), day(10))) == []
    refs = activations.subjects_of([worn[0].device_key], Period(day(0), day(10)))
    assert refs == {worn[0].subject_ref}


def test_the_database_refuses_an_overlap_and_an_edit(instance: Any) -> None:
    from tipstaff.records.models import Activation

    record(fact("a1", "d1", 0, 10))
    row = Activation.objects.get()
    twin = Activation(
        supplier_id=row.supplier_id, activation_id="a2", device_id=row.device_id,
        wearer_id=row.wearer_id, start=day(9.9), end=day(11), recorded_at=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(DatabaseError, match="only superseded"), transaction.atomic():
        Activation.objects.update(end=day(9))
    twin.start = day(10)
    twin.save(force_insert=True)
    assert Activation.objects.count() == 2


def test_a_device_keeps_its_key_and_suppliers_are_apart(instance: Any) -> None:
    from tipstaff.records import devices

    first = devices.register("acme", ["1", "2"])
    again = devices.register("acme", ["2", "3"])
    other = devices.register("other", ["2"])
    assert first["2"] == again["2"] != other["2"]
    assert all(0 < key < 2**63 for key in [*first.values(), *again.values(), *other.values()])
    assert devices.names_of([first["1"]])[first["1"]].device_id == "1"
    assert set(devices.keys_named("2")) == {first["2"], other["2"]}


def answer(reference: str, wearer: str, outcome: str, **other: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "force": "Durham", "crime_reference": reference, "crime_version": 1, "wearer_id": wearer,
        "device_ids": "d1", "outcome": outcome, "rank": None, "log10_lr": None,
        "log10_lr_low": None, "log10_lr_high": None, "strength": None,
        "presence_probability": 0.1, "expected_chance_matches": None, "searched_wearers": 2,
        "nearest_m": 12.345678901234567, "nearest_at": day(1.1), "dwell_s": None, "fixes_near": 0,
        "coverage": 1.0, "decided_by": 2, "legacy_match": None, "legacy_labels": None,
        "numbers": {"speed_mps": 31.5},
    }  # fmt: skip
    return {**row, **other}


def test_a_run_is_recorded_with_its_answers_and_read_back(instance: Any) -> None:
    from tipstaff.services import audit, runs

    take_in("DUR20260101", [crime("a"), crime("b")])
    record(fact("a1", "d1", 0, 10))
    who = {"actor": instance.actor, "purpose": Purpose.CRIME_MATCHING, "authority": "op 1"}
    search = runs.begin_search(**who, batch="all", extent={"days": 1}, everybody=True)
    assert [c.reference for c in runs.crimes_of_batches(search, "all")] == ["a", "b"]
    assert len(runs.wearer_activations(search, Period(day(0), day(2)))) == 1
    manifest = json.dumps(
        {"parameters": {"x": 0.1}, "model_version": "m1", "software_version": "0.1",
         "data_digest": "d" * 64}
    )  # fmt: skip
    best = answer("a", "W1", "candidate", rank=1, log10_lr=2.5, decided_by=1, legacy_match=True)
    others = iter([answer("b", "W1", "excluded"), answer("a", "W9", "not_monitorable")])
    told = runs.Recording(manifest, iter([best]), others)
    run_id = runs.record_run(search, told, started_at=NOW, finished_at=NOW)
    found = runs.read_run(**who, run_id=run_id)
    assert found is not None
    assert found.run.manifest == manifest
    read = {**best, "strength": "", "legacy_labels": "", "raw_log10": None}
    assert found.candidates == [read]
    assert [(r["crime_reference"], r["wearer_id"]) for r in found.exclusions] == [
        ("a", "W9"),
        ("b", "W1"),
    ]
    assert found.exclusions[1]["nearest_m"] == 12.345678901234567
    assert runs.list_runs(**who)[0].run_id == run_id
    log = audit.list_audit(actor=instance.actor, purpose=Purpose.AUDIT, authority="")
    served = next(e for e in log if e.use_case == "match" and e.phase == "served")
    assert (served.operation, served.rows, len(served.subject_refs)) == ("combination", 3, 2)
    assert served.authority == "op 1"
    assert audit.verify_audit().faults == ()


def test_an_unknown_run_is_none_and_the_look_is_recorded(instance: Any) -> None:
    from uuid import uuid4

    from tipstaff.services import runs

    who = {"actor": instance.actor, "purpose": Purpose.CRIME_MATCHING, "authority": ""}
    assert runs.read_run(**who, run_id=uuid4()) is None


def test_a_run_whose_answers_fail_leaves_nothing(instance: Any) -> None:
    from tipstaff.services import audit, runs

    take_in("DUR20260101", [crime("a")])
    who = {"actor": instance.actor, "purpose": Purpose.CRIME_MATCHING, "authority": "op 1"}
    search = runs.begin_search(**who, batch="all", extent={}, everybody=True)
    manifest = '{"parameters":{},"model_version":"","software_version":"","data_digest":""}'
    told = runs.Recording(manifest, [], [answer("never sent", "W1", "excluded")])
    with pytest.raises(LookupError, match="not on record"):
        runs.record_run(search, told, started_at=NOW)
    assert runs.list_runs(**who) == []
    log = audit.list_audit(actor=instance.actor, purpose=Purpose.AUDIT, authority="")
    assert [e.phase for e in log if e.use_case == "match"] == ["requested"]


def test_models_and_migrations_agree(instance: Any) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_batches_from_before_their_mode_was_recorded_are_kept(sqlite_instance: Any) -> None:
    from django.core.management import call_command

    from tipstaff.records import crimes

    take_in("DUR20260101", [crime("a"), crime("b")])
    call_command("migrate", "records", "0002", verbosity=0)
    call_command("migrate", "records", verbosity=0)
    assert [c.key[1:] for c in crimes.current("DUR20260101")] == [("a", 1), ("b", 1)]
    assert crimes.taken_in("Durham", "DUR202601012", "")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE records_batch SET accepted = 0")


@pytest.mark.parametrize(("count", "chosen"), [(0, []), (1, [0]), (3, [0, 1, 2]), (9, [0, 4, 8])])
def test_sources_spread_over_all_hold_the_first_and_the_last(
    instance: Any, count: int, chosen: list[int]
) -> None:
    from tipstaff.records import sources

    for i in range(count):
        at = NOW + timedelta(minutes=i)
        sources.finish(sources.SourceFact(f"{9 - i:064}", "r", "tipstaff", 1, 0, at))
    assert sources.spread(3) == [(f"{9 - i:064}", "r") for i in chosen]
