"""One person: their orders and conditions in plain words, their alerts, and who they are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.orders import Order
from tipstaff.domain.wearers import Wearer
from tipstaff.records.alert_pages import AlertLine
from tipstaff.services.alert_lists import QueueWanted, list_alerts
from tipstaff.services.case_view import CaseView, show_case
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.conditions_in_words import condition_words


@require_GET
def person(request: HttpRequest, wearer: str) -> HttpResponse:
    """The page of one person; 404 for one who is not to be seen."""
    found = show_case(**calling(request, "show_case"), wearer=wearer)
    if found is None:
        raise Http404
    alerts: tuple[AlertLine, ...] = ()
    if may(request, "list_alerts"):
        wanted = QueueWanted(wearer=wearer, closed=True, limit=20)
        alerts = list_alerts(**calling(request, "list_alerts"), wanted=wanted)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "record": _record(found),
        "orders": _orders(found),
        "records": found.records,
        "alerts": alerts,
        "bases": BASIS_WORDS,
        "condition_words": condition_words,
        "now": timezone.now(),
        "words": words,
    }
    return render(request, "person.html.jinja", shown)


def _record(found: CaseView) -> Wearer | None:
    value = None if found.wearer is None else found.wearer.value
    return value if isinstance(value, Wearer) else None


def _orders(found: CaseView) -> list[tuple[Order, int]]:
    """The orders that show now, each with how many versions it has."""
    shown = []
    for one in found.orders:
        value = None if one.shown is None else one.shown.value
        if isinstance(value, Order):
            shown.append((value, len(one.changes)))
    return shown
