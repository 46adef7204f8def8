"""One person: their orders in plain words, this week's hours, how they kept to it, their alerts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.compliance import ComplianceDay, DayMark
from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.orders import Order
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearers import Wearer
from tipstaff.records.alert_pages import AlertLine
from tipstaff.services.alert_lists import QueueWanted, list_alerts
from tipstaff.services.case_view import CaseView, show_case
from tipstaff.services.compliance import show_compliance
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.desks import ACTS, casework
from tipstaff.web.listings import Offer
from tipstaff.web.record_words import record_words
from tipstaff.web.week import monday_of, week_of

_WEEKS: Final = 8
MARK_WORDS: Final = {
    DayMark.BROKEN: "Broken, or an alert that was genuine",
    DayMark.ALERT: "An alert that nobody has decided",
    DayMark.UNKNOWN: "Not known",
    DayMark.KEPT: "Kept",
    DayMark.NOTHING: "Nothing to keep, or nothing on record",
}
#: A letter beside the colour: no mark is told by colour alone.
MARK_SIGN: Final = {
    DayMark.BROKEN: "B",
    DayMark.ALERT: "!",
    DayMark.UNKNOWN: "?",
    DayMark.KEPT: "✓",
    DayMark.NOTHING: "–",
}


@require_GET
def person(request: HttpRequest, wearer: str) -> HttpResponse:
    """The page of one person; 404 for one who is not to be seen."""
    found = case_of(request, wearer)
    monday = _monday(request)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "record": record_of(found),
        "orders": _orders(found),
        "current": _standing(found),
        "week": week_of([o for o, _ in _orders(found)], _absences(found), monday),
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "strip": _strip(request, wearer),
        "marks": MARK_WORDS,
        "signs": MARK_SIGN,
        "alerts": _alerts(request, wearer),
        "offers": _offers(request, wearer, _absences(found)),
        "here": request.get_full_path(),
        "bases": BASIS_WORDS,
        "condition_words": condition_words,
        "now": timezone.now(),
        "words": words,
    }
    return render(request, "person.html.jinja", shown)


def case_of(request: HttpRequest, wearer: str) -> CaseView:
    """What is on record of a person; 404 for one who is not to be seen."""
    found = show_case(**calling(request, "show_case"), wearer=wearer)
    if found is None:
        raise Http404
    return found


def record_of(found: CaseView) -> Wearer | None:
    """The person's own record as it shows now."""
    value = None if found.wearer is None else found.wearer.value
    return value if isinstance(value, Wearer) else None


def shown_of(found: CaseView, kind: Kind) -> list[CaseValue]:
    """Records of a kind as they show now."""
    return [r.shown.value for r in found.records if r.kind is kind and r.shown is not None]


def _orders(found: CaseView) -> list[tuple[Order, int]]:
    """The orders that show now, each with how many versions it has."""
    shown = []
    for one in found.orders:
        value = None if one.shown is None else one.shown.value
        if isinstance(value, Order):
            shown.append((value, len(one.changes)))
    return shown


def _absences(found: CaseView) -> list[Absence]:
    return [one for one in shown_of(found, Kind.ABSENCE) if isinstance(one, Absence)]


def _standing(found: CaseView) -> list[tuple[str, list[str]]]:
    """What stands now beside orders: devices, consents, absences, plans and tasks, in words."""
    kinds = (
        ("Devices", Kind.FITTING),
        ("Consents", Kind.CONSENT),
        ("Absences", Kind.ABSENCE),
        ("Releases", Kind.RELEASE),
        ("Plans", Kind.PLAN),
        ("Tasks", Kind.TASK),
    )
    told = [(title, [record_words(one) for one in shown_of(found, kind)]) for title, kind in kinds]
    return [(title, lines) for title, lines in told if lines]


def _offers(request: HttpRequest, wearer: str, absences: list[Absence]) -> list[Offer]:
    """What may be done about the person, and about absences that wait for a decision."""
    found = [Offer(one.act, one.words, {"wearer": wearer}) for one in casework.OF_A_PERSON]
    for one in absences:
        values = {"wearer": wearer, "reference": one.reference}
        if one.decision is None and one.cancelled_at is None:
            found.append(Offer("decide-absence", f"Decide on absence {one.reference}", values))
        elif one.cancelled_at is None and one.ends_at > timezone.now():
            found.append(Offer("cancel-absence", f"Cancel absence {one.reference}", values))
    return [one for one in found if may(request, ACTS[one.act].use_case)]


def _monday(request: HttpRequest) -> date:
    try:
        return monday_of(date.fromisoformat(request.GET.get("week", "")))
    except (ValueError, OverflowError):
        return monday_of(wall_time(timezone.now()).date())


def _strip(request: HttpRequest, wearer: str) -> list[list[ComplianceDay]]:
    """The last eight weeks, a list for each, from Monday on."""
    if not may(request, "show_compliance"):
        return []
    who = calling(request, "show_compliance")
    today = wall_time(timezone.now()).date()
    days = 7 * (_WEEKS - 1) + today.weekday() + 1
    found = show_compliance(**who, wearer=wearer, days=days)
    return [list(found[n : n + 7]) for n in range(0, len(found), 7)]


def _alerts(request: HttpRequest, wearer: str) -> tuple[AlertLine, ...]:
    if not may(request, "list_alerts"):
        return ()
    wanted = QueueWanted(wearer=wearer, closed=True, limit=20)
    return list_alerts(**calling(request, "list_alerts"), wanted=wanted)
