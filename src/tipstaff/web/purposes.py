"""Asks for what somebody wants to look at a person, before they do; kept for a while."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tipstaff.domain.purposes import NEEDS_AUTHORITY
from tipstaff.web import words
from tipstaff.web.callers import choices, may, say_purpose
from tipstaff.web.said import back

#: What may be asked for, and how a page would say it.
ASKED: Final = {
    "trail": "look at the trail of",
    "near": "search for who was near",
    "replay": "see what was known of",
    "show_unread": "read what was sent as",
}
_PROBLEMS: Final = {
    "authority_missing": "Enter the authority: this purpose is lawful only with one",
    "authority_too_long": "Enter an authority of at most 500 characters",
    "authority_has_control_characters": "Enter the authority in one line",
}


def asking(request: HttpRequest, use_case: str, about: str) -> HttpResponse:
    """The page that asks, in the place of the one that was wanted; nothing is asked in vain."""
    if not may(request, use_case):
        raise PermissionDenied
    return _page(request, use_case, about, request.get_full_path(), {})


@require_http_methods(["POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a purpose and go on to the page that was wanted; or ask again, saying what is wrong."""
    use_case, about = request.POST.get("use_case", ""), request.POST.get("about", "")
    if use_case not in ASKED or not may(request, use_case):
        raise Http404
    said = {one.value: one for one in choices(request, use_case)}
    chosen = said.get(request.POST.get("purpose", ""))
    if chosen is None:
        problems = {"purpose": "Choose why you look"}
        return _page(request, use_case, about, back(request), problems)
    problem = say_purpose(request, about, chosen, request.POST.get("authority", ""))
    if problem is not None:
        return _page(request, use_case, about, back(request), {"authority": _PROBLEMS[problem]})
    return HttpResponseRedirect(back(request))


def _page(
    request: HttpRequest, use_case: str, about: str, wanted: str, problems: dict[str, str]
) -> HttpResponse:
    shown: dict[str, Any] = {
        "use_case": use_case,
        "about": about,
        "what": ASKED[use_case],
        "wanted": wanted or reverse("home"),
        "purposes": choices(request, use_case),
        "with_authority": NEEDS_AUTHORITY,
        "given": request.POST if request.method == "POST" else {},
        "problems": problems,
        "words": words,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "purpose.html.jinja", shown, status=status)
