"""The caseload: orders within reach, one line each."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.orders import OrderStatus
from tipstaff.services.case_view import list_orders
from tipstaff.web import find_person
from tipstaff.web.callers import calling, may
from tipstaff.web.paging import after_parts, next_after
from tipstaff.web.state_words import said

_LINES: Final = 50


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """A page of orders, by reference; `mine`: of one's own cases alone.

    A role without that list is shown what it may look up, and how.
    """
    if not may(request, "list_orders"):
        return find_person.find(request)
    asked = request.GET
    status = next((one for one in OrderStatus if one.value == asked.get("status")), None)
    after: Any = after_parts(request, str, UUID)
    lines = list_orders(
        **calling(request, "list_orders"),
        status=status,
        mine=asked.get("mine") == "yes",
        after=after,
        limit=_LINES,
    )
    shown: dict[str, Any] = {
        "lines": lines,
        "statuses": [(one.value, said(one)) for one in OrderStatus],
        "bases": BASIS_WORDS,
        "given": {"status": asked.get("status", ""), "mine": asked.get("mine", "")},
        "next": next_after(request, lines, _LINES, attrgetter("reference", "subject")),
    }
    return render(request, "people.html.jinja", shown)
