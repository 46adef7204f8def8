"""The page of an act, whichever it is: its form, what is wrong with it, and the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from tipstaff.web.acts import Act, Given, Kind, missing, told
from tipstaff.web.callers import calling, may
from tipstaff.web.desks import ACTS
from tipstaff.web.person_forms import FORMS
from tipstaff.web.said import say


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Show an act's form, filled with what the link brought; or do it.

    404 for an act whose form is made of what is on record of a person: it stands on their page.
    """
    found = None if name in FORMS else ACTS.get(name)
    if found is None:
        raise Http404
    return answered(request, found)


def answered(request: HttpRequest, found: Act) -> HttpResponse:
    """The page of an act, or what became of it."""
    if not may(request, found.use_case):
        raise PermissionDenied
    if request.method == "GET":
        return _form(request, found, Given({**found.filled, **dict(request.GET.lists())}), {})
    given = Given(dict(request.POST.lists()))
    problems = missing(found, given, request)
    if problems:
        return _form(request, found, given, problems)
    done = found.do(calling(request, found.use_case), given)
    if done.problems:
        return _form(request, found, given, told(found, done.problems))
    back = _back(request, found, given)
    if done.secret:
        shown = {"act": found, "secret": done.secret, "words": done.words, "back": back}
        return render(request, "act_secret.html.jinja", shown)
    say(request, done.words or found.done)
    return HttpResponseRedirect(back)


def _back(request: HttpRequest, act: Act, given: Given) -> str:
    """Where the link to the act said, if that is ours; else where the act leads."""
    wanted = given.text("next")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    try:
        return reverse(act.back, kwargs=act.back_values(given))
    except NoReverseMatch:  # a link that somebody made up
        return reverse("home")


def _form(request: HttpRequest, act: Act, given: Given, problems: dict[str, str]) -> HttpResponse:
    shown: dict[str, Any] = {
        "act": act,
        "given": given,
        "problems": problems,
        "options": {one.name: one.options(request) for one in act.fields if one.options},
        "hidden": [one.name for one in act.fields if one.kind is Kind.HIDDEN],
        "back": _back(request, act, given),
        "about": (*act.about, *act.told(given)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "act.html.jinja", shown, status=status)
