"""How django-allauth treats second factors here: their secrets are encrypted where they lie."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc] # django-allauth has no types
    """Secrets under the instance's key; names that people read; the last factor stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Enter the code that your app shows now, or a recovery code not yet used",
        "cannot_delete_authenticator": "Set up another second factor before you remove this one",
    }

    def encrypt(self, text: str) -> str:
        """The secret of an app or of recovery codes as it is kept."""
        return _box().encrypt(text.encode("ascii")).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """A kept secret; one that nobody can guess where it was kept under another key.

        So it is after a restore without the old `secret.key`: codes are then wrong, no more.
        """
        try:
            return _box().decrypt(encrypted_text.encode("ascii")).decode("ascii")
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another second factor remains."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """A name for a security key that was given none."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Security key {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom a key is good: the host in the settings, not the one a request names."""
        return {"id": settings.ALLOWED_HOSTS[0], "name": "Tipstaff"}


def _box() -> Fernet:
    key = salted_hmac("tipstaff.second-factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
