"""Failed sign-ins, which django-axes counts: by whom they are known, and when they are forgotten.

Its table holds addresses of machines and names of browsers, which are personal data. Accounts are
in it by a keyed hash alone: people type their password where the name belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from axes.models import AccessAttempt
from django.utils.crypto import salted_hmac

#: How long a failed sign-in is kept; a lock-out ends long before.
KEPT: Final = timedelta(days=30)


def key_of(username: str) -> str:
    """What an account's name, known or not, is called in the table of attempts."""
    return salted_hmac("tipstaff.sign-in", username, algorithm="sha256").hexdigest()


def key_of_attempt(request: Any, credentials: Mapping[str, Any] | None = None) -> str:
    """The key of the name that somebody gave; django-axes calls this."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return key_of(str(given))


def forget(username: str) -> int:
    """Forget the failed sign-ins of an account, from wherever; how many places there were."""
    return int(AccessAttempt.objects.filter(username=key_of(username)).delete()[0])


def prune(now: datetime) -> int:
    """Forget failed sign-ins older than `KEPT`; how many."""
    return int(AccessAttempt.objects.filter(attempt_time__lte=now - KEPT).delete()[0])
