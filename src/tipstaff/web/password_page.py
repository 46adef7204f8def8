"""The page to change one's own password."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from django.http import Http404, HttpRequest, HttpResponseBase


def change_password(request: HttpRequest) -> HttpResponseBase:
    """The form; not there for an account without a password, which signs in by a provider."""
    user: Any = request.user
    if not user.has_usable_password():
        raise Http404
    answer: HttpResponseBase = views.password_change(request)
    return answer
