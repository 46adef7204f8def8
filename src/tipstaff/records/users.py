"""The accounts that an installation makes for itself; others: `records.accounts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tipstaff.records import accounts
from tipstaff.records.accounts import PostFact
from tipstaff.records.models import User


@dataclass(frozen=True, slots=True)
class Account:
    """An account as Django's own table has it."""

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
    user = User.objects.create_local(username, role)
    now = datetime.now(UTC)
    first = PostFact(role=role, display_name=username, active_from=now)
    accounts.appoint(user.id, first, at=now, by=user.id, reason="made with the installation")
    return True
