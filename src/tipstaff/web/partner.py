"""The summary for a partner agency: how it goes, and nothing of where anybody was."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.partner_words import summary_sentences
from tipstaff.domain.roles import Role
from tipstaff.services.partner_summary import partner_summary
from tipstaff.web.callers import calling, role_of

_NEEDED: Final = {
    "wearer": "Enter the person’s reference",
    "agency": "Enter the agency’s reference",
}


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """A form; with the summary once a person and an agency are given. Agencies ask for theirs."""
    own = role_of(request) is Role.PARTNER_AGENCY
    given = {name: request.GET.get(name, "").strip() for name in _NEEDED}
    needed = _NEEDED if not own else {"wearer": _NEEDED["wearer"]}
    asked = "wearer" in request.GET
    problems = {name: said for name, said in needed.items() if asked and not given[name]}
    told = None
    if asked and not problems:
        told = partner_summary(**calling(request, "partner_summary"), **given)
    shown: dict[str, Any] = {
        "own": own,
        "given": given,
        "problems": problems,
        "asked": asked and not problems,
        "sentences": () if told is None else summary_sentences(told),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "partner.html.jinja", shown, status=status)
