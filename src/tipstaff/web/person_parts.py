"""The other pages of a person: the versions of their orders, their history, who looked at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.looked_at import NOTICE
from tipstaff.services.alert_lists import QueueWanted, list_alerts
from tipstaff.services.case_view import CaseView
from tipstaff.services.looked_at import looked_at
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.cases import case_of
from tipstaff.web.record_words import record_words
from tipstaff.web.state_words import role_words, said


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history: when it became known, what it says, and why it was told."""

    at: datetime
    kind: str
    words: str
    reason: str = ""
    alert: int | None = None


@require_GET
def orders(request: HttpRequest, wearer: str) -> HttpResponse:
    """Each order's versions, each beside the one before: what was changed, from what to what."""
    shown = {"wearer": wearer, "orders": case_of(request, wearer).orders}
    return render(request, "person_orders.html.jinja", shown)


@require_GET
def history(request: HttpRequest, wearer: str) -> HttpResponse:
    """All that was recorded of a person, and their alerts, the newest first."""
    events = list(_recorded(case_of(request, wearer)))
    events += _alerts(request, wearer)
    shown = {
        "wearer": wearer,
        "events": sorted(events, key=lambda one: one.at, reverse=True),
        "now": timezone.now(),
    }
    return render(request, "person_history.html.jinja", shown)


@require_GET
def looked(request: HttpRequest, wearer: str) -> HttpResponse:
    """Who looked at a person, as they would be told it themselves."""
    found = looked_at(**calling(request, "looked_at"), wearer=wearer)
    if found is None:
        raise Http404
    shown: dict[str, Any] = {"wearer": wearer, "lines": found, "notice": NOTICE, "role": role_words}
    return render(request, "person_looked.html.jinja", shown)


def _recorded(found: CaseView) -> Iterator[Event]:
    for order in found.orders:
        for change in order.changes:
            told = " ".join(one.sentence for one in change.variations)
            order_words = record_words(change.version.value)
            yield Event(
                change.version.stated.recorded_at, "Order", f"{order_words}. {told}".strip(),
                change.version.reason,
            )  # fmt: skip
    for record in found.records:
        kind = said(record.kind)
        for version in record.versions:
            yield Event(
                version.stated.recorded_at, kind, record_words(version.value), version.reason
            )


def _alerts(request: HttpRequest, wearer: str) -> list[Event]:
    if not may(request, "list_alerts"):
        return []
    wanted = QueueWanted(wearer=wearer, closed=True, limit=500)
    lines = list_alerts(**calling(request, "list_alerts"), wanted=wanted)
    return [
        Event(
            line.opened_at,
            "Alert",
            f"{words.KIND[line.kind]} {line.condition}: {words.LEVEL[line.level]}, "
            f"{(words.OUTCOME[line.outcome] if line.outcome else words.STATE[line.state]).lower()}",
            alert=line.number,
        )
        for line in lines
    ]
