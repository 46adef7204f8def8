"""Second factors are added and removed together with their entries in the audit."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tipstaff.records import credentials
from tipstaff.records.sessions import SECOND_FACTOR
from tipstaff.services import sign_in_entries
from tipstaff.web import one_time_codes, who

View = Callable[..., HttpResponseBase]
#: What the view that runs has changed: use case and kind of factor.
_changes: ContextVar[list[tuple[str, str]] | None] = ContextVar("factor_changes", default=None)
_REAL: Final = frozenset({Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN})


class LastFactorError(Exception):
    """The change would leave an account without a second factor."""


def note(use_case: str, kind: str) -> None:
    """Note a change of the running view; one that no view makes is its use case's to record."""
    changes = _changes.get()
    if changes is not None:
        changes.append((use_case, kind))


def recorded(view: View) -> View:
    """A view whose changes of second factors are one transaction with their entries."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            response, made = _change(view, request, *args, **kwargs)
        except LastFactorError:
            return HttpResponseRedirect(f"{reverse('mfa_index')}?last")
        user: Any = request.user
        added = [kind for use_case, kind in made if use_case == "add_second_factor"]
        for kind in _REAL.intersection(added):  # whoever set it up has just shown it
            record_authentication(request, user, "mfa", type=kind, reauthenticated=True)
            request.session[SECOND_FACTOR] = True
            request.session.cycle_key()
        return response

    return answer


def _change(
    view: View, request: HttpRequest, *args: Any, **kwargs: Any
) -> tuple[HttpResponseBase, list[tuple[str, str]]]:
    account = who.account(request)
    made: list[tuple[str, str]] = []
    token = _changes.set(made)
    try:
        with sign_in_entries.own_changes(
            account, session=who.session(request), now=timezone.now()
        ) as changes:
            response = view(request, *args, **kwargs)
            if made and not credentials.has_second_factor(account.ref):
                raise LastFactorError
            if ("add_second_factor", Authenticator.Type.TOTP) in made:
                app = Authenticator.objects.get(user=request.user, type=Authenticator.Type.TOTP)
                one_time_codes.use_up(app, request.POST["code"])
            changes += [(use_case, {"factor": kind}) for use_case, kind in made]
    finally:
        _changes.reset(token)
    return response, made
