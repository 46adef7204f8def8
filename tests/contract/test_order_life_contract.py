"""Releases, absences, assessments, reviews and numbers on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_accounts import everybody
from made_cases import absence, case, decision, order, release, utc, visit, wearer

from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.eligibility_facts import Sentence, SentenceKind
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus, SchemeRule
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.terms import Term
from tipstaff.formats.case_json import write_cases

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip
BURGLAR = Facts(
    basis=LegalBasis.LICENCE,
    sentence=Sentence("BIAD", SentenceKind.STANDARD_DETERMINATE, Term(6), date(2025, 7, 1)),
    beside=(),
    licence_last_day=date(2026, 7, 1),
    area="Derbyshire",
    fixed_address=True,
    monitored_in_full=False,
    unsuitable=False,
)


def codes(done: Any) -> list[str]:
    return [str(problem.code) for problem in done.problems]


def people(**other: Any) -> None:
    from tipstaff.services.cases import record_wearer

    assert record_wearer(**WHO, wearer=wearer(**other)).problems == ()


def ordered(made: Any, **other: Any) -> Any:
    from tipstaff.services.cases import record_order

    return record_order(**WHO, order=made, **other)


def history(reference: str) -> list[Any]:
    """Every version of a record of the case, in the order of recording."""
    from tipstaff.services.case_view import show_case

    view = show_case(**WHO, wearer="W1")
    assert view is not None
    found = [r for r in view.records if r.reference == reference]
    return [fact.value for record in found[-1:] for fact in record.versions]


def test_a_status_that_jumps_is_refused(instance: Any) -> None:
    people()
    made = ordered(order(status=OrderStatus.REFERRED, conditions=()))
    assert codes(made) == []
    jumped = ordered(order())
    assert codes(jumped) == ["STATUS_JUMPS"]
    assert "suitable or not_suitable" in jumped.problems[0].action
    told: dict[str, Any] = {"status": OrderStatus.SUITABLE}
    assert codes(ordered(order(**told))) == ["DECISION_MISSING"]
    told["decision"] = decision(OrderStatus.SUITABLE, reasons="wants it, has a home")
    assert codes(ordered(order(**told))) == []
    assert codes(ordered(order(decision=decision(OrderStatus.ACTIVE)))) == []
    assert codes(ordered(order(status=OrderStatus.REFERRED))) == ["STATUS_JUMPS"]


def test_an_order_under_a_rule_needs_a_yes_of_that_version(instance: Any) -> None:
    from dataclasses import replace

    from tipstaff.services.assessments import assess_eligibility

    def assessed(reference: str, facts: Facts) -> Any:
        return assess_eligibility(
            **WHO, wearer="W1", reference=reference, rule_id="acquisitive-crime",
            on_date=date(2026, 1, 5), facts=facts,
        )  # fmt: skip

    people()
    made = order(rule=SchemeRule("acquisitive-crime", 3))
    assert codes(ordered(made)) == ["NOT_ASSESSED"]
    assert codes(ordered(order(rule=made.rule, status=OrderStatus.REFERRED))) == []
    open_one = assessed("E1", replace(BURGLAR, area=None))
    assert open_one.assessment.answer.verdict == "not yet known"
    told = {"rule": made.rule, "status": OrderStatus.SUITABLE}
    ordered(order(**told, decision=decision(OrderStatus.SUITABLE)))
    made = replace(made, decision=decision(OrderStatus.ACTIVE))
    refused = ordered(made)
    assert codes(refused) == ["ASSESSMENT_OPEN"]
    assert "area_in_scope" in refused.problems[0].action
    no = assessed("E2", replace(BURGLAR, area="Dorset"))
    assert no.assessment.answer.verdict == "no"
    assert codes(ordered(made)) == ["NOT_ELIGIBLE"]
    yes = assessed("E3", BURGLAR)
    assert (codes(yes.done), yes.assessment.facts.born_on) == ([], date(1990, 5, 1))
    assert codes(ordered(made)) == []
    nobody = assess_eligibility(
        **WHO, wearer="W9", reference="E1", rule_id="acquisitive-crime", on_date=None, facts=BURGLAR
    )
    assert codes(nobody.done) == ["WEARER_NOT_KNOWN"]


def test_an_answer_that_the_facts_do_not_give_is_refused(instance: Any) -> None:
    from dataclasses import replace

    from tipstaff.domain.eligibility import Verdict
    from tipstaff.services.assessments import assess_eligibility
    from tipstaff.services.case_import import import_orders

    people()
    done = assess_eligibility(
        **WHO, wearer="W1", reference="E1", rule_id="acquisitive-crime",
        on_date=date(2026, 1, 5), facts=replace(BURGLAR, area="Dorset"),
    )  # fmt: skip
    assert done.assessment is not None
    forged = replace(done.assessment, answer=replace(done.assessment.answer, verdict=Verdict.YES))
    content = write_cases((replace(case(0), wearer=wearer(), orders=(), assessments=(forged,)),))
    found = import_orders(**WHO, content=content)
    assert [(f.where, f.what) for f in found.faults] == [
        ("cases[0].assessments[0].answer", "ANSWER_DIFFERS")
    ]


def test_whoever_is_not_fitted_in_time_is_an_alarm_until_news_comes(instance: Any) -> None:
    from tipstaff.services.releases import (
        list_alarms,
        list_releases,
        raise_alarms,
        record_fitting,
        record_release,
    )

    people()
    ordered(order())
    assert codes(record_release(**WHO, release=release())) == []
    refused = record_release(**WHO, release=release(order="O9", address="x"))
    assert codes(refused) == ["ORDER_NOT_KNOWN", "ADDRESS_NOT_ON_RECORD"]
    (alarm,) = list_alarms(**WHO)
    assert (alarm.line.reference, alarm.state.alarm) == ("R1", True)
    assert alarm.raised_at is not None, "raised as the release was recorded, overdue already"
    again = raise_alarms(**WHO)
    assert (again.raised, again.standing) == (0, 1)
    assert codes(record_fitting(**WHO, visit=visit(release="R9"))) == ["RELEASE_NOT_KNOWN"]
    assert codes(record_fitting(**WHO, visit=visit())) == []
    assert list_alarms(**WHO) == ()
    raised, retracted = history("R1")
    assert (raised.retracted_at, raised.raised_at) == (None, retracted.raised_at)
    assert "in time" in retracted.retracted_why
    (line,) = list_releases(**WHO, since=utc("2026-01-01"))
    assert (line.state.stage, line.line.fitted_at) == ("fitted", utc("2026-01-05 17:00"))
    assert list_releases(**WHO) == ()


def test_a_deadline_that_passes_by_itself_is_raised_once(instance: Any) -> None:
    from tipstaff.records import release_lists
    from tipstaff.services.releases import list_alarms, raise_alarms, record_release

    people()
    ordered(order())
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    made = release(fit_by=soon)
    assert codes(record_release(**WHO, release=made)) == []
    assert release_lists.unfitted(now=soon - timedelta(seconds=1), limit=9) == ()
    while datetime.now(UTC) < soon:
        pass
    (unraised,) = list_alarms(**WHO)
    assert unraised.raised_at is None
    assert raise_alarms(**WHO).raised == 1
    assert raise_alarms(**WHO).raised == 0
    people(limited_access=True)
    assert list_alarms(**WHO) == ()


def test_lists_are_one_statement_by_an_index(instance: Any) -> None:
    from tipstaff.records import case_lists, release_lists
    from tipstaff.services.case_import import import_orders

    def one(number: int) -> Any:
        from dataclasses import replace

        made = case(number, ends_at=utc("2099-01-01"))
        name = made.wearer.reference
        out = release(f"R{number}", wearer=name, order=made.orders[0].reference)
        return replace(made, releases=(out,))

    import_orders(**WHO, content=write_cases(tuple(one(n) for n in range(120))))
    connection.cursor().execute("ANALYZE")
    now = datetime.now(UTC)
    by, since = date(2026, 6, 1), utc("2026-01-01")
    page: dict[str, Any] = {"now": now, "limit": 20, "reach": everybody(limited=False)}
    for ask, indexes in (
        (lambda: release_lists.unfitted(**page), ("release_unfitted", "release_by_deadline")),
        (lambda: release_lists.upcoming(since=since, **page), ("release_by_deadline",)),
        (lambda: case_lists.reviews_due(by, **page), ("stretch_by_due",)),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert len(ask()) == 20
        assert len(asked) == 1
        told = plan(asked.captured_queries[0]["sql"])
        assert any(index in told for index in indexes)
        assert "TEMP B-TREE" not in told


def plan(statement: str) -> str:
    """How the database means to answer a statement."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_who_asks_for_an_absence_does_not_decide_it(instance: Any) -> None:
    from tipstaff.services.absences import ask_absence, cancel_absence, decide_absence
    from tipstaff.services.instance import init_instance

    init_instance(user="decider")
    people()
    ordered(order())
    assert codes(ask_absence(**WHO, absence=absence())) == []
    assert codes(ask_absence(**WHO, absence=absence("A2"))) == ["ABSENCE_OVERLAPS"]
    what = {"wearer": "W1", "reference": "A1", "approved": True, "reason": "confirmed"}
    assert codes(decide_absence(**WHO, **what)) == ["ASKER_DECIDES"]
    other = WHO | {"actor": "decider"}
    assert codes(decide_absence(**other, **what)) == []
    assert codes(decide_absence(**other, **what)) == ["DECIDED_BEFORE"]
    assert codes(ask_absence(**WHO, absence=absence(reason="longer"))) == ["DECIDED_BEFORE"]
    last = {"wearer": "W1", "reference": "A1"}
    assert codes(cancel_absence(**WHO, **last)) == []
    assert codes(cancel_absence(**WHO, **last)) == ["ABSENCE_NOT_KNOWN"]
    asked, approved, cancelled = history("A1")
    assert (asked.decision, approved.decision.by, cancelled.decision.by) == (
        None,
        "decider",
        "decider",
    )
    assert cancelled.cancelled_at is not None


