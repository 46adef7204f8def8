"""The audit, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tipstaff.domain.purposes import Operation, Purpose


def listed(actor: str) -> list[Any]:
    from tipstaff.services.audit import list_audit

    return list_audit(actor=actor, purpose=Purpose.AUDIT, authority="")


def test_init_again_changes_nothing(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.instance import init_instance

    before = verify_audit()
    made = init_instance(user=instance.actor)
    assert not made.user_made
    assert verify_audit() == before
    assert before.entries == 1
    assert before.faults == ()


def test_a_look_is_requested_then_served_with_counts(instance: Any) -> None:
    assert len(listed(instance.actor)) == 1
    look = listed(instance.actor)
    assert [(e.phase, e.rows) for e in look[:2]] == [("served", 1), ("requested", None)]
    assert look[0].request_ref == look[1].request_ref
    assert look[0].sequence == 3


def test_a_look_that_fails_leaves_requested_alone(instance: Any) -> None:
    from tipstaff.services.access import admit
    from tipstaff.services.recording import reading

    access = admit(
        actor=instance.actor,
        purpose=Purpose.AUDIT,
        authority="",
        operation=Operation.CONSULTATION,
        use_case="list_runs",
    )
    with pytest.raises(ZeroDivisionError), reading(access, extent={}):
        raise ZeroDivisionError
    assert [e.phase for e in listed(instance.actor) if e.use_case == "list_runs"] == ["requested"]


def test_a_change_and_its_entry_go_together(instance: Any) -> None:
    from tipstaff.records import crimes
    from tipstaff.records.models import Force
    from tipstaff.services.access import admit
    from tipstaff.services.recording import changing

    access = admit(
        actor=instance.actor,
        purpose=Purpose.SYSTEM_ADMINISTRATION,
        authority="",
        operation=Operation.ALTERATION,
        use_case="list_runs",
    )

    def fail_half_way() -> None:
        with changing(access, extent={}):
            crimes.lock_force("Durham")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert not Force.objects.exists()
    assert [e for e in listed(instance.actor) if e.use_case == "list_runs"] == []


@pytest.mark.parametrize(
    ("actor", "purpose", "code"),
    [
        ("nobody-known", Purpose.AUDIT, "unknown_actor"),
        ("tester", Purpose.COURT_DISCLOSURE, "authority_missing"),
        ("closed", Purpose.AUDIT, "inactive_actor"),
        ("odd", Purpose.AUDIT, "not_permitted"),
    ],
)
def test_a_refusal_is_recorded(instance: Any, actor: str, purpose: Purpose, code: str) -> None:
    from tipstaff.records.models import User
    from tipstaff.services.access import RefusedError
    from tipstaff.services.audit import list_audit

    User.objects.create(username="closed", role="local", is_active=False)
    User.objects.create(username="odd", role="wizard")
    with pytest.raises(RefusedError) as refused:
        list_audit(actor=actor, purpose=purpose, authority="")
    assert refused.value.code == code
    latest = listed(instance.actor)[0]
    assert (latest.operation, latest.extent["code"]) == ("refusal", code)
    assert latest.sequence is not None


@pytest.mark.parametrize("statement", [
    "UPDATE records_auditentry SET purpose = 'other'",
    "UPDATE records_auditentry SET sequence = 5",
    "DELETE FROM records_auditentry",
])  # fmt: skip
def test_the_database_refuses_to_alter_the_log(instance: Any, statement: str) -> None:
    with pytest.raises(DatabaseError, match="audit entries are never"), transaction.atomic():
        connection.cursor().execute(statement)


TAMPER = {
    "change": ["UPDATE records_auditentry SET purpose = 'demonstration' WHERE sequence = 2"],
    "change of what is enciphered": [
        "UPDATE records_auditentry SET ciphertext = 'i1.AAAA' WHERE sequence = 2"
    ],
    "a time that no clock shows": [
        "UPDATE records_auditentry SET at = '9999-12-31 23:59:59.999999' WHERE sequence = 2"
    ],
    "a list become a table": ["UPDATE records_auditentry SET subject_refs = '{}'"],
    "a hash that is gone": ["UPDATE records_auditentry SET hash = NULL WHERE sequence = 2"],
    "an entry out of the chain": [
        "UPDATE records_auditentry SET sequence = NULL WHERE sequence = 3"
    ],
    "removal": ["DELETE FROM records_auditentry WHERE sequence = 2"],
    "removal at the end": ["DELETE FROM records_auditentry WHERE sequence >= 3"],
    "reordering": [
        "UPDATE records_auditentry SET sequence = 99 WHERE sequence = 2",
        "UPDATE records_auditentry SET sequence = 2 WHERE sequence = 3",
        "UPDATE records_auditentry SET sequence = 3 WHERE sequence = 99",
    ],
}


@pytest.mark.parametrize("how", TAMPER)
def test_altering_behind_the_guards_is_found(instance: Any, how: str) -> None:
    from tipstaff.services.audit import verify_audit

    listed(instance.actor)
    assert verify_audit().faults == ()
    with connection.cursor() as cursor:
        table = " ON records_auditentry" if instance.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_kept{table}")
        cursor.execute(f"DROP TRIGGER audit_unchanged{table}")
        cursor.execute(f"DROP TRIGGER audit_ciphertext_unchanged{table}")
        for statement in TAMPER[how]:
            cursor.execute(statement)
    assert verify_audit().faults


def test_an_end_that_was_cut_off_is_found_after_the_chain_went_on(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit

    listed(instance.actor)
    on = " ON records_auditentry" if instance.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_kept{on}")
        cursor.execute("DELETE FROM records_auditentry WHERE sequence = 3")
    listed(instance.actor)
    assert [(f.sequence, f.code) for f in verify_audit().faults] == [(3, "differs_from_head")]


def test_a_looks_entries_are_chained_in_the_transaction_that_writes_them(
    instance: Any, monkeypatch: Any
) -> None:
    from tipstaff.records import audit
    from tipstaff.services import sealing

    seen: list[int] = []
    anchor = sealing._anchor
    monkeypatch.setattr(
        sealing, "_anchor", lambda done: (seen.append(audit.not_sealed()), anchor(done))
    )
    listed(instance.actor)
    assert seen == [0, 0]


def test_a_chain_that_fails_leaves_the_entry_for_the_next_use_case(
    instance: Any, monkeypatch: Any
) -> None:
    from tipstaff.records import audit
    from tipstaff.services.audit import verify_audit

    def fails() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing_of_the_kind")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "chain", fails)
        listed(instance.actor)
    assert audit.not_sealed() == 2
    listed(instance.actor)
    assert audit.not_sealed() == 0
    assert verify_audit().faults == ()


def test_the_sealer_never_goes_through_the_log(sqlite_instance: Any) -> None:
    """Not even where SQLite was told of the log's size when it was small."""
    from tipstaff.records import audit

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        listed("tester")
        with CaptureQueriesContext(connection) as asked:
            audit.seal()
        for query in asked.captured_queries:
            if query["sql"].startswith("SELECT") and "auditentry" in query["sql"]:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                told = [row[-1] for row in cursor.fetchall()]
                assert not [one for one in told if one.startswith("SCAN")], told


