"""Looks that a supervisor should ask about, of a period."""

from __future__ import annotations

from datetime import timedelta
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
    start = read_local(request.GET.get("from", "")) or now - _USUAL
    end = read_local(request.GET.get("to", "")) or now
    problems = {} if start < end else {"to": "Enter an end that is later than the beginning"}
    period = Period(start, end) if start < end else Period(now - _USUAL, now)
    found = search_misuse(**calling(request, "search_misuse"), period=period)
    shown: dict[str, Any] = {
        "found": found,
        "names": names_of(str(one.actor) for one in found.questions),
        "given": {"from": local_input(period.start), "to": local_input(period.end)},
        "problems": problems,
    }
    return render(request, "misuse.html.jinja", shown)
