"""Looks that a supervisor should ask about, of a period."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.periods import Period
from tipstaff.records.alert_pages import names_of
from tipstaff.services.misuse import search_misuse
from tipstaff.web.callers import calling
from tipstaff.web.given_times import local_input, read_local

_USUAL: Final = timedelta(days=7)


@require_GET
def misuse(request: HttpRequest) -> HttpResponse:
    """The questions; of the last week unless another period is asked for."""
    now = timezone.now().replace(second=0, microsecond=0)
    usual = Period(now - _USUAL, now)
    given = {"from": request.GET.get("from", ""), "to": request.GET.get("to", "")}
    period, problems = _period(given, usual)
    if not any(given.values()):
        given = {"from": local_input(usual.start), "to": local_input(usual.end)}
    shown: dict[str, Any] = {"given": given, "problems": problems, "found": None}
    if not problems:
        found = search_misuse(**calling(request, "search_misuse"), period=period)
        shown |= {"found": found, "names": names_of(str(one.actor) for one in found.questions)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "misuse.html.jinja", shown, status=status)


def _period(given: dict[str, str], usual: Period) -> tuple[Period, dict[str, str]]:
    """The period asked for, else the usual one; and what is wrong with what was entered."""
    read = {name: read_local(text) if text else None for name, text in given.items()}
    problems = {
        name: "Enter a day and a time"
        for name, text in given.items()
        if text and read[name] is None
    }
    start, end = read["from"] or usual.start, read["to"] or usual.end
    if not problems and start >= end:
        problems = {"to": "Enter an end that is later than the beginning"}
    return (usual if problems else Period(start, end)), problems
