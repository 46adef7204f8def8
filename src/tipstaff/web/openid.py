"""Signing in through an OpenID Connect provider: to an account that is there, and no other way.

The first time, the account is found by its name in one claim of the ID token, and tied to the
token's `sub`; from then on it is found by that. A name can be given to somebody else at the
provider; a `sub` cannot (OpenID Connect Core 1.0, section 5.7).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, NoReturn
from uuid import uuid4

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from requests import RequestException

from tipstaff.services import sign_in_entries
from tipstaff.services.instance import LOCAL_ROLE
from tipstaff.web import who

#: What django-allauth calls the one provider of the settings.
PROVIDER: Final = "openid"
_LOGIN: Final = "login"

registry.load()  # left out of every command's start: `records.apps.TiesConfig`


class Provider(DefaultSocialAccountAdapter):  # type: ignore[misc] # django-allauth has no types
    """Matches what the provider says with an account; makes none, gives no role, keeps no claim."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Accounts are made by an administrator."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:  # noqa: ARG002
        """Take the one claim that names the account, and let the others go."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        sociallogin.account.extra_data = {}
        sociallogin.claimed_name = str(claims.get(settings.OIDC_CLAIM, ""))
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account, or stop with the same page whatever was the matter."""
        if sociallogin.state.get("process") != _LOGIN:
            _refuse(request, sociallogin, "not_a_sign_in")
        user = sociallogin.user if sociallogin.is_existing else _named(sociallogin.claimed_name)
        code = _objection(user, sociallogin)
        if code is not None:
            _refuse(request, sociallogin, code)
        if not sociallogin.is_existing:
            _tie(user, sociallogin)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """The provider said no, or nothing that can be believed."""
        raise ImmediateHttpResponse(_page(request))


def login(request: HttpRequest, provider_id: str) -> Any:
    """Go to the provider; the same page as for a refusal where it cannot be reached."""
    try:
        return views.login(request, provider_id)
    except RequestException:
        return _page(request)


def callback(request: HttpRequest, provider_id: str) -> Any:
    """Come back from the provider."""
    return views.callback(request, provider_id)


def _named(name: str) -> Any:
    return get_user_model().objects.filter(username=name).first() if name else None


def _objection(user: Any, sociallogin: Any) -> str | None:
    if user is None:
        return "no_account"
    if not user.is_active:
        return "inactive"
    if user.role == LOCAL_ROLE:
        return "local_account"
    if not sociallogin.is_existing and SocialAccount.objects.filter(user=user).exists():
        return "tied_to_another"
    return None


def _tie(user: Any, sociallogin: Any) -> None:
    account, now = who.account_of(user), timezone.now()
    sociallogin.user = sociallogin.account.user = user
    with sign_in_entries.own_changes(account, session=uuid4(), now=now) as changes:
        sociallogin.account.save()
        changes.append(("tie_to_provider", {}))


def _refuse(request: HttpRequest, sociallogin: Any, code: str) -> NoReturn:
    sign_in_entries.refused(sociallogin.claimed_name, code, timezone.now())
    raise ImmediateHttpResponse(_page(request))


def _page(request: HttpRequest) -> Any:
    return render(request, "openid_refused.html.jinja", status=HTTPStatus.FORBIDDEN)
