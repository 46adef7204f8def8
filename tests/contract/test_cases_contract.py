"""Case records on both databases: versions, guards, use cases, the audit, limited access, lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from made_accounts import clear, everybody
from made_cases import case, curfew, decision, order, utc, wearer

from tipstaff.domain.conditions import Trail
from tipstaff.domain.orders import OrderStatus, SchemeRule
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.case_json import write_cases

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip


def known(**other: Any) -> None:
    """A wearer on record."""
    from tipstaff.services.cases import record_wearer

    assert record_wearer(**WHO, wearer=wearer(**other)).problems == ()


def told(made: Any, **other: Any) -> Any:
    from tipstaff.services.cases import record_order

    return record_order(**WHO, order=made, **other)


def shown(**other: Any) -> Any:
    from tipstaff.services.case_view import show_case

    return show_case(**WHO, **({"wearer": "W1"} | other))


def listed(**other: Any) -> list[str]:
    from tipstaff.services.case_view import list_orders

    return [line.reference for line in list_orders(**WHO, **other)]


def entries(use_case: str) -> list[Any]:
    from tipstaff.records.models import AuditEntry

    return list(AuditEntry.objects.filter(use_case=use_case).order_by("at", "phase"))


def test_an_order_is_recorded_varied_and_shown_as_known_then(instance: Any) -> None:
    known()
    assert (told(order()).version, told(order()).new) == (1, False)
    before = datetime.now(UTC)
    longer = order(ends_at=utc("2026-09-01"), conditions=(curfew(), Trail("t1"), Trail("t2")))
    assert told(longer, reason="varied by the board", valid_from=utc("2026-03-01")).version == 2
    view = shown(valid_at=utc("2026-03-02"))
    assert view.wearer.value == wearer()
    (only,) = view.orders
    assert only.shown.value == longer
    assert only.changes[1].version.reason == "varied by the board"
    assert [v.path for v in only.changes[1].variations] == ["ends_at", "conditions[t2]"]
    assert shown(valid_at=utc("2026-02-28")).orders[0].shown.value == order()
    then = shown(as_known_at=before, valid_at=utc("2026-03-02"))
    assert then.orders[0].shown.value == order()
    assert len(then.orders[0].changes) == 1
    assert shown(as_known_at=utc("2020-01-01")) is None


def test_a_correction_of_the_past_leaves_the_present(instance: Any) -> None:
    known()
    told(order())
    wrong = order(status=OrderStatus.SUSPENDED, decision=decision(OrderStatus.SUSPENDED))
    told(wrong, valid_from=utc("2026-02-01"), valid_to=utc("2026-02-08"), reason="in hospital")
    days = ["2026-01-31", "2026-02-01", "2026-02-07", "2026-02-08"]
    found = [shown(valid_at=utc(day)).orders[0].shown.value.status for day in days]
    assert found == ["active", "suspended", "suspended", "active"]


def test_what_is_wrong_is_refused_and_the_refusal_counted(instance: Any) -> None:
    assert [str(p.code) for p in told(order()).problems] == ["WEARER_NOT_KNOWN"]
    known()
    refused = told(order(ends_at=utc("2025-01-01"), reviews=(), rule=SchemeRule("none", 1)))
    assert [str(p.code) for p in refused.problems] == [
        "ORDER_ENDS_BEFORE_IT_BEGINS",
        "RULE_NOT_KNOWN",
    ]
    unasked = told(order(rule=SchemeRule("acquisitive-crime", 3)))
    assert [str(p.code) for p in unasked.problems] == ["NOT_ASSESSED"]
    assert told(order()).version == 1
    assert [(e.extent.get("problems"), e.rows) for e in entries("record_order")] == [
        (1, 0),
        (2, 0),
        (1, 0),
        (None, 1),
    ]


def test_what_comes_to_be_known_of_a_wearer_is_kept_and_its_consequences_told(
    instance: Any,
) -> None:
    from tipstaff.services.cases import record_wearer

    known()
    told(order())
    told(order("O2", status=OrderStatus.ENDED))
    done = record_wearer(**WHO, wearer=wearer(born_on=date(2010, 1, 1), addresses=()))
    assert (done.version, done.new, done.problems) == (2, True, ())
    assert {p.where.partition(".")[0] for p in done.consequences} == {"orders[O1]"}
    assert {str(p.code) for p in done.consequences} == {
        "ADDRESS_NOT_KNOWN", "CHILD_WITHOUT_ADULT", "BEST_INTERESTS_NOT_RECORDED",
        "EXPLOITATION_NOT_CONSIDERED",
    }  # fmt: skip


def test_what_could_not_be_read_again_is_never_stored(sqlite_instance: Any) -> None:
    known()
    with pytest.raises(ValueError, match="cannot be stored"):
        told(order(issued_by="one line\nand another"))
    assert shown().orders == ()


def test_versions_are_never_edited_and_come_in_turn(instance: Any) -> None:
    from tipstaff.records.models import Subject, Version

    known()
    for statement in (
        "UPDATE records_version SET number = 7",
        "UPDATE records_version SET content = '{}'",
        "UPDATE records_subject SET reference = 'x'",
    ):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            connection.cursor().execute(statement)
    row = Version.objects.get()
    late = {"recorded_at": row.recorded_at, "number": 3}
    early = {"recorded_at": row.recorded_at - timedelta(microseconds=1), "number": 2}
    for wrong in (late, early):
        twin = Version(
            subject=Subject.objects.get(), valid_from=row.valid_from, recorded_by=uuid4(),
            content=row.content, digest=row.digest, **wrong,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="out of turn"), transaction.atomic():
            twin.save(force_insert=True)


def test_content_that_is_not_what_was_recorded_is_never_shown(instance: Any) -> None:
    from tipstaff.records.case_versions import CaseDamagedError
    from tipstaff.records.models import Version

    known()
    row = Version.objects.get()
    row.id, row.number, row.digest = uuid4(), 2, "0" * 64
    row.save(force_insert=True)
    with pytest.raises(CaseDamagedError):
        shown()


def test_a_clock_that_goes_back_does_not_reorder_what_was_known(instance: Any) -> None:
    from tipstaff.records import case_versions, cases

    for at, language in ((utc("2026-02-02"), "en"), (utc("2026-02-01"), "cy")):
        with transaction.atomic():
            cases.record([cases.Told(wearer(language=language))], at=at, by=uuid4())
    subject = case_versions.subject_of("W1")
    assert subject is not None
    facts = case_versions.history(subject)
    assert [f.stated.recorded_at for f in facts] == [utc("2026-02-02")] * 2


def test_reads_are_requested_and_served_and_name_people_by_reference(instance: Any) -> None:
    from tipstaff.records.models import Wearer
    from tipstaff.services.audit import verify_audit

    known()
    told(order())
    shown()
    listed(force="Derbyshire")
    ref = str(Wearer.objects.get().subject_ref)
    for use_case in ("show_case", "list_orders"):
        requested, served = entries(use_case)
        assert (requested.phase, served.phase) == ("requested", "served")
        assert served.subject_refs == [ref]
        assert served.rows > 0
    written = str([(e.extent, e.subject_refs) for e in entries("record_order")])
    assert "O1" not in written
    assert "W1" not in written
    assert verify_audit().faults == ()


def test_limited_access_shows_as_nobody_on_every_path(instance: Any) -> None:
    known()
    told(order())
    known(limited_access=True)
    known(reference="W2", born_on=None)
    with CaptureQueriesContext(connection) as limited:
        assert shown() is None
    with CaptureQueriesContext(connection) as nobody:
        assert shown(wearer="W9") is None
    assert len(limited) == len(nobody)
    assert listed() == []
    assert entries("show_case")[0].subject_refs != []
    assert shown(as_known_at=datetime.now(UTC)) is None


def test_who_is_not_cleared_cannot_lift_a_limit(instance: Any) -> None:
    from tipstaff.services.cases import record_wearer

    known(limited_access=True)
    (problem,) = record_wearer(**WHO, wearer=wearer(limited_access=False)).problems
    assert str(problem.code) == "REFERENCE_NOT_USABLE"
    assert [str(p.code) for p in told(order()).problems] == ["WEARER_NOT_KNOWN"]
    grant = clear("tester", "W1")
    assert shown() is not None
    assert told(order()).version == 1
    assert listed() == ["O1"]
    revoke(grant)
    assert (shown(), listed()) == (None, [])
    clear("tester")
    known(limited_access=False)
    assert listed() == ["O1"]


def revoke(grant: Any) -> None:
    from tipstaff.services.grants import revoke_access

    assert revoke_access(**WHO, grant=grant, reason="done").done


def test_a_limit_that_ran_out_into_nothing_still_holds(instance: Any) -> None:
    from tipstaff.services.cases import record_wearer

    ended = {"valid_from": utc("2026-01-01"), "valid_to": utc("2026-02-01")}
    record_wearer(**WHO, wearer=wearer(limited_access=True), **ended)
    assert shown(valid_at=utc("2026-01-05")) is None


def test_lists_show_what_is_scheduled_from_its_day_on(instance: Any) -> None:
    from tipstaff.records import case_lists
    from tipstaff.records.case_lists import ListWanted

    known()
    told(order())
    told(order(force="Durham", reviews=()), valid_from=utc("2026-03-01"))
    for day, force, review in (
        ("2026-01-05", "Derbyshire", date(2026, 2, 2)),
        ("2026-02-02 23:59", "Derbyshire", date(2026, 2, 2)),
        ("2026-02-03", "Derbyshire", date(2026, 4, 6)),
        ("2026-03-01", "Durham", None),
    ):
        (line,) = case_lists.orders(ListWanted(everybody()), now=utc(day))
        assert (line.force, line.next_review) == (force, review)
    assert case_lists.orders(ListWanted(everybody()), now=utc("2025-12-31")) == ()


def test_a_wearer_is_found_by_an_identifier(instance: Any) -> None:
    from tipstaff.domain.identifiers import Identifier, IdentifierKind
    from tipstaff.records.case_lists import wearers_known_as

    crn = Identifier(IdentifierKind.CRN, "X123456")
    known(identifiers=(crn,))
    assert wearers_known_as(crn) == ("W1",)
    assert wearers_known_as(Identifier(IdentifierKind.CRN, "X123457")) == ()


def test_a_document_is_taken_in_once_and_its_faults_told(instance: Any) -> None:
    from tipstaff.services.case_import import import_orders

    content = write_cases((case(0), case(1, status=OrderStatus.ENDED, ends_at=None), case(2)))
    done = import_orders(**WHO, content=content)
    assert (done.read, done.kept, dict(done.versions)) == (3, 2, {"wearer": 2, "order": 2})
    assert [f.where for f in done.faults] == ["cases[1].orders[0].ends_at"]
    again = import_orders(**WHO, content=content)
    assert dict(again.versions) == {"wearer": 0, "order": 0}
    assert [(e.extent, e.rows) for e in entries("import_orders")] == [
        ({"cases": 2}, 4),
        ({"cases": 2}, 0),
    ]
    assert import_orders(**WHO, content=b"[]").kept == 0
    assert entries("import_orders")[-1].extent == {"cases": 0, "read": 0}


def test_a_list_is_one_statement_by_an_index(instance: Any) -> None:
    from tipstaff.records import case_lists
    from tipstaff.records.case_lists import ListWanted
    from tipstaff.services.case_import import import_orders

    import_orders(**WHO, content=write_cases(tuple(case(n) for n in range(1200))))
    connection.cursor().execute("ANALYZE")
    with CaptureQueriesContext(connection) as all_of_it:
        first = listed(force="Durham", limit=20)
    assert first == [f"O{n:06d}" for n in range(1, 60, 3)]
    assert len(statements(all_of_it)) < 20
    now = datetime.now(UTC)
    with CaptureQueriesContext(connection) as asked:
        (*_rest, last) = case_lists.orders(
            ListWanted(everybody(), force="Durham", limit=20), now=now
        )
    assert len(asked) == 1
    assert listed(force="Durham", after=(last.reference, last.subject), limit=2) == [
        "O000061",
        "O000064",
    ]
    for wanted in (
        ListWanted(everybody(), limit=20),
        ListWanted(everybody(), force="Durham", limit=20),
        ListWanted(everybody(), force="Durham", status=OrderStatus.ACTIVE, limit=20),
        ListWanted(everybody(), force="Durham", after=(last.reference, last.subject), limit=20),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert len(case_lists.orders(wanted, now=now)) == 20
        found = plan(asked.captured_queries[0]["sql"])
        assert "stretch_by_" in found
        assert "TEMP B-TREE" not in found


def statements(asked: Any) -> list[str]:
    """What was asked of the database, the ends of transactions left out."""
    ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    told = (query["sql"] for query in asked.captured_queries)
    return [statement for statement in told if not statement.startswith(ends)]


def plan(statement: str) -> str:
    """How the database means to answer a statement."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
