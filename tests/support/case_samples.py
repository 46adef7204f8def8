"""Samples of the use cases about cases: consents, absences, releases, plans, equality.

See `use_case_samples`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from made_accounts import LOCAL
from made_cases import absence, consent, curfew, order, release, utc, visit, wearer
from made_plans import HOUSING, contact, plan, review, task
from sample_calls import Aim, Sample, Who, aimed, of, plain

from tipstaff.domain.conditions import Protected, Proximity, Trail
from tipstaff.domain.consents import ConsentKind, WithdrawnBy
from tipstaff.domain.eligibility_facts import Case
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.plans import Agency, AgencyKind, Plan
from tipstaff.domain.purposes import Purpose

_ABSENCES = count(1)
_LAST: list[str] = ["A0"]
#: Prison numbers of the wearers of the test.
NUMBERS = {"W1": "A1111AA", "W2": "A2222AA", "W3": "A3333AA"}


def number_of(name: str) -> Identifier:
    """The prison number of a wearer, or nobody's."""
    return Identifier(IdentifierKind.NOMIS, NUMBERS.get(name, "A9999ZZ"))


def furnish_case(name: str, force: str) -> None:
    """A wearer with all that a case has: an order that goes on, a consent, a plan, a release."""
    who, now = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}, datetime.now(UTC)
    conditions = (curfew(), Trail("t1"), Proximity("p1", Protected.VICTIM, "V1", 500.0))
    running = order(
        f"O-{name}", wearer=name, force=force, ends_at=utc("2090-01-01"), conditions=conditions
    )
    victims = {"kind": ConsentKind.VICTIM, "person": "V1", "text": "elsewhere"}
    told: list[tuple[str, dict[str, Any]]] = [
        ("cases.record_wearer", {"wearer": wearer(name, identifiers=(number_of(name),))}),
        ("consents.record_consent", {"consent": consent(wearer=name)}),
        (
            "consents.record_consent",
            {"consent": consent("C2", wearer=name, given_at=utc("2025-12-31"), **victims)},
        ),
        ("cases.record_order", {"order": running}),
        ("plans.record_plan", {"plan": shared_plan(name)}),
        ("plans.record_task", {"task": task(wearer=name)}),
        ("plans.record_contact", {"contact": contact("own-1", wearer=name, at=now)}),
    ]
    away = {"starts_at": utc("2026-02-10 18:00"), "ends_at": utc("2026-02-11 09:00")}
    asked = absence("A-waits", wearer=name, order=f"O-{name}", **away)
    told.append(("absences.ask_absence", {"absence": asked}))
    for reference in ("R1", "R2"):
        released = release(reference, wearer=name, order=f"O-{name}")
        told.append(("releases.record_release", {"release": released}))
    for path, value in told:
        done = of(path)(**who, **value)
        assert done.problems == (), f"{path}: {done.problems}"


def shared_plan(wearer: str) -> Plan:
    """A plan in which the agency of the test's partner takes part."""
    return plan(wearer=wearer, agencies=(HOUSING, Agency("acme", "Acme", AgencyKind.EMPLOYMENT)))


def _made(path: str, argument: str, make: Callable[..., Any]) -> Callable[[Who, str], Any]:
    """A use case that records a value of a wearer's."""
    return lambda who, name: of(path)(**who, **{argument: make(wearer=name)})


