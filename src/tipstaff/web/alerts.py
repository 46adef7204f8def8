"""The alert queue: what needs a person, the most severe first, kept as it is while one works."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.alert_precision import Precision
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.protocols import Queue, Severity
from tipstaff.domain.transitions import AlertState
from tipstaff.records.alert_pages import AlertLine
from tipstaff.services.alert_lists import QueueWanted, list_alerts, list_outages
from tipstaff.services.alert_precision import alert_precision
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.given_times import read_local
from tipstaff.web.paging import after_parts, aware, next_after, whole

_LINES: Final = 50
_FILTERS: Final = (
    "queue",
    "kind",
    "state",
    "at_least",
    "holder",
    "closed",
    "opened_after",
    "wearer",
)
#: Not kept: who comes back tomorrow would not see what was open before.
_FOR_NOW: Final = frozenset({"opened_after"})
_KEPT: Final = "alert_filters"


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """The queue, as it was filtered last: filters stay until they are taken away."""
    given = _filters(request)
    wanted = _wanted(request, given)
    lines = list_alerts(**calling(request, "list_alerts"), wanted=wanted)
    shown: dict[str, Any] = {
        "lines": lines,
        "outages": list_outages(**calling(request, "list_outages")),
        "given": given,
        "next": next_after(request, lines, _LINES, _key),
        "kinds": [(one.value, words.KIND[one]) for one in FindingKind],
        "severities": [(one.name, words.SEVERITY[one]) for one in reversed(Severity)],
        "states": [(one.value, words.STATE[one]) for one in AlertState],
        "queues": [(one.value, words.QUEUE[one]) for one in Queue],
        "precision": precision_of(request),
        "now": timezone.now(),
        "words": words,
        "live": "alerts",
    }
    part = "alerts_list.html.jinja" if "HX-Request" in request.headers else "alerts.html.jinja"
    return render(request, part, shown)


def _filters(request: HttpRequest) -> dict[str, str]:
    """What the list is filtered by: as asked now, or else as asked last in this session."""
    if "filter" in request.GET or any(name in request.GET for name in _FILTERS):
        given = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
        request.session[_KEPT] = {name: v for name, v in given.items() if name not in _FOR_NOW}
        return given
    kept: dict[str, str] = request.session.get(_KEPT, {})
    return kept


def _wanted(request: HttpRequest, given: dict[str, str]) -> QueueWanted:
    me = request.user.get_username()
    after: Any = after_parts(request, whole, aware, UUID)
    return QueueWanted(
        queue=_one(Queue, given.get("queue")),
        kinds=frozenset(filter(None, [_one(FindingKind, given.get("kind"))])),
        state=_one(AlertState, given.get("state")),
        at_least=Severity.__members__.get(given.get("at_least", ""), Severity.INFORMATION),
        holder=me if given.get("holder") == "me" else None,
        wearer=given.get("wearer") or None,
        closed=given.get("closed") == "yes",
        opened_after=read_local(given.get("opened_after", "")),
        after=after,
        limit=_LINES,
    )


def _key(line: AlertLine) -> tuple[int, datetime, UUID]:
    return int(line.severity), line.opened_at, line.ref


def _one(kind: Any, value: str | None) -> Any:
    """A word of an enumeration; None for any other: a filter that says nothing filters nothing."""
    return next((one for one in kind if one.value == value), None)


def precision_of(request: HttpRequest) -> dict[str, Precision]:
    """How many alerts of each kind were genuine in the last thirty days."""
    if not may(request, "alert_precision"):
        return {}
    found = alert_precision(**calling(request, "alert_precision"), days=30)
    return {one.kind.value: one for one in found}


def query_of(given: dict[str, str]) -> str:
    """Filters as a query, for links."""
    return urlencode(given) or QueryDict().urlencode()
