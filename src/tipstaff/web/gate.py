"""Who gets to which page: nobody who has not shown a second factor, but to those listed.

A new page is closed until its name is written here; `tests/functional/test_sign_in_gate.py` walks
all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from tipstaff.records import credentials
from tipstaff.records.sessions import SECOND_FACTOR
from tipstaff.web import who
from tipstaff.web.accounts import TEMPORARY_PASSWORD, Accounts

#: Pages for everybody: what signing in needs, and whether the program is alive.
PUBLIC: Final = frozenset(
    {
        "health",
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "openid_connect_login",
        "openid_connect_callback",
    }
)
#: Pages that open with a wearer's own code, and look for it themselves.
OWN: Final = frozenset(
    {
        "own_open",
        "own_close",
        "own_week",
        "own_record",
        "own_seen",
        "own_consent",
        "own_withdraw",
        "own_change",
        "own_ask",
        "own_ask_away",
        "own_copy",
        "own_tables",
    }
)
#: What lies below it is no page: the intake answers there, to suppliers' keys alone.
BY_KEY: Final = "/intake/"
#: What lies in this namespace is no page: each operation asks for a token of its own.
BY_TOKEN: Final = "api"  # noqa: S105 (a name)
#: Pages for whoever signed in with a first password, which has to be changed.
CHANGING_PASSWORD: Final = frozenset({"account_change_password"})
#: Pages for whoever has no second factor yet.
SETTING_UP: Final = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
)


class Gate:
    """Middleware: decides before a view runs; keeps pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say that nobody may keep the answer."""
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Where to go instead of the page asked for; None where it may be shown."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in PUBLIC or name in OWN or name.startswith(f"{BY_TOKEN}:"):
            return None
        if not request.user.is_authenticated:
            return HttpResponseRedirect(_sign_in_page(request))
        if TEMPORARY_PASSWORD in request.session:
            return None if name in CHANGING_PASSWORD else _to("account_change_password")
        if SECOND_FACTOR in request.session:
            return None
        if credentials.has_second_factor(who.account(request).ref):  # set up elsewhere since
            Accounts(request).logout(request)
            return _to("account_login")
        return None if name in SETTING_UP else _to("mfa_index")


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name))


def _sign_in_page(request: HttpRequest) -> str:
    page = reverse("account_login")
    if request.method != "GET" or request.path == "/":
        return page
    return f"{page}?{urlencode({'next': request.get_full_path()})}"
