"""Sessions of browsers: the store that Django uses, and what may be done with those of an account.

Django names this module in its settings and takes `SessionStore` from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from tipstaff.records.models import Session

#: Keys in a session's data, beside Django's own.
REF: Final = "ref"
SIGNED_IN_AT: Final = "signed_in_at"
SEEN_AT: Final = "seen_at"
#: There when a second factor was shown in this session.
SECOND_FACTOR: Final = "second_factor"


class SessionStore(DatabaseStore):
    """Django's store of sessions, with the columns by which those of an account are found."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def get_expire_at_browser_close(self) -> bool:
        """Every session ends with the browser, also one that has a length of its own."""
        return True

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for `data`; the columns are taken from them."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.account_id = data.get(SESSION_KEY)
        row.ref = data.get(REF)
        row.signed_in_at = _instant(data.get(SIGNED_IN_AT))
        row.seen_at = _instant(data.get(SEEN_AT))
        return row


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of an account, as its owner may see it. `ref` does not open it."""

    ref: UUID
    signed_in_at: datetime
    seen_at: datetime


def of_account(account: UUID, now: datetime) -> list[OpenSession]:
    """The sessions of an account that have not run out, the last used first."""
    rows = Session.objects.filter(account=account, ref__isnull=False, expire_date__gt=now)
    return [
        OpenSession(row.ref, row.signed_in_at, row.seen_at)
        for row in rows.order_by("-seen_at")
        if row.ref and row.signed_in_at and row.seen_at
    ]


def end(account: UUID, ref: UUID) -> bool:
    """End one session of an account; whether there was one."""
    return bool(Session.objects.filter(account=account, ref=ref).delete()[0])


def end_all(account: UUID, *, but: UUID | None = None) -> int:
    """End every session of an account, but one; how many."""
    rows = Session.objects.filter(account=account)
    return (rows if but is None else rows.exclude(ref=but)).delete()[0]


def prune(now: datetime) -> int:
    """Remove the sessions that ran out, of people who never signed in as well; how many."""
    return Session.objects.filter(expire_date__lte=now).delete()[0]


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
