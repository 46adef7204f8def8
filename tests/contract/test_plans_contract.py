"""Plans on both databases: use cases, what is due, pages by an index, limited access, the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from made_accounts import clear, everybody
from made_cases import order, utc, wearer
from made_plans import attendance, contact, plan, review, task

from tipstaff.domain.plan_work import ReviewOutcome, TaskState
from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip
FAR = date(2099, 1, 1)


def known(**other: Any) -> None:
    """A wearer on record, with an order."""
    from tipstaff.services.cases import record_order, record_wearer

    made = wearer(**other)
    assert record_wearer(**WHO, wearer=made).problems == ()
    if made.limited_access:  # from then on nothing more is recorded of them without a grant
        return
    conditions = (attendance(), *order().conditions)
    assert record_order(**WHO, order=order(wearer=made.reference, conditions=conditions)).version


def told(value: Any, **other: Any) -> Any:
    from tipstaff.services import plans

    name = type(value).__name__.lower()
    done = getattr(plans, f"record_{name}")(**WHO, **{name: value}, **other)
    return [str(problem.code) for problem in done.problems] or done.version


def due(until: date = FAR, **other: Any) -> list[tuple[str, date]]:
    from tipstaff.services.plan_lists import list_plan_reviews

    lines = list_plan_reviews(**WHO, until=until, **other)
    return [(line.reference, line.due) for line in lines]


def open_tasks(**other: Any) -> list[str]:
    from tipstaff.services.plan_lists import list_tasks

    return [line.reference for line in list_tasks(**WHO, **other)]


def test_a_plan_is_recorded_reviewed_and_ended(instance: Any) -> None:
    assert told(plan()) == ["WEARER_NOT_KNOWN"]
    known()
    assert told(review()) == ["PLAN_NOT_KNOWN"]
    assert told(plan()) == 1
    assert due() == [("P1", date(2026, 2, 2))]
    assert due(date(2026, 2, 1)) == []
    assert told(review()) == 1
    assert due() == [("P1", date(2026, 3, 2))]
    last = review("R2", held_on=date(2026, 3, 2), outcome=ReviewOutcome.END, next_due=None)
    assert told(last) == 1
    assert due() == []
    corrected = review("R2", held_on=date(2026, 3, 2), next_due=date(2026, 4, 1))
    assert told(corrected, reason="not ended after all") == 2
    assert due() == [("P1", date(2026, 4, 1))]
    assert due(organisation="Probation") == due()
    assert due(organisation="Police") == []


def test_a_review_counts_from_the_day_it_was_held(instance: Any) -> None:
    from tipstaff.records.plan_pages import ReviewsWanted, plan_reviews

    known()
    told(plan())
    told(review())
    for day, expected in (("2026-01-04", []), ("2026-02-01", [date(2026, 2, 2)]),
                          ("2026-02-02", [date(2026, 3, 2)])):  # fmt: skip
        found = plan_reviews(ReviewsWanted(everybody(), FAR), now=utc(day))
        assert [line.due for line in found] == expected


def test_tasks_are_set_done_and_listed(instance: Any) -> None:
    known()
    told(plan())
    assert told(task()) == 1
    assert told(task("T2", agency="drugs", due=date(2026, 1, 6))) == 1
    assert open_tasks() == ["T2", "T1"]
    assert open_tasks(agency="housing") == ["T1"]
    assert told(task(state=TaskState.DONE, result="two flats")) == 2
    assert open_tasks() == ["T2"]
    assert open_tasks(state=TaskState.DONE) == ["T1"]


def test_a_contact_is_corrected_and_never_edited(instance: Any) -> None:
    from tipstaff.services.case_view import show_case

    known()
    assert told(contact()) == 1
    assert told(contact(note="something else")) == ["CORRECTION_WITHOUT_REASON"]
    before = datetime.now(UTC)
    assert told(contact(note="something else"), reason="wrong wearer's note") == 2
    for valid in (utc("2026-01-07 10:00"), None):
        view = show_case(**WHO, wearer="W1", valid_at=valid)
        (entry,) = view.records
        assert (entry.kind, entry.shown.value.note) == ("contact", "something else")
        assert [v.value.note for v in entry.versions] == ["talked about the flat", "something else"]
    then = show_case(**WHO, wearer="W1", as_known_at=before)
    assert then.records[0].shown.value.note == "talked about the flat"


def test_limited_access_shows_in_no_list(instance: Any) -> None:
    from tipstaff.services.partner_summary import partner_summary

    known()
    told(plan())
    told(task())
    asked = {"wearer": "W1", "agency": "housing"}
    assert partner_summary(**WHO, **asked) is not None
    known(limited_access=True)
    with CaptureQueriesContext(connection) as limited:
        assert partner_summary(**WHO, **asked) is None
    with CaptureQueriesContext(connection) as nobody:
        assert partner_summary(**WHO, wearer="W9", agency="housing") is None
    assert len(limited) == len(nobody)
    assert (due(), open_tasks()) == ([], [])
    clear("tester")
    assert (len(due()), len(open_tasks())) == (1, 1)


def test_a_summary_is_a_disclosure_with_its_recipient(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry, Wearer
    from tipstaff.services.partner_summary import partner_summary

    known()
    told(plan())
    assert partner_summary(**WHO, wearer="W1", agency="education") is None
    found = partner_summary(**WHO, wearer="W1", agency="housing")
    assert found is not None
    assert found.plans == 1
    served = AuditEntry.objects.filter(use_case="partner_summary", phase="served").order_by("at")
    assert [(e.operation, e.extent, e.rows) for e in served] == [
        ("disclosure", {"recipients": ["education"]}, 0),
        ("disclosure", {"recipients": ["housing"]}, 1),
    ]
    assert served[1].subject_refs == [str(Wearer.objects.get().subject_ref)]


@pytest.fixture
def many(instance: Any) -> None:
    """300 wearers, each with a plan and a task."""
    from uuid import uuid4

    from tipstaff.records import cases

    told = []
    for n in range(300):
        name, day = f"W{n:03d}", date(2026, 2, 1) + timedelta(days=n % 7)
        lead = plan().lead if n % 3 else plan().lead.__class__("B", "Police")
        told += [
            cases.Told(wearer(name)),
            cases.Told(plan(f"P{n:03d}", wearer=name, first_review=day, lead=lead)),
            cases.Told(task(f"T{n:03d}", wearer=name, due=day,
                            agency=("housing", "drugs", "police")[n % 3])),
        ]  # fmt: skip
    with transaction.atomic():
        cases.record(told, at=utc("2026-02-01"), by=uuid4())
    connection.cursor().execute("ANALYZE")


def test_lists_page_in_one_statement_by_an_index(many: None) -> None:
    from tipstaff.records import plan_pages
    from tipstaff.records.plan_pages import ReviewsWanted, TasksWanted

    now, reach = utc("2026-02-02"), everybody(limited=False)
    for ask, wanted, index in (
        (plan_pages.tasks, TasksWanted(reach, limit=40), "task_by_"),
        (plan_pages.tasks, TasksWanted(reach, agency="drugs", limit=40), "task_by_agency"),
        (plan_pages.plan_reviews, ReviewsWanted(reach, date(2026, 2, 5), limit=40), "plan_by_"),
        (plan_pages.plan_reviews, ReviewsWanted(reach, FAR, "Police", limit=40),
         "plan_by_organisation"),
    ):  # fmt: skip
        every: list[Any] = []
        page: Any = wanted
        while True:
            with CaptureQueriesContext(connection) as asked:
                lines = ask(page, now=now)
            assert len(asked) == 1
            if len(every) == 0:
                found = explained(asked.captured_queries[0]["sql"])
                assert index in found
                assert "TEMP B-TREE" not in found
                assert "Sort" not in found
            every += [(line.due, line.reference) for line in lines]
            if len(lines) < 40:
                break
            last = lines[-1]
            page = replace(page, after=(last.due, last.reference, last.subject))
        whole = ask(replace(wanted, limit=1000), now=now)
        assert every == [(line.due, line.reference) for line in whole]
        assert every == sorted(every)
        assert len(every) >= 100


def explained(statement: str) -> str:
    """How the database can answer a statement; so few rows PostgreSQL would sort by choice."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_sort = off")
            cursor.execute("SET enable_bitmapscan = off")
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
