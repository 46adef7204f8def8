"""Tokens of the API on record, as values; what opens nothing is all that is kept of a secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.api_tokens import ApiToken
from tipstaff.records.models import ApiToken as Row


def add(token: ApiToken, *, by: UUID) -> None:
    """Record a new token of an account that is on record."""
    Row.objects.create(
        token_id=token.token_id,
        account_id=token.account,
        role=token.role,
        label=token.label,
        digest=token.digest,
        scopes=sorted(token.scopes),
        made_at=token.made_at,
        made_by=by,
        expires_at=token.expires_at,
    )


def find(token_id: str) -> ApiToken | None:
    """The token of that id; None where there is none. One statement either way."""
    row = Row.objects.filter(token_id=token_id).select_related("account").first()
    return None if row is None else _token(row)


def every(account: UUID | None = None, *, limit: int) -> list[ApiToken]:
    """All tokens, or those of one account, the newest first."""
    rows = Row.objects.select_related("account")
    if account is not None:
        rows = rows.filter(account=account)
    return [_token(row) for row in rows.order_by("-made_at", "-id")[:limit]]


def end(token_id: str, at: datetime) -> bool:
    """Let a token work no longer; False where it was ended before, or is not there."""
    return bool(Row.objects.filter(token_id=token_id, ended_at__isnull=True).update(ended_at=at))


def end_all(account: UUID, at: datetime) -> int:
    """Let no token of an account work any longer; how many were ended."""
    return Row.objects.filter(account=account, ended_at__isnull=True).update(ended_at=at)


def used_on(token_id: str, day: date) -> None:
    """Note that a token was used on that day; once a day something is written."""
    older = Q(last_used_on__isnull=True) | Q(last_used_on__lt=day)
    Row.objects.filter(older, token_id=token_id).update(last_used_on=day)


def _token(row: Any) -> ApiToken:
    return ApiToken(
        token_id=row.token_id,
        account=row.account_id,
        username=row.account.username,
        role=row.role,
        label=row.label,
        scopes=frozenset(row.scopes),
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        last_used_on=row.last_used_on,
        digest=row.digest,
    )
