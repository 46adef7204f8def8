"""Signing in and out, and changes to one's own means of it, each committed with its audit entry.

Nobody is asked for a purpose here: these are the steps before anybody can be. An entry of a sign-in
that failed names the account if there is one of that name, and else nothing: what was typed may be
a password. Addresses of machines are in no entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.records import attempts, audit, sessions, users
from tipstaff.records.chain import Entry
from tipstaff.services.sealing import seal


@contextmanager
def signing_in(
    account: users.Account, *, session: UUID, first: str, second: str, now: datetime
) -> Iterator[None]:
    """A sign-in: the body opens the session, which is there only together with its entry.

    `first` and `second` say by what: a password, a provider; an app, a key, a recovery code, none.
    What ran out of other people's sessions and failed sign-ins is removed on the way.
    """
    with transaction.atomic(durable=True):
        yield
        _prune(now)
        extent = {"first": first, "second": second}
        audit.append(_entry(account, Operation.SIGN_IN, "sign_in", extent, session, now))
    seal()


@contextmanager
def signing_out(account: users.Account, *, session: UUID, now: datetime) -> Iterator[None]:
    """A sign-out: the body ends the session."""
    with transaction.atomic(durable=True):
        yield
        audit.append(_entry(account, Operation.SIGN_IN, "sign_out", {}, session, now))
    seal()


def refused(username: str, code: str, now: datetime) -> None:
    """Record that somebody could not sign in by the name of `username`."""
    account = users.find(username)
    extent = {"refused": Operation.SIGN_IN.value, "code": code}
    with transaction.atomic(durable=True):
        audit.append(_entry(account, Operation.REFUSAL, "sign_in", extent, uuid4(), now))
    seal()


@contextmanager
def own_changes(
    account: users.Account, *, session: UUID, now: datetime
) -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """Changes that people make to their own means of signing in.

    The body adds what it changed, as a use case and its extent; nothing added, nothing recorded.
    """
    changes: list[tuple[str, Mapping[str, Any]]] = []
    with transaction.atomic(durable=True):
        yield changes
        for use_case, extent in changes:
            audit.append(_entry(account, Operation.ALTERATION, use_case, extent, session, now))
    seal()


def forget_old(now: datetime) -> None:
    """Remove the sessions that ran out, and failed sign-ins older than thirty days."""
    with transaction.atomic(durable=True):
        _prune(now)


def _prune(now: datetime) -> None:
    sessions.prune(now)
    attempts.prune(now)


def _entry(
    account: users.Account | None,
    operation: Operation,
    use_case: str,
    extent: Mapping[str, Any],
    request_ref: UUID,
    now: datetime,
) -> Entry:
    return Entry(
        entry_id=uuid4(),
        at=now,
        request_ref=request_ref,
        actor_ref=None if account is None else account.ref,
        role="" if account is None else account.role,
        operation=operation,
        phase=Phase.SERVED,
        use_case=use_case,
        purpose=Purpose.SYSTEM_ADMINISTRATION,
        authority="",
        extent=dict(extent),
        rows=0 if operation is Operation.REFUSAL else 1,
    )
