"""Grants for records of limited access, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.records.models import Grant


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant to the account `user`: for every record of limited access, or for one wearer's.

    `wearer` is empty where it is for every one, or where it is not told for whom.
    """

    ref: UUID
    user: str
    every: bool
    wearer: str = field(repr=False)
    authority: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    recorded_at: datetime
    recorded_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None


def give(
    user: UUID,
    wearer: str | None,
    *,
    authority: str,
    reason: str,
    ends_at: datetime | None,
    at: datetime,
    by: UUID,
) -> UUID:
    """Record a grant, in force from now on."""
    row = Grant.objects.create(
        user_id=user,
        wearer=wearer or "",
        authority=authority,
        reason=reason,
        starts_at=at,
        ends_at=ends_at,
        recorded_at=at,
        recorded_by=by,
    )
    return row.id


def revoke(grant: UUID, *, at: datetime, by: UUID, reason: str) -> bool:
    """Revoke a grant; whether it had not been revoked."""
    rows = Grant.objects.filter(id=grant, ended_at__isnull=True)
    return rows.update(ended_at=at, ended_by=by, end_reason=reason) == 1


def find(grant: UUID) -> GrantLine | None:
    """One grant."""
    row = Grant.objects.select_related("user").filter(id=grant).first()
    return None if row is None else _line(row)


def every(user: UUID | None = None) -> tuple[GrantLine, ...]:
    """Grants, of one account or of all, in the order of recording; ended ones too."""
    rows = Grant.objects.select_related("user").order_by("recorded_at", "id")
    if user is not None:
        rows = rows.filter(user=user)
    return tuple(_line(row) for row in rows)


def _line(row: Any) -> GrantLine:
    return GrantLine(
        ref=row.id,
        user=row.user.username,
        every=not row.wearer,
        wearer=row.wearer,
        authority=row.authority,
        reason=row.reason,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