def _of_order(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda wearer: make(wearer=wearer, order=f"O-{wearer}")


def _of_the_second(wearer: str) -> Any:
    """A visit under the release that no alarm is asked about."""
    return visit(wearer=wearer, release="R2")


def _ask_anew(name: str) -> None:
    """An absence of a day of its own, not decided yet."""
    if name != "W1":
        return
    number = next(_ABSENCES)
    day = utc("2027-01-10 18:00") + timedelta(days=number)
    times = {"starts_at": day, "ends_at": day + timedelta(hours=3)}
    _LAST[0] = f"A{number}"
    asked = absence(_LAST[0], wearer=name, order=f"O-{name}", **times)
    assert of("absences.ask_absence")(**LOCAL, absence=asked).problems == ()


def _decide(who: Who, name: str) -> Any:
    which = {"wearer": name, "reference": _LAST[0]}
    return of("absences.decide_absence")(**who, **which, approved=True, reason="why")


def _cancel(who: Who, name: str) -> Any:
    return of("absences.cancel_absence")(**who, wearer=name, reference=_LAST[0])


def _assess(who: Who, name: str) -> Any:
    asked = {"reference": "E1", "rule_id": "acquisitive-crime", "on_date": date(2026, 1, 5)}
    return of("assessments.assess_eligibility")(**who, wearer=name, **asked, facts=Case())


def _withdraw(who: Who, name: str) -> Any:
    how = {
        "reference": "C1",
        "how": WithdrawnBy.IN_PERSON,
        "told_to": "B Officer",
        "at": utc("2026-03-01"),
    }
    return of("consents.withdraw_consent")(**who, wearer=name, **how)


def _find(who: Who, name: str) -> Any:
    return of("find_wearer.find_wearer")(**who, identifier=number_of(name))


def _summary(who: Who, name: str) -> Any:
    agency = "other" if who["actor"] == "theirs-partner_agency" else "acme"
    return of("partner_summary.partner_summary")(**who, wearer=name, agency=agency)


def _plan_file(who: Who, name: str) -> Any:
    from tipstaff.formats.plan_documents import ToldPlan, write_plan_file

    content = write_plan_file((ToldPlan(shared_plan(name)),))
    return of("plan_import.record_plan_file")(**who, content=content)


def _on_the_board(who: Who, _wearer: str) -> Any:
    board = of("shift_board.show_board")(**who)
    released = (*(board.unfitted or ()), *(board.releases or ()))
    return [
        *(board.alerts or ()), *(board.plan_reviews or ()), *(board.tasks or ()),
        *(one.line for one in released), *(one.order for one in board.reviews or ()),
    ]  # fmt: skip


def _lines(path: str, line: Callable[[Any], Any], **options: Any) -> Callable[[Who, str], Any]:
    """A list whose lines hold the line with the wearer."""
    return lambda who, _name: [line(found) for found in of(path)(**who, **options)]


CASE_SAMPLES: Mapping[str, Sample] = {
    "consents.record_consent": Sample(
        _made("consents.record_consent", "consent", consent), Aim.WEARER
    ),
    "consents.withdraw_consent": Sample(_withdraw, Aim.WEARER),
    "consents.copy_for": Sample(aimed("consents.copy_for", reference="C1"), Aim.WEARER),
    "absences.ask_absence": Sample(
        _made("absences.ask_absence", "absence", _of_order(absence)), Aim.WEARER
    ),
    "absences.decide_absence": Sample(_decide, Aim.WEARER, _ask_anew),
    "absences.cancel_absence": Sample(_cancel, Aim.WEARER, _ask_anew),
    "absences.list_absences": Sample(plain("absences.list_absences"), Aim.LIST),
    "releases.record_release": Sample(
        _made("releases.record_release", "release", _of_order(release)), Aim.WEARER
    ),
    "releases.record_fitting": Sample(
        _made("releases.record_fitting", "visit", _of_the_second), Aim.WEARER
    ),
    "releases.list_releases": Sample(
        _lines("releases.list_releases", lambda found: found.line, since=utc("2026-01-01")),
        Aim.LIST,
    ),
    "releases.list_alarms": Sample(
        _lines("releases.list_alarms", lambda found: found.line), Aim.LIST
    ),
    "releases.raise_alarms": Sample(plain("releases.raise_alarms")),
    "order_reviews.list_reviews_due": Sample(
        _lines("order_reviews.list_reviews_due", lambda found: found.order), Aim.LIST
    ),
    "waiting.count_waiting": Sample(plain("waiting.count_waiting")),
    "shift_board.show_board": Sample(_on_the_board, Aim.LIST),
    "assessments.assess_eligibility": Sample(_assess, Aim.WEARER),
    "find_wearer.find_wearer": Sample(_find, Aim.WEARER),
    "plans.record_plan": Sample(_made("plans.record_plan", "plan", shared_plan), Aim.WEARER),
    "plans.record_review": Sample(_made("plans.record_review", "review", review), Aim.WEARER),
    "plans.record_task": Sample(_made("plans.record_task", "task", task), Aim.WEARER),
    "plans.record_contact": Sample(_made("plans.record_contact", "contact", contact), Aim.WEARER),
    "plan_import.record_plan_file": Sample(_plan_file, Aim.WEARER),
    "plan_lists.list_tasks": Sample(plain("plan_lists.list_tasks"), Aim.LIST),
    "plan_lists.list_plan_reviews": Sample(
        plain("plan_lists.list_plan_reviews", until=date(2027, 1, 1)), Aim.LIST
    ),
    "partner_summary.partner_summary": Sample(_summary, Aim.WEARER),
    "equality.record_characteristics": Sample(
        aimed("equality.record_characteristics", answers={}), Aim.WEARER
    ),
    "equality.equality_counts": Sample(plain("equality.equality_counts", by="sex")),
}