def test_an_entry_altered_before_it_is_chained_is_not_found(
    instance: Any, monkeypatch: Any
) -> None:
    """The limit of any chain, told in docs/auditing.md: here the sealer is held back."""
    from tipstaff.services import sealing
    from tipstaff.services.audit import verify_audit

    monkeypatch.setattr(sealing, "_chained", lambda _how: None)
    listed(instance.actor)
    on = " ON records_auditentry" if instance.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_unchanged{on}")
        cursor.execute("UPDATE records_auditentry SET rows = 7 WHERE sequence IS NULL")
    assert verify_audit().faults == ()


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        ("missing", ["no_heads"]),
        ("shortened", ["heads_missing_after"]),
        ("a line taken out", ["heads_missing_before"]),
        ("a line spoiled", ["line_not_readable", "heads_missing_before"]),
        ("cut short by a crash", ["line_not_readable", "heads_missing_after"]),
        ("a line twice", []),
    ],
)
def test_faults_of_the_heads_are_told_apart_from_the_chains(
    sqlite_instance: Any, monkeypatch: Any, how: str, codes: list[str]
) -> None:
    from tipstaff.services import sealing
    from tipstaff.services.audit import verify_audit

    monkeypatch.setattr(sealing, "_PATIENCE_S", 0.0)
    listed("tester")
    file = sqlite_instance.data / "audit-heads.jsonl"
    one, two, three = file.read_text().splitlines(keepends=True)
    texts = {
        "missing": "",
        "shortened": one + two,
        "a line taken out": one + three,
        "a line spoiled": one + two[:9] + "#" + two[10:] + three,
        "cut short by a crash": one + two + three[:20],
        "a line twice": one + two + two + three,
    }
    file.write_text(texts[how])
    found = verify_audit()
    assert found.faults == ()
    assert [str(fault.code) for fault in found.anchor_faults] == codes
    listed("tester")  # what follows has its own line again, and what is missing still shows
    assert bool(verify_audit().anchor_faults) == bool(codes)


def test_others_may_be_about_to_write_their_head(sqlite_instance: Any, monkeypatch: Any) -> None:
    from tipstaff.services import sealing
    from tipstaff.services.audit import verify_audit

    listed("tester")
    file = sqlite_instance.data / "audit-heads.jsonl"
    whole = file.read_text()
    file.write_text("".join(whole.splitlines(keepends=True)[:2]))
    monkeypatch.setattr(sealing.time, "sleep", lambda _seconds: file.write_text(whole))
    assert verify_audit().anchor_faults == ()
