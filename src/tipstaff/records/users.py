"""Accounts, as values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tipstaff.records.models import User


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the access policy sees it."""

    ref: UUID
    role: str
    active: bool


def find(username: str) -> Account | None:
    """The account of that name."""
    user = User.objects.filter(username=username).first()
    return None if user is None else Account(user.id, user.role, user.is_active)


def ensure_local(username: str, role: str) -> bool:
    """Make a local account unless there is one of that name; whether it was made."""
    if User.objects.filter(username=username).exists():
        return False
    User.objects.create_local(username, role)
    return True
