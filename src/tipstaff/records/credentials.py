"""What an account signs in with: its password, its second factors, its tie to a provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tipstaff.records.models import PasswordState, User


def password_faults(account: UUID, password: str) -> tuple[str, ...]:
    """What the policy of passwords has against this one, in sentences; none where nothing."""
    try:
        validate_password(password, User.objects.get(id=account))
    except ValidationError as error:
        return tuple(error.messages)
    return ()


def hashed(password: str) -> str:
    """What is kept of a password. Slow by design: not to be called within a transaction."""
    return make_password(password)


def set_password(account: UUID, password_hash: str, now: datetime, *, temporary: bool) -> None:
    """Give an account a password; a temporary one opens nothing but the page to change it."""
    User.objects.filter(id=account).update(password=password_hash)
    PasswordState.objects.update_or_create(
        account_id=account, defaults={"temporary": temporary, "set_at": now}
    )


def has_temporary_password(account: UUID) -> bool:
    """Whether the password must be changed before anything else."""
    return PasswordState.objects.filter(account_id=account, temporary=True).exists()


def has_second_factor(account: UUID) -> bool:
    """Whether an account has a second factor; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=account, type__in=kinds).exists())


def drop_second_factors(account: UUID) -> int:
    """Remove every second factor and the recovery codes; how many there were."""
    return int(Authenticator.objects.filter(user_id=account).delete()[0])


def drop_ties(account: UUID) -> int:
    """Untie an account from its identity at the OpenID Connect provider; how many there were."""
    return int(SocialAccount.objects.filter(user_id=account).delete()[0])
