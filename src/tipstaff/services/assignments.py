"""Assignments: which case is in whose hands. Reach by one's own cases follows them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tipstaff.domain.access_checks import AccessCode, check_span, check_text
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation
from tipstaff.records import accounts, assignments, reach, teams, wearers
from tipstaff.records.assignments import Held, Holder
from tipstaff.services.access import Access, admit_to
from tipstaff.services.account_outcomes import (
    Outcome,
    account_problems,
    clock,
    recorded,
    refused,
)
from tipstaff.services.limited_access import sees
from tipstaff.services.recording import changing, reading


@dataclass(frozen=True, slots=True)
class Handing:
    """A case given to a person (`user`) or to a team, by name; without a beginning: from now on."""

    wearer: str = field(repr=False)
    relation: Relation
    user: str | None = None
    team: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def assign_case(
    *, actor: str, purpose: Purpose, authority: str, handing: Handing, reason: str = ""
) -> Outcome:
    """Give a case to a person or to a team. A case out of reach is one not known."""
    access = admit_to(actor, purpose, authority, "assign_case")
    with changing(access, extent={"relation": handing.relation}) as looked:
        now = clock()
        start = handing.starts_at or now
        looked.subjects = wearers.subject_refs([handing.wearer])
        holder, problems = _holder(handing.user, handing.team)
        problems += check_span(start, handing.ends_at)
        problems += check_text("reason", reason)
        problems += _wearer_problems(access, handing.wearer)
        if problems or holder is None:
            return refused(looked, problems)
        assignments.assign(
            [handing.wearer], holder, handing.relation, starts_at=start, ends_at=handing.ends_at,
            at=now, by=access.actor_ref, reason=reason,
        )  # fmt: skip
        return recorded(looked)


def end_assignment(
    *, actor: str, purpose: Purpose, authority: str, assignment: UUID, reason: str
) -> Outcome:
    """Take a case out of somebody's hands, from now on."""
    access = admit_to(actor, purpose, authority, "end_assignment")
    with changing(access, extent={"assignment": str(assignment)}) as looked:
        held = assignments.find(assignment)
        problems = check_text("reason", reason, needed=True)
        if held is not None:
            looked.subjects = wearers.subject_refs([held.wearer])
        if held is None or held.ended_at is not None or not sees(access, held.wearer):
            action = "name an assignment that 'tipstaff access holders' shows"
            problems.append(Problem(AccessCode.NOT_HELD, "assignment", action))
        if problems:
            return refused(looked, problems)
        assignments.end(assignment, at=clock(), by=access.actor_ref, reason=reason)
        return recorded(looked, assignment)


def list_assignments(
    *, actor: str, purpose: Purpose, authority: str, wearer: str
) -> tuple[Held, ...]:
    """Who holds and held a case, in the order of recording; nobody of a case out of reach."""
    access = admit_to(actor, purpose, authority, "list_assignments")
    seen, whom = sees(access, wearer), wearers.subject_refs([wearer])
    with reading(access, extent={}, subjects=frozenset(whom)) as looked:
        held = assignments.of_wearer(wearer)  # asked for in any case, so that nothing tells
        found = held if seen else ()
        looked.rows = len(found)
    return found


def _holder(user: str | None, team: str | None) -> tuple[Holder | None, list[Problem]]:
    if (user is None) == (team is None):
        action = "give the case to one person or to one team"
        return None, [Problem(AccessCode.HOLDER, "user", action)]
    if user is not None:
        account = accounts.ref_of(user)
        return Holder(user=account), account_problems(account)
    found = None if team is None else teams.find(team)
    if found is None or found.ended_at is not None:
        action = "name an open team that 'tipstaff teams list' shows"
        return None, [Problem(AccessCode.TEAM_NOT_KNOWN, "team", action)]
    return Holder(team=found.ref), []


def _wearer_problems(access: Access, wearer: str) -> list[Problem]:
    seen, known = sees(access, wearer), reach.on_record([wearer])
    if seen and known:
        return []
    action = "name a wearer on record whom you may see"
    return [Problem(AccessCode.WEARER_NOT_KNOWN, "wearer", action)]
