"""Grants: access by name to records of limited access. Nobody grants themselves anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tipstaff.domain.access_checks import AccessCode, check_span, check_text
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import accounts, grants, wearers
from tipstaff.records.grants import GrantLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.account_outcomes import (
    Outcome,
    account_problems,
    clock,
    recorded,
    refused,
)
from tipstaff.services.limited_access import opened_to
from tipstaff.services.recording import changing, reading


def grant_access(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    username: str,
    wearer: str | None,
    reason: str,
    ends_at: datetime | None = None,
) -> Outcome:
    """Open one wearer's record of limited access to an account, or all of them (`wearer` None).

    The reference is taken as it is written, whether or not there is such a wearer: granting tells
    nobody that there is. A grant widens no reach. `authority` is needed.
    """
    access = admit_to(actor, purpose, authority, "grant_access")
    extent = {"every": wearer is None}
    with changing(access, extent=extent) as looked:
        now, user = clock(), accounts.ref_of(username)
        problems = [
            *account_problems(user, "username"),
            *check_text("reason", reason, needed=True),
            *check_span(now, ends_at),
            *_own_problems(access, user),
        ]
        if not access.authority:
            action = "name the decision under which this person is cleared"
            problems.append(Problem(AccessCode.AUTHORITY_MISSING, "authority", action))
        if problems or user is None:
            return refused(looked, problems)
        looked.subjects = wearers.subject_refs([wearer] if wearer else [])
        looked.extent["account"] = str(user)
        given = grants.give(
            user, wearer, authority=access.authority, reason=reason, ends_at=ends_at,
            at=now, by=access.actor_ref,
        )  # fmt: skip
        return recorded(looked, given)


def revoke_access(
    *, actor: str, purpose: Purpose, authority: str, grant: UUID, reason: str
) -> Outcome:
    """Revoke a grant: it opens nothing from this moment on."""
    access = admit_to(actor, purpose, authority, "revoke_access")
    with changing(access, extent={"grant": str(grant)}) as looked:
        held = grants.find(grant)
        problems = check_text("reason", reason, needed=True)
        if held is None or held.ended_at is not None:
            action = "name a grant in force that 'tipstaff access grants' shows"
            problems.append(Problem(AccessCode.NOT_HELD, "grant", action))
        if problems or held is None:
            return refused(looked, problems)
        looked.subjects = wearers.subject_refs([held.wearer] if held.wearer else [])
        grants.revoke(grant, at=clock(), by=access.actor_ref, reason=reason)
        return recorded(looked, grant)


def list_grants(*, actor: str, purpose: Purpose, authority: str) -> tuple[GrantLine, ...]:
    """Every grant, in the order of recording; ended ones too.

    For whom it is shows to whoever gave it or is cleared for them: it names who is of limited
    access.
    """
    access = admit_to(actor, purpose, authority, "list_grants")
    with reading(access, extent={}) as looked:
        found = told_to(access, grants.every())
        looked.subjects = wearers.subject_refs(g.wearer for g in found if g.wearer)
        looked.rows = len(found)
    return found


def told_to(access: Access, lines: Iterable[GrantLine]) -> tuple[GrantLine, ...]:
    """Grants as the actor may be told of them."""
    told = list(lines)
    opened = opened_to(access, {line.wearer for line in told})
    return tuple(
        line
        if line.recorded_by == access.actor_ref or line.wearer in opened
        else replace(line, wearer="")
        for line in told
    )


def _own_problems(access: Access, user: UUID | None) -> list[Problem]:
    if user != access.actor_ref:
        return []
    return [Problem(AccessCode.ONESELF, "username", "have somebody else grant it to you")]
