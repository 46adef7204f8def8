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
from tipstaff.web.given_times import local_input, read_period

_USUAL: Final = timedelta(days=7)


@require_GET
def misuse(request: HttpRequest) -> HttpResponse:
    """The questions; of the last week unless another period is asked for."""
    now = timezone.now().replace(second=0, microsecond=0)
    usual = {"from": local_input(now - _USUAL), "to": local_input(now)}
    given = {name: request.GET.get(name) or other for name, other in usual.items()}
    asked = any(request.GET.get(name) for name in usual)
    # not read back from the fields: of an hour that comes twice they name the first
    week: tuple[Period | None, dict[str, str]] = (Period(now - _USUAL, now), {})
    period, problems = read_period(given) if asked else week
    shown: dict[str, Any] = {"given": given, "problems": problems, "found": None}
    if period is not None:
        found = search_misuse(**calling(request, "search_misuse"), period=period)
        shown |= {"found": found, "names": names_of(str(one.actor) for one in found.questions)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "misuse.html.jinja", shown, status=status)
