"""Who opened their own page in a browser, in which form they read it, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.own_codes import OPEN_AT_MOST, OPEN_FOR
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.session_limits import SessionLimits, has_run_out
from tipstaff.formats.own_texts import FORMS, OwnTexts, own_texts
from tipstaff.matching import uk_times
from tipstaff.services.access import RefusedError, Who
from tipstaff.services.own_page import OwnPage, own_page
from tipstaff.web.accounts import Accounts
from tipstaff.web.own_words import own_words

#: What a session keeps of a page that was opened: whose, since when, when last used.
_KEPT: Final = "own_page"
_FORM: Final = "own_form"
_SAID: Final = "own_said"
_LIMITS: Final = SessionLimits(idle=OPEN_FOR, whole=OPEN_AT_MOST)
#: By what right: the law gives everybody a copy of what is held about them.
_AUTHORITY: Final = "the wearer, by a one-time code"


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """A page that is open: how its owner asks use cases, their reference, what is on it."""

    who: Who
    wearer: str
    found: OwnPage


def open_for(request: HttpRequest, account: str, wearer: str) -> None:
    """Open the pages of a wearer in this browser; whoever was signed in is no longer."""
    form = texts_of(request).form
    if request.user.is_authenticated:
        Accounts(request).logout(request)
    request.session.flush()
    request.session.set_expiry(int(OPEN_FOR.total_seconds()))
    now = timezone.now().isoformat()
    request.session[_KEPT] = {"account": account, "wearer": wearer, "since": now, "seen": now}
    request.session[_FORM] = form


def close(request: HttpRequest) -> None:
    """Close the pages; the form that was chosen stays."""
    form = texts_of(request).form
    request.session.flush()
    request.session[_FORM] = form


def own(view: Callable[[HttpRequest, Opened], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever opened theirs, and not too long ago; for no account of staff."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        opened = None if request.user.is_authenticated else _opened(request)
        if opened is None:
            request.session.pop(_KEPT, None)
            return HttpResponseRedirect(reverse("own_open"))
        return view(request, opened)

    return shown


def _opened(request: HttpRequest) -> Opened | None:
    kept: Any = request.session.get(_KEPT)
    now = timezone.now()
    if kept is None or has_run_out(_instant(kept["since"]), _instant(kept["seen"]), now, _LIMITS):
        return None
    request.session[_KEPT] = kept | {"seen": now.isoformat()}
    who = Who(actor=kept["account"], purpose=Purpose.SUBJECT_ACCESS, authority=_AUTHORITY)
    try:
        found = own_page(**who, wearer=kept["wearer"])
    except RefusedError:  # the account was closed since
        return None
    return None if found is None else Opened(who, kept["wearer"], found)


def texts_of(request: HttpRequest) -> OwnTexts:
    """In the form that was chosen, now or before in this session."""
    asked = request.GET.get("lang", "")
    if asked in FORMS:
        request.session[_FORM] = asked
    return own_texts(request.session.get(_FORM, FORMS[0]))


def say(request: HttpRequest, *words: str) -> None:
    """Say this on the page that comes next, once."""
    request.session[_SAID] = list(words)


def page(
    request: HttpRequest,
    name: str,
    opened: Opened | None = None,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """One of the wearer's pages, in the form that was chosen."""
    texts = texts_of(request)
    found = None if opened is None else opened.found
    shown = {
        "t": texts.words,
        "texts": texts,
        "forms": [own_texts(one) for one in FORMS],
        "here": name,
        "say": own_words(texts, None if found is None else found.wearer),
        "found": found,
        "closes": None if opened is None else _closes(request),
        "outcome": request.session.pop(_SAID, []) if opened else [],
        **more,
    }
    return render(request, f"own/{name}.html.jinja", shown, status=status)


def _closes(request: HttpRequest) -> str:
    return uk_times.clock(_instant(request.session[_KEPT]["since"]) + OPEN_AT_MOST)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
