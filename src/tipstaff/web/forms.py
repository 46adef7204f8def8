"""The forms of signing in that differ from django-allauth's own."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from tipstaff.web import lockout, one_time_codes


class SignIn(LoginForm):  # type: ignore[misc] # django-allauth has no types
    """A name and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Name"
        self.fields["password"].label = "Password"


class ChangePassword(ChangePasswordForm):  # type: ignore[misc] # django-allauth has no types
    """One's own password, to another one."""

    def clean_password1(self) -> str:
        """The new password; the old one is none, or a first password would stay."""
        chosen: str = self.cleaned_data["password1"]
        if chosen == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError("Choose another password than the one you have now")
        return chosen


class _OnceOnly:
    """A code that counts as a failed sign-in where it is wrong, and is good once."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, where the account is not locked out and nobody used it before."""
        if lockout.is_locked_out(context.request, self.user.get_username()):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        used = self.authenticator
        if used.type == Authenticator.Type.TOTP and not one_time_codes.use_up(used, code):
            self._emit_authentication_failed(used)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class _KeyCounted:
    """A security key's answer; one that is wrong counts as a failed sign-in."""

    user: Any

    def clean_credential(self) -> Any:
        """The key, where the account is not locked out."""
        if lockout.is_locked_out(context.request, self.user.get_username()):
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (forms.ValidationError, LookupError, TypeError, ValueError):
            authentication_failed.send(
                sender=Authenticator, request=context.request, user=self.user, authenticator=None
            )
            raise forms.ValidationError(_NO_KEY) from None


_NO_KEY: Final = "The key did not answer, or it is not one that you set up here. Try again"


class SecondFactor(_OnceOnly, AuthenticateForm):  # type: ignore[misc] # no types
    """A code of an app or a recovery code, to sign in."""


class SecondFactorKey(_KeyCounted, AuthenticateWebAuthnForm):  # type: ignore[misc] # no types
    """A security key, to sign in."""


class SecondFactorKeyAgain(_KeyCounted, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The same from somebody who is signed in, before something that matters."""


class NewKey(AddWebAuthnForm):  # type: ignore[misc] # django-allauth has no types
    """A security key to add."""

    def clean(self) -> Any:
        """The name and the key; what no key could have answered is told, and no fault of ours."""
        try:
            return super().clean()
        except (LookupError, TypeError, ValueError):
            raise forms.ValidationError(_NO_KEY) from None


class SecondFactorAgain(_OnceOnly, ReauthenticateForm):  # type: ignore[misc] # no types
    """The same from somebody who is signed in, before something that matters."""
