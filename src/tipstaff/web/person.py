"""One person: their orders in plain words, this week's hours, how they kept to it, their alerts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.absences import Absence
from tipstaff.domain.compliance import ComplianceDay, DayMark
from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.orders import OVER, Order
from tipstaff.domain.wall_time import wall_time
from tipstaff.records.alert_pages import AlertLine
from tipstaff.services.alert_lists import QueueWanted, list_alerts
from tipstaff.services.case_view import CaseView
from tipstaff.services.compliance import show_compliance
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.cases import addresses_of, all_of, case_of, orders_of, record_of
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.desks import ACTS, casework
from tipstaff.web.listings import Offer
from tipstaff.web.person_forms.made_orders import curfew_words
from tipstaff.web.person_forms.orders import decide_words
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.person_standing import allowed, parts_of
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
    orders = [one for one, _versions in orders_of(found)]
    monday = _monday(request)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "record": record_of(found),
        "orders": orders_of(found),
        "changes": _changes(request, found, wearer, orders),
        "current": parts_of(request, found, wearer),
        "week": week_of(orders, all_of(found, Absence), monday),
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "strip": _strip(request, wearer),
        "marks": MARK_WORDS,
        "signs": MARK_SIGN,
        "alerts": _alerts(request, wearer),
        "offers": _offers(request, wearer),
        "here": request.get_full_path(),
        "bases": BASIS_WORDS,
        "condition_words": condition_words,
        "now": timezone.now(),
        "words": words,
    }
    return render(request, "person.html.jinja", shown)


def _offers(request: HttpRequest, wearer: str) -> list[Offer | PersonOffer]:
    """What may be done about the person; what is about one thing of theirs stands beside it."""
    acts = [Offer(one.act, one.words, {"wearer": wearer}) for one in casework.OF_A_PERSON]
    open_to = [one for one in acts if may(request, ACTS[one.act].use_case)]
    forms = (
        PersonOffer("order", "Record an order", wearer),
        PersonOffer("refer", "Refer for a tag", wearer),
    )
    return [*open_to, *allowed(request, forms)]


def _changes(
    request: HttpRequest, found: CaseView, wearer: str, orders: list[Order]
) -> dict[str, list[PersonOffer]]:
    """By order, what may be recorded about it: nothing of one that is over."""
    known = bool(addresses_of(found))
    return {
        one.reference: allowed(request, (
            PersonOffer("decide-order", decide_words(one), wearer, one.reference),
            *([PersonOffer("curfew", curfew_words(one), wearer, one.reference)] if known else []),
        ))
        for one in orders
        if one.status not in OVER
    }  # fmt: skip


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
