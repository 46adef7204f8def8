"""Home: what waits for whoever is signed in, by their role."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.records.sessions import SIGNED_IN_AT
from tipstaff.services.readings import count_to_read
from tipstaff.services.waiting import count_waiting
from tipstaff.web.callers import calling, may
from tipstaff.web.home_cards import CARDS, TO_READ, shown_of
from tipstaff.web.trained import training_lacked


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A card for each thing that may wait; those of which nothing waits say so."""
    counts, since = _counts(request)
    cards = [
        shown_of(one, request, counts[one.waits], since)
        for one in CARDS
        if one.waits in counts and may(request, one.use_case)
    ]
    shown = {"cards": cards, "waiting": [card for card in cards if card.count], "live": "alerts"}
    return render(request, "home.html.jinja", shown)


def _counts(request: HttpRequest) -> tuple[dict[str, int], datetime | None]:
    """What waits, and when they last looked before this session: since then alerts are new."""
    counts: dict[str, int] = {}
    since = None
    if may(request, "count_waiting"):
        signed_in_at = request.session.get(SIGNED_IN_AT)
        before = datetime.fromisoformat(signed_in_at) if signed_in_at else None
        found = count_waiting(**calling(request, "count_waiting"), before=before)
        counts |= {waits.value: many for waits, many in found.counts.items()}
        since = found.since
    if may(request, "count_to_read") and not training_lacked(request, "count_to_read"):
        counts[TO_READ] = count_to_read(**calling(request, "count_to_read"))
    return counts, since
