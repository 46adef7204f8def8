"""Lock-out after failed sign-ins: django-axes counts them, by account and address."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from allauth.account.internal.stagekit import clear_login
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def nobody(*_args: Any) -> str:
    """What django-axes writes into the log for a client: neither name nor address."""
    return "a client"


def is_locked_out(request: Any, username: str) -> bool:
    """Whether the account is locked out at the client's address; the answer then says so."""
    if AxesProxyHandler.is_allowed(request, {"username": username}):
        return False
    request.axes_locked_out = True
    return True


def count_wrong_code(request: HttpRequest, username: str) -> None:
    """Count a wrong code as a failed sign-in."""
    AxesProxyHandler.user_login_failed(__name__, {"username": username}, request)


def is_barred(request: Any, username: str) -> bool:
    """The same of somebody whose page says so itself, in their own words."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_own_code(request: Any, username: str) -> None:
    """Count a wrong code of a wearer's; their own page answers, also to the last one allowed."""
    count_wrong_code(request, username)
    request.axes_locked_out = False


def locked_out(
    request: HttpRequest,
    _response: HttpResponse,
    _credentials: Mapping[str, Any] | None,
) -> HttpResponse:
    """The page for whoever is locked out, whether or not there is such an account."""
    clear_login(request)
    return render(
        request,
        "locked_out.html.jinja",
        {"minutes": round(settings.AXES_COOLOFF_TIME * 60)},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
