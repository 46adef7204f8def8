"""Accounts: make them, give them another post, close them; what each was allowed, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tipstaff.domain.access_checks import (
    AccessCode,
    check_post,
    check_span,
    check_text,
    check_username,
)
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import accounts, forces, grants, teams, wearers
from tipstaff.records.accounts import AccountLine, PostFact, TrainingFact
from tipstaff.records.grants import GrantLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.account_outcomes import (
    Outcome,
    account_problems,
    clock,
    recorded,
    refused,
)
from tipstaff.services.grants import told_to
from tipstaff.services.recording import changing, reading


@dataclass(frozen=True, slots=True)
class Duty:
    """What an account is to be: role, and the force, team, organisation or wearer it acts for.

    `team` by its name; from `active_from` (None: from now) up to `active_to` (None: no end).
    """

    role: Role
    display_name: str
    force: str | None = None
    team: str | None = None
    organisation: str = ""
    wearer: str | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """An account's posts, training and grants, in the order of recording."""

    username: str
    posts: tuple[PostFact, ...]
    trainings: tuple[TrainingFact, ...]
    grants: tuple[GrantLine, ...]


def add_account(
    *, actor: str, purpose: Purpose, authority: str, username: str, duty: Duty, reason: str = ""
) -> Outcome:
    """Make an account with its first post. It cannot sign in until it is given a password."""
    access = admit_to(actor, purpose, authority, "add_account")
    with changing(access, extent={"role": duty.role}) as looked:
        problems = [*check_username(username), *_duty_problems(duty, reason)]
        user = None if problems else accounts.add(username)
        if user is None and not problems:
            action = "take another name: accounts are never made twice"
            problems.append(Problem(AccessCode.USERNAME_TAKEN, "username", action))
        if user is None:
            return refused(looked, problems)
        _appoint(access, user, duty, reason)
        return recorded(looked, user)


def change_account(
    *, actor: str, purpose: Purpose, authority: str, username: str, duty: Duty, reason: str
) -> Outcome:
    """Give an account another post, from now on; the one before stays on record."""
    access = admit_to(actor, purpose, authority, "change_account")
    with changing(access, extent={"role": duty.role}) as looked:
        user = accounts.ref_of(username)
        problems = [
            *account_problems(user, "username"),
            *_not_own(access, user),
            *_duty_problems(duty, reason),
            *check_text("reason", reason, needed=True),
        ]
        if problems or user is None:
            return refused(looked, problems)
        _appoint(access, user, duty, reason)
        return recorded(looked, user)


def close_account(
    *, actor: str, purpose: Purpose, authority: str, username: str, reason: str
) -> Outcome:
    """Close an account: from now on it may do nothing, and what it did stays on record."""
    access = admit_to(actor, purpose, authority, "close_account")
    with changing(access, extent={}) as looked:
        user = accounts.ref_of(username)
        posts = () if user is None else accounts.posts_of(user)
        problems = [
            *account_problems(user if posts else None, "username"),
            *_not_own(access, user),
            *check_text("reason", reason, needed=True),
        ]
        if problems or user is None:
            return refused(looked, problems)
        now = clock()
        closed = replace(posts[-1], active_from=min(posts[-1].active_from, now), active_to=now)
        accounts.appoint(user, closed, at=now, by=access.actor_ref, reason=reason)
        return recorded(looked, user)


def list_accounts(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 100, after: str = ""
) -> list[AccountLine]:
    """Accounts by name with their posts; `after` is the last name of the page before."""
    access = admit_to(actor, purpose, authority, "list_accounts")
    with reading(access, extent={"limit": limit}) as looked:
        lines = accounts.every(limit, after)
        looked.rows = len(lines)
    return lines


def account_history(
    *, actor: str, purpose: Purpose, authority: str, username: str
) -> AccountHistory | None:
    """What an account was allowed and when, by whom; None where there is no such account."""
    access = admit_to(actor, purpose, authority, "account_history")
    with reading(access, extent={}) as looked:
        user = accounts.ref_of(username)
        if user is None:
            return None
        looked.extent["account"] = str(user)
        given = told_to(access, grants.every(user))
        found = AccountHistory(
            username, accounts.posts_of(user), accounts.trainings_of(user), given
        )
        looked.subjects = wearers.subject_refs(g.wearer for g in given if g.wearer)
        looked.rows = len(found.posts) + len(found.trainings) + len(given)
    return found


def _appoint(access: Access, user: UUID, duty: Duty, reason: str) -> None:
    now = clock()
    team = None if duty.team is None else teams.find(duty.team)
    if duty.force is not None:
        forces.ensure(duty.force)
    post = PostFact(
        role=duty.role,
        display_name=duty.display_name,
        active_from=duty.active_from or now,
        active_to=duty.active_to,
        force=duty.force,
        team=None if team is None else team.ref,
        organisation=duty.organisation.strip(),
        wearer=duty.wearer,
    )
    accounts.appoint(user, post, at=now, by=access.actor_ref, reason=reason)


def _duty_problems(duty: Duty, reason: str) -> list[Problem]:
    found = [
        *check_post(
            duty.role, force=duty.force, organisation=duty.organisation, wearer=duty.wearer
        ),
        *check_text("display_name", duty.display_name, needed=True),
        *check_text("organisation", duty.organisation),
        *check_text("reason", reason),
        *check_span(duty.active_from or clock(), duty.active_to, "active_to"),
    ]
    if duty.force is not None and duty.force not in forces.every():
        action = "name a force that 'tipstaff forces list' shows, or record it first"
        found.append(Problem(AccessCode.FORCE_NOT_KNOWN, "force", action))
    return found + _team_problems(duty)


def _team_problems(duty: Duty) -> list[Problem]:
    if duty.team is None:
        return []
    team = teams.find(duty.team)
    if team is not None and team.ended_at is None and team.force in {None, duty.force}:
        return []
    action = "name an open team of the same force, or of none"
    return [Problem(AccessCode.TEAM_NOT_KNOWN, "team", action)]


def _not_own(access: Access, user: UUID | None) -> list[Problem]:
    """Nobody gives themselves another post, nor closes their own account."""
    if user != access.actor_ref:
        return []
    return [Problem(AccessCode.OWN_ACCOUNT, "username", "have somebody else do this")]
