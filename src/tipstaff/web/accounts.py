"""How django-allauth treats accounts here: none is made, and each step is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.contrib.auth import logout as django_logout
from django.http import HttpRequest
from django.utils import timezone

from tipstaff.records import api_tokens, credentials, sessions
from tipstaff.services import sign_in_entries
from tipstaff.web import who

#: There in the session of somebody whose password an administrator chose.
TEMPORARY_PASSWORD: Final = "temporary_password"  # noqa: S105 (a key)
#: How long after the sign-in the first second factor may be set up without the password again.
_FRESH: Final = timedelta(minutes=10)
_FIRSTS: Final = {"password": "password", "socialaccount": "provider"}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc] # django-allauth has no types
    """No sign-up, no e-mail, no messages; sessions open and close together with their entries."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Enter a name and a password that belong together",
        "incorrect_password": "Enter the password with which you sign in",
        "enter_current_password": "Enter the password that you have now",
        "too_many_login_attempts": "Too many wrong codes: wait five minutes, then try again",
        "rate_limited": "Too many wrong codes: wait five minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Accounts are made by an administrator."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what was done."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """django-axes alone counts failures: by account and address, and across restarts."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the server saw; the server knows which proxy to believe."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Whoever has just signed in sets up the first second factor without being asked again."""
        session = context.request.session
        if sessions.SECOND_FACTOR in session or sessions.SIGNED_IN_AT not in session:
            return True
        signed_in_at = datetime.fromisoformat(session[sessions.SIGNED_IN_AT])
        return timezone.now() - signed_in_at >= _FRESH

    def login(self, request: HttpRequest, user: Any) -> None:
        """Open a session, under a new key, together with its entry in the audit."""
        now, ref = timezone.now(), uuid4()
        account = who.account_of(user)
        used = get_authentication_records(request, user)
        firsts = [_FIRSTS[step["method"]] for step in used if step["method"] in _FIRSTS]
        seconds = [step["type"] for step in used if step["method"] == "mfa"]
        first, second = (firsts or ["unknown"])[-1], (seconds or ["none"])[-1]
        with sign_in_entries.signing_in(account, session=ref, first=first, second=second, now=now):
            super().login(request, user)
            session = request.session
            session[sessions.REF] = str(ref)
            session[sessions.SIGNED_IN_AT] = session[sessions.SEEN_AT] = now.isoformat()
            if seconds:
                session[sessions.SECOND_FACTOR] = True
            if first == "password" and credentials.has_temporary_password(account.ref):
                session[TEMPORARY_PASSWORD] = True
            session.save()

    def logout(self, request: HttpRequest) -> None:
        """End the session together with its entry in the audit."""
        account, ref = who.account(request), who.session(request)
        with sign_in_entries.signing_out(account, session=ref, now=timezone.now()):
            django_logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Change one's own password; every other session and every token of the account ends."""
        request, now = context.request, timezone.now()
        account, ref = who.account_of(user), who.session(request)
        password_hash = credentials.hashed(password)
        with sign_in_entries.own_changes(account, session=ref, now=now) as changes:
            credentials.set_password(account.ref, password_hash, now, temporary=False)
            ended = sessions.end_all(account.ref, but=ref)
            tokens = api_tokens.end_all(account.ref, now)
            changes.append(("change_password", {"sessions": ended, "tokens": tokens}))
        user.password = password_hash
        request.session.pop(TEMPORARY_PASSWORD, None)
