"""Tokens of the API on the account's page: make one, which is shown once, and end one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tipstaff.domain.api_tokens import LONGEST_LIFE_DAYS, SCOPES, ApiToken
from tipstaff.services import api_tokens
from tipstaff.services.access import Who
from tipstaff.services.api_tokens import MadeToken, WantedToken
from tipstaff.web.act_pages import answered
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.callers import calling, may
from tipstaff.web.said import say

_USUAL_DAYS: Final = 30
_DOING: Final = {"read": "look", "act": "act"}


def own_tokens(request: HttpRequest) -> tuple[ApiToken, ...] | None:
    """One's tokens that work still, the newest first; None for a role that has none."""
    if not may(request, "list_tokens"):
        return None
    now = timezone.now()
    found = api_tokens.list_tokens(**calling(request, "list_tokens"))
    return tuple(one for one in found if one.ended_at is None and one.expires_at > now)


@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator] # django-allauth has no types
def add(request: HttpRequest) -> HttpResponse:
    """Make a token, by whoever has just shown again who they are."""
    return answered(request, _ADD)


@require_POST
def end(request: HttpRequest, token_id: str) -> HttpResponse:
    """End one of one's own tokens."""
    if api_tokens.end_token(**calling(request, "end_token"), token_id=token_id) is not None:
        raise Http404
    say(request, "The token was ended: no program gets in by it any more.")
    return HttpResponseRedirect(reverse("account"))


def _make(who: Who, given: Given) -> Done:
    scopes = frozenset(given.several("scopes"))
    days = given.number("days") or _USUAL_DAYS
    done: Any = api_tokens.add_token(**who, wanted=WantedToken(given.text("label"), scopes, days))
    if isinstance(done, MadeToken):
        said = f"It works until {done.token.expires_at:%-d %B %Y}, and does no more than you may."
        return Done((), said, done.presented)
    return Done((done,))


def _scopes(_request: HttpRequest) -> Sequence[tuple[str, str]]:
    return [(one, _words(one)) for one in SCOPES]


def _words(scope: str) -> str:
    group, _, doing = scope.rpartition(":")
    return f"{group.capitalize()}: {_DOING[doing]}" if group else f"Everything: {_DOING[doing]}"


_ADD: Final = Act(
    "add-token", "add_token", "Make a token of the API", "Make it", _make, "The token", "account",
    (
        Field("label", "What it is for"),
        Field("scopes", "What it may be used for", Kind.SEVERAL, options=_scopes),
        Field("days", "For how many days", Kind.NUMBER, needed=False,
              hint=f"At most {LONGEST_LIFE_DAYS}; {_USUAL_DAYS} if not said"),
    ),
    "Whoever has the token does with it what you may, under your name.",
)  # fmt: skip
