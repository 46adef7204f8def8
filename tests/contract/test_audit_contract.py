"""The audit, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

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
        for statement in TAMPER[how]:
            cursor.execute(statement)
    assert verify_audit().faults
