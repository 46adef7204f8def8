"""The board of a shift: what waits, of whom, by when. One page, to look at and to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.protocols import Severity
from tipstaff.services.alert_lists import QueueWanted, list_alerts, list_outages
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.desks import LISTINGS

#: Lists of the board, in its order.
_LISTS = ("not-fitted", "releases", "reviews", "plan-reviews", "tasks", "approvals")


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Urgent alerts and what is due, of those within reach."""
    shown: dict[str, Any] = {
        "alerts": (),
        "outages": (),
        "lists": [
            (listing, listing.lines(request))
            for listing in (LISTINGS[name][1] for name in _LISTS)
            if may(request, listing.use_case)
        ],
        "words": words,
        "now": timezone.now(),
    }
    if may(request, "list_alerts"):
        wanted = QueueWanted(at_least=Severity.MEDIUM, limit=50)
        shown["alerts"] = list_alerts(**calling(request, "list_alerts"), wanted=wanted)
        shown["outages"] = list_outages(**calling(request, "list_outages"))
    return render(request, "board.html.jinja", shown)
