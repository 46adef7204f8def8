"""The wearer's own pages: opened with a one-time code, apart from every account of staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tipstaff.domain.looked_at import NOTICE
from tipstaff.domain.own_codes import OPEN_FOR
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.own_texts import FORMS, OwnTexts, own_texts
from tipstaff.services import consents, own_page
from tipstaff.services.access import Who
from tipstaff.services.own_page import OwnPage
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.lockout import count_wrong_code, is_locked_out
from tipstaff.web.week import week_of

#: What a session keeps of a page that was opened: whose, and until when.
_KEPT: Final = "own_page"
_FORM: Final = "own_form"
#: By what right: the law gives everybody a copy of what is held about them.
_AUTHORITY: Final = "the wearer, by a one-time code"
_DAYS: Final = 28


def _own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever opened theirs, and not too long ago."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        kept: Any = request.session.get(_KEPT)
        if kept is None or datetime.fromisoformat(kept["until"]) <= timezone.now():
            request.session.pop(_KEPT, None)
            return HttpResponseRedirect(reverse("own_open"))
        kept["until"] = (timezone.now() + OPEN_FOR).isoformat()
        request.session[_KEPT] = kept
        who = Who(actor=kept["account"], purpose=Purpose.SUBJECT_ACCESS, authority=_AUTHORITY)
        found = own_page.own_page(**who, wearer=kept["wearer"])
        if found is None:
            request.session.pop(_KEPT, None)
            return HttpResponseRedirect(reverse("own_open"))
        return view(request, who, kept["wearer"], found)

    return shown


@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest) -> HttpResponse:
    """Ask for a reference and a code; the answer never says which of them was wrong."""
    texts = _texts(request)
    problem = ""
    if request.method == "POST":
        wearer, code = request.POST.get("who", ""), request.POST.get("code", "")
        name = f"own {wearer.strip()}"
        if is_locked_out(request, name):
            return _page(request, "open", texts, status=HTTPStatus.TOO_MANY_REQUESTS,
                         problem=texts.words["wrong"])  # fmt: skip
        account = own_page.open_own_page(wearer, code)
        if account is not None:
            request.session.cycle_key()
            until = (timezone.now() + OPEN_FOR).isoformat()
            kept = {"account": account, "wearer": wearer.strip(), "until": until}
            request.session[_KEPT] = kept
            return HttpResponseRedirect(reverse("own_week"))
        count_wrong_code(request, name)
        problem = texts.words["wrong"]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return _page(request, "open", texts, status=status, problem=problem)


@require_POST
def closed(request: HttpRequest) -> HttpResponse:
    """Close the page."""
    request.session.pop(_KEPT, None)
    return HttpResponseRedirect(reverse("own_open"))


@require_GET
@_own
def week(request: HttpRequest, _who: Who, _wearer: str, found: OwnPage) -> HttpResponse:
    """The next seven days, by the clock on the wall, and what holds always."""
    today = wall_time(timezone.now()).date()
    always = [
        condition_words(one)[0]
        for order in found.orders
        for one in order.conditions
        if not condition_words(one)[1]
    ]
    days = week_of(found.orders, found.absences, today)
    return _page(request, "week", _texts(request), found=found, days=days, always=always)


@require_GET
@_own
def record(request: HttpRequest, _who: Who, _wearer: str, found: OwnPage) -> HttpResponse:
    """What is recorded and was decided about the wearer."""
    since = timezone.now() - timedelta(days=_DAYS)
    periods = [one for one in found.watching.periods if one.start >= since]
    return _page(request, "record", _texts(request), found=found, periods=periods)


@require_GET
@_own
def seen(request: HttpRequest, _who: Who, _wearer: str, found: OwnPage) -> HttpResponse:
    """Who has looked, as far as it may be told."""
    return _page(request, "seen", _texts(request), found=found, notice=NOTICE)


@require_http_methods(["GET", "POST"])
@_own
def consent(request: HttpRequest, who: Who, wearer: str, found: OwnPage) -> HttpResponse:
    """Take one's own consent back; asked once more before it is done."""
    texts = _texts(request)
    standing = [one for one in found.consents if one.withdrawn is None]
    if request.method == "POST" and standing:
        done = consents.withdraw_own(**who, wearer=wearer, reference=standing[0].reference)
        said = texts.words["withdrawn"] if not done.problems else done.problems[0].action
        return _page(request, "consent", texts, found=found, standing=[], outcome=said)
    return _page(request, "consent", texts, found=found, standing=standing)


@require_http_methods(["GET", "POST"])
@_own
def change(request: HttpRequest, who: Who, wearer: str, found: OwnPage) -> HttpResponse:
    """Ask the officer for something."""
    texts, problem, said = _texts(request), "", ""
    if request.method == "POST":
        done = own_page.ask_change(**who, wearer=wearer, words=request.POST.get("words", ""))
        problem = texts.words["again"] if done.problems else ""
        said = "" if done.problems else texts.words["sent"]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return _page(
        request, "change", texts, status=status, found=found, problem=problem, outcome=said
    )


def _texts(request: HttpRequest) -> OwnTexts:
    """In the form that was chosen, now or before in this session."""
    asked = request.GET.get("form", "")
    if asked in FORMS:
        request.session[_FORM] = asked
    return own_texts(request.session.get(_FORM, FORMS[0]))


def _page(
    request: HttpRequest, name: str, texts: OwnTexts, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    shown = {
        "t": texts.words,
        "texts": texts,
        "forms": [own_texts(one) for one in FORMS],
        "here": name,
        "opened": _KEPT in request.session,
        "condition_words": condition_words,
        **more,
    }
    return render(request, f"own/{name}.html.jinja", shown, status=status)
