"""Help: the first day of a role, the words, and what each kind of page is about."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tipstaff.domain.roles import ROLE_WORDS, Role
from tipstaff.web.callers import role_of
from tipstaff.web.help.texts import About, abouts, first_days, words

#: Pages that are named by what they are of: the name stands in their address.
_NAMED: Final = {"desk": "desks", "listing": "lists"}
#: Pages that are another one's, on a way of their own.
_LIKE: Final = {
    "crimes_send": "crimes",
    "person_act_about": "person_act",
}


@require_GET
def first_day(request: HttpRequest) -> HttpResponse:
    """What to do first, by the role of whoever is signed in."""
    role = role_of(request)
    shown = {
        "role": ROLE_WORDS.get(role or Role.LOCAL, ""),
        "day": first_days().get("" if role is None else role.value),
    }
    return render(request, "help.html.jinja", shown)


@require_GET
def glossary(request: HttpRequest) -> HttpResponse:
    """The words that pages use, and what each means."""
    return render(request, "help_words.html.jinja", {"words": words()})


def about(request: HttpRequest) -> About | None:
    """What the page of this request is about; None for a page that speaks for itself."""
    match = request.resolver_match
    return None if match is None else abouts(reverse("help_words")).get(kind_of_page(match))


def kind_of_page(match: object) -> str:
    """The kind of a page, as the table of help calls it."""
    name = str(getattr(match, "url_name", "") or "")
    if name in _NAMED:
        return f"{_NAMED[name]}/{getattr(match, 'kwargs', {}).get('name', '')}"
    return _LIKE.get(name, name)
