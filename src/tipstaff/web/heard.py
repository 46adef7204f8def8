"""What Django and django-allauth tell by signals and is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from tipstaff.services import sign_in_entries
from tipstaff.web import factor_changes, lockout


@receiver(user_login_failed)
def wrong_password(
    sender: Any,  # noqa: ARG001 (Django passes it)
    credentials: Mapping[str, Any],
    request: Any = None,
    **_kwargs: Any,
) -> None:
    """A name and a password that do not belong together."""
    _record(request, str(credentials.get("username", "")), "wrong_password")


@receiver(authentication_failed)
def wrong_code(sender: Any, request: HttpRequest, user: Any, **_kwargs: Any) -> None:  # noqa: ARG001
    """A wrong code of a second factor."""
    lockout.count_wrong_code(request, user.get_username())
    _record(request, user.get_username(), "wrong_code")


@receiver(post_save, sender=Authenticator)
def factor_added(
    sender: Any,  # noqa: ARG001 (Django passes it)
    instance: Authenticator,
    created: bool,  # noqa: FBT001 (Django passes it)
    **_kwargs: Any,
) -> None:
    """A second factor or a set of recovery codes was made."""
    if created:
        factor_changes.note("add_second_factor", instance.type)


@receiver(post_delete, sender=Authenticator)
def factor_removed(sender: Any, instance: Authenticator, **_kwargs: Any) -> None:  # noqa: ARG001
    """A second factor or a set of recovery codes was removed."""
    factor_changes.note("remove_second_factor", instance.type)


def _record(request: Any, username: str, code: str) -> None:
    """One entry for each failure that django-axes counted; whoever is locked out makes no more.

    Without that anybody could fill the audit, which keeps everything.
    """
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    locked = getattr(request, "axes_locked_out", False)
    sign_in_entries.refused(username, "locked_out" if locked else code, timezone.now())
