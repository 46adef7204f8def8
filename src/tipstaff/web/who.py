"""Who is signed in, as values."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest

from tipstaff.records import users
from tipstaff.records.sessions import REF


def account_of(user: Any) -> users.Account:
    """The account that Django calls a user."""
    return users.Account(user.pk, user.role, user.is_active)


def account(request: HttpRequest) -> users.Account:
    """The account of whoever is signed in."""
    return account_of(request.user)


def session(request: HttpRequest) -> UUID:
    """What the audit calls the session of whoever is signed in."""
    return UUID(cast(str, request.session[REF]))
