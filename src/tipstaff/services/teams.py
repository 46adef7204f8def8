"""Teams and forces: those who share cases, and the forces that take part in which scheme."""

from __future__ import annotations

from tipstaff.domain.access_checks import AccessCode, check_text
from tipstaff.domain.forces import ForceFact, check_force
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import forces, teams
from tipstaff.records.teams import TeamFact
from tipstaff.services.access import admit_to
from tipstaff.services.account_outcomes import Outcome, clock, recorded, refused
from tipstaff.services.recording import changing, reading


def add_team(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    name: str,
    force: str | None = None,
    organisation: str = "",
) -> Outcome:
    """Make a team, in a force or in another organisation."""
    access = admit_to(actor, purpose, authority, "add_team")
    with changing(access, extent={"force": force}) as looked:
        problems = [
            *check_text("name", name, needed=True),
            *check_text("organisation", organisation),
            *_force_problems(force),
        ]
        if problems:
            return refused(looked, problems)
        if force is not None:
            forces.ensure(force)
        made = teams.add(name, force, organisation, at=clock(), by=access.actor_ref)
        if made is None:
            action = "take another name: a closed team keeps its own"
            return refused(looked, [Problem(AccessCode.TEAM_TAKEN, "name", action)])
        return recorded(looked, made)


def close_team(*, actor: str, purpose: Purpose, authority: str, name: str, reason: str) -> Outcome:
    """Close a team: it holds no case from now on."""
    access = admit_to(actor, purpose, authority, "close_team")
    with changing(access, extent={}) as looked:
        team = teams.find(name)
        problems = check_text("reason", reason, needed=True)
        if team is None or team.ended_at is not None:
            action = "name an open team that 'tipstaff teams list' shows"
            problems.append(Problem(AccessCode.TEAM_NOT_KNOWN, "name", action))
        if problems or team is None:
            return refused(looked, problems)
        teams.close(team.ref, at=clock(), by=access.actor_ref, reason=reason)
        return recorded(looked, team.ref)


def list_teams(*, actor: str, purpose: Purpose, authority: str) -> list[TeamFact]:
    """Teams by name, closed ones too."""
    access = admit_to(actor, purpose, authority, "list_teams")
    with reading(access, extent={}) as looked:
        found = teams.every()
        looked.rows = len(found)
    return found


def record_force(
    *, actor: str, purpose: Purpose, authority: str, force: ForceFact, reason: str = ""
) -> Outcome:
    """Record a force, or say anew what it is called and since when it is live, by scheme."""
    access = admit_to(actor, purpose, authority, "record_force")
    with changing(access, extent={"force": force.identifier}) as looked:
        problems = [*check_force(force, forces.every().values()), *check_text("reason", reason)]
        if problems:
            return refused(looked, problems)
        forces.record(force, at=clock(), by=access.actor_ref, reason=reason)
        return recorded(looked)


def list_forces(*, actor: str, purpose: Purpose, authority: str) -> list[ForceFact]:
    """Every force: those that are shipped, and those recorded here."""
    access = admit_to(actor, purpose, authority, "list_forces")
    with reading(access, extent={}) as looked:
        found = list(forces.every().values())
        looked.rows = len(found)
    return found


def _force_problems(force: str | None) -> list[Problem]:
    if force is None or force in forces.every():
        return []
    action = "name a force that 'tipstaff forces list' shows, or record it first"
    return [Problem(AccessCode.FORCE_NOT_KNOWN, "force", action)]
