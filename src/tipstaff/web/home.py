"""Home: what waits for whoever is signed in, by their role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.services.waiting import Waits, count_waiting
from tipstaff.web.callers import calling, may
from tipstaff.web.home_cards import CARDS


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A card for each thing that may wait; those of which nothing waits say so."""
    counts = _counts(request)
    cards = [
        one.shown(request, counts[one.waits])
        for one in CARDS
        if one.waits in counts and may(request, one.use_case)
    ]
    waiting = [card for card in cards if card.count]
    return render(
        request, "home.html.jinja", {"cards": cards, "waiting": waiting, "live": "alerts"}
    )


def _counts(request: HttpRequest) -> dict[Waits, int]:
    if not may(request, "count_waiting"):
        return {}
    return count_waiting(**calling(request, "count_waiting"))