def test_a_review_stays_due_until_somebody_decides(instance: Any) -> None:
    from tipstaff.services.order_reviews import list_reviews_due

    people()
    runs = {"ends_at": utc("2099-01-01")}
    ordered(order(**runs))
    (line,) = list_reviews_due(**WHO)
    assert (line.due, line.order.reference) == (date(2026, 2, 2), "O1")
    assert list_reviews_due(**WHO, by=date(2026, 2, 1)) == ()
    goes_on = decision(OrderStatus.ACTIVE, "2026-02-02 12:00", "still needed: two breaches")
    assert codes(ordered(order(decision=goes_on, **runs))) == []
    assert [line.due for line in list_reviews_due(**WHO)] == [date(2026, 4, 6)]


def test_a_wearer_is_found_by_a_number_and_nobody_else_shows(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.find_wearer import find_wearer

    crn = Identifier(IdentifierKind.CRN, "X123456")
    nobody = Identifier(IdentifierKind.CRN, "X123457")
    people(identifiers=(crn,))
    assert find_wearer(**WHO, identifier=crn) == ("W1",)
    people(identifiers=(crn,), limited_access=True)
    with CaptureQueriesContext(connection) as limited:
        assert find_wearer(**WHO, identifier=crn) == ()
    with CaptureQueriesContext(connection) as none:
        assert find_wearer(**WHO, identifier=nobody) == ()
    assert len(limited) == len(none)
    served = AuditEntry.objects.filter(use_case="find_wearer", phase="served").order_by("at")
    assert [(e.rows, len(e.subject_refs)) for e in served] == [(1, 1), (0, 1), (0, 0)]
    assert "X12345" not in str([e.extent for e in served])


def test_a_whole_case_goes_in_by_one_document(instance: Any) -> None:
    from dataclasses import replace

    from made_cases import consent, voluntary

    from tipstaff.services.case_import import import_orders

    whole = replace(
        case(0),
        wearer=wearer(),
        orders=(order(), voluntary(restores="O1")),
        consents=(consent(),),
        releases=(release(),),
        visits=(visit(),),
        absences=(absence(),),
    )
    content = write_cases((whole,))
    done = import_orders(**WHO, content=content)
    assert done.faults == ()
    assert dict(done.versions) == {
        "wearer": 1, "order": 2, "consent": 1, "release": 1, "visit": 1, "absence": 1,
    }  # fmt: skip
    again = import_orders(**WHO, content=content)
    assert (again.faults, sum(again.versions.values())) == ((), 0)
    less = import_orders(**WHO, content=write_cases((replace(whole, consents=()),)))
    assert less.faults == (), "what is on record counts beside what is told"
    alone = replace(whole, wearer=wearer("W2"), consents=(), releases=(), visits=(), absences=())
    mine = tuple(replace(o, wearer="W2") for o in whole.orders)
    found = import_orders(**WHO, content=write_cases((replace(alone, orders=mine),)))
    assert [(f.where, f.what) for f in found.faults] == [
        ("cases[0].orders[1]", "NO_VOLUNTARY_CONSENT")
    ]
