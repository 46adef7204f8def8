"""Home: what waits for whoever is signed in, by their role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.web.callers import may
from tipstaff.web.home_cards import CARDS


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A card for each thing that may wait; those of which nothing waits say so."""
    cards = [one.shown(request) for one in CARDS if may(request, one.use_case)]
    waiting = [card for card in cards if card.count]
    return render(
        request, "home.html.jinja", {"cards": cards, "waiting": waiting, "live": "alerts"}
    )
