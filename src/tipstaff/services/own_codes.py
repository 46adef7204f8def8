"""Codes that open a wearer's own page: issued by staff, tried, used once; each step is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.own_codes import GOOD_FOR, OwnCode, as_written, new_code
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import accounts, audit, own_codes, reach, wearers
from tipstaff.records.accounts import PostFact
from tipstaff.records.chain import Entry
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import as_seen
from tipstaff.services.recording import changing
from tipstaff.services.sealing import seal


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was issued, to be handed over; or why none was."""

    code: str = field(default="", repr=False)
    ends_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


def issue_own_code(*, actor: str, purpose: Purpose, authority: str, wearer: str) -> IssuedCode:
    """Issue a code for a wearer's own page, good once within a day; the one before ends.

    Whoever issues it hands it over to the wearer, whom they know. Their account is made with it.
    """
    access = admit_to(actor, purpose, authority, "issue_own_code", wearer)
    with changing(access, extent={}) as looked:
        looked.subjects = wearers.subject_refs([wearer])
        row = wearers.keys_of([as_seen(access, wearer)]).get(wearer)
        problem = _not_for(wearer, known=row is not None)
        if row is None or problem is not None:
            looked.extent["problems"] = 1
            return IssuedCode(problems=() if problem is None else (problem,))
        now, code = clock(), new_code()
        _ensure_account(wearer, now, access.actor_ref)
        ends_at = now + GOOD_FOR
        own_codes.issue(row, code, at=now, by=access.actor_ref, ends_at=ends_at)
        looked.rows = 1
    return IssuedCode(code, ends_at)


def open_own_page(wearer: str, code: str) -> str | None:
    """The wearer's account, if that is their code; None otherwise, whatever is wrong with it.

    Asked before anybody is known; each try is committed together with its entry.
    """
    name = wearer.strip()
    with transaction.atomic(durable=True):
        opened = own_codes.use(name, as_written(code), at=clock())
        _enter(name, opened=opened)
    seal()
    return account_of(name) if opened else None


def refuse_own_page(wearer: str) -> None:
    """Record that somebody was not let try a code, after too many wrong ones."""
    with transaction.atomic(durable=True):
        _enter(wearer.strip(), opened=False, code="locked_out")
    seal()


def account_of(wearer: str) -> str | None:
    """The name of a wearer's own account: random, since names of accounts are shown to others."""
    found = wearers.subject_refs([wearer])
    return f"own-{next(iter(found)).hex[:20]}" if found else None


def _not_for(wearer: str, *, known: bool) -> Problem | None:
    """Why no code is issued: whoever is not seen is nobody, whatever their record says."""
    if not known:
        action = "name a wearer on record, whom you may see"
        return Problem(OwnCode.WEARER_NOT_KNOWN, "wearer", action)
    if reach.limited_among([wearer]):
        action = "a record of limited access opens by no code: answer the wearer in person"
        return Problem(OwnCode.LIMITED_ACCESS, "wearer", action)
    return None


def _enter(wearer: str, *, opened: bool, code: str = "wrong_code") -> None:
    """What was typed is in no entry: of a reference that is nobody's, nothing is."""
    account = account_of(wearer)
    ref = None if account is None else accounts.ref_of(account)
    extent: Mapping[str, Any] = {"refused": Operation.SIGN_IN.value, "code": code}
    audit.append(
        Entry(
            entry_id=uuid4(),
            at=clock(),
            request_ref=uuid4(),
            actor_ref=ref,
            role="" if ref is None else Role.WEARER.value,
            operation=Operation.SIGN_IN if opened else Operation.REFUSAL,
            phase=Phase.SERVED,
            use_case="open_own_page",
            purpose=Purpose.SYSTEM_ADMINISTRATION,
            authority="",
            extent={} if opened else dict(extent),
            rows=int(opened),
        )
    )


def _ensure_account(wearer: str, now: datetime, by: UUID) -> None:
    name = account_of(wearer)
    if name is None or accounts.ref_of(name) is not None:
        return
    user = accounts.add(name)
    if user is not None:
        post = PostFact(Role.WEARER.value, "The wearer", now, wearer=wearer)
        accounts.appoint(user, post, at=now, by=by, reason="their own page")
