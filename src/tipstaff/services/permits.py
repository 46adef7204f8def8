"""Approvals: ask for one, have it decided by somebody else; or take it at once and be reviewed.

What is asked for names the wearer as they were typed: asking tells nobody whether there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.access_checks import AccessCode, check_asking, check_text
from tipstaff.domain.access_facts import Area
from tipstaff.domain.access_rows import Reach
from tipstaff.domain.access_rules import EMERGENCY, ROWS
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import accounts, permits, wearers
from tipstaff.records.permits import PermitAsked, PermitLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.account_outcomes import Outcome, clock, recorded, refused
from tipstaff.services.limited_access import may_see
from tipstaff.services.recording import Looked, changing, reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an approval is wanted for: one use case, on a wearer or device, or in a circle."""

    use_case: str
    period: Period
    name: str | None = field(default=None, repr=False)
    area: Area | None = None


def ask_permit(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wanted: Wanted,
    reason: str,
    lasts: timedelta = timedelta(days=7),
) -> Outcome:
    """Ask for an approval for this use case and purpose, which somebody else decides."""
    access = admit_to(actor, purpose, authority, "ask_permit")
    return _ask(access, wanted, reason, lasts, emergency=False)


def break_glass(
    *, actor: str, purpose: Purpose, authority: str, wanted: Wanted, reason: str
) -> Outcome:
    """Take an approval at once, for an hour, in an emergency; a supervisor reviews it afterwards.

    It opens no record of limited access. It stands in the review queue until somebody else says
    whether it was justified.
    """
    access = admit_to(actor, purpose, authority, "break_glass")
    return _ask(access, wanted, reason, EMERGENCY, emergency=True)


def decide_permit(
    *, actor: str, purpose: Purpose, authority: str, permit: UUID, approve: bool, reason: str = ""
) -> Outcome:
    """Approve or refuse what somebody else asked for; a refusal says why."""
    access = admit_to(actor, purpose, authority, "decide_permit")
    wrong = check_text("reason", reason, needed=not approve)
    return _decide(access, permit, wrong, reason, favourable=approve, emergency=False)


def review_break_glass(
    *, actor: str, purpose: Purpose, authority: str, permit: UUID, justified: bool, reason: str
) -> Outcome:
    """Say whether what somebody else took in an emergency was justified, and why."""
    access = admit_to(actor, purpose, authority, "review_break_glass")
    wrong = check_text("reason", reason, needed=True)
    return _decide(access, permit, wrong, reason, favourable=justified, emergency=True)


def list_permits(
    *, actor: str, purpose: Purpose, authority: str, emergencies: bool = False, limit: int = 100
) -> tuple[PermitLine, ...]:
    """What waits for the actor's decision, oldest first; `emergencies`: for their review."""
    access = admit_to(actor, purpose, authority, "list_permits")
    with reading(access, extent={"emergencies": emergencies}) as looked:
        shown = waiting_for(access, emergencies=emergencies)[:limit]
        looked.subjects = _subjects(*shown)
        looked.rows = len(shown)
    return shown


def waiting_for(access: Access, *, emergencies: bool = False) -> tuple[PermitLine, ...]:
    """All that waits and that a list shows to an admitted actor, oldest first."""
    lines = permits.waiting(emergencies=emergencies)
    scope = _scope(access, lines)
    return tuple(line for line in lines if scope.shows(line))


def _ask(
    access: Access, wanted: Wanted, reason: str, lasts: timedelta, *, emergency: bool
) -> Outcome:
    with changing(access, extent={"for": wanted.use_case, "emergency": emergency}) as looked:
        looked.subjects = wearers.subject_refs([wanted.name] if wanted.name else [])
        problems = [
            *check_asking(
                wanted.use_case,
                name=wanted.name,
                area=wanted.area,
                period=wanted.period,
                lasts=lasts,
            ),
            *_role_problems(access, wanted),
            *check_text("reason", reason, needed=True),
        ]
        if problems:
            return refused(looked, problems)
        now = clock()
        asked = PermitAsked(
            use_case=wanted.use_case,
            purpose=access.purpose,
            authority=access.authority,
            reason=reason,
            period=wanted.period,
            ends_at=now + lasts,
            name=wanted.name,
            area=wanted.area,
            emergency=emergency,
        )
        return recorded(looked, permits.ask(access.actor_ref, asked, at=now))


def _role_problems(access: Access, wanted: Wanted) -> list[Problem]:
    """An approval lets nobody do what their role does not do at all, or not for that purpose."""
    row = ROWS.get(wanted.use_case)
    if row is None or row.approval is None:
        return []
    role = access.actor.role
    if role is not None and row.reach_of(role) and access.purpose in row.purposes_of(role):
        return []
    action = "your role does not do this for that purpose, with an approval or without"
    return [Problem(AccessCode.NOT_OPEN_TO_APPROVAL, "use_case", action)]


def _decide(
    access: Access,
    permit: UUID,
    wrong: list[Problem],
    reason: str,
    *,
    favourable: bool,
    emergency: bool,
) -> Outcome:
    extent = {"permit": str(permit), "favourable": favourable}
    with changing(access, extent=extent) as looked:
        line, now = permits.find(permit), clock()
        problems = wrong + _decision_problems(access, line, now, emergency=emergency)
        if line is not None:
            looked.subjects = _subjects(line)
        if problems:
            return refused(looked, problems)
        done = permits.decide(
            permit, favourable=favourable, reason=reason, at=now, by=access.actor_ref
        )
        return recorded(looked, permit) if done else _too_late(looked)


def _too_late(looked: Looked) -> Outcome:
    return refused(looked, [_problem(AccessCode.ALREADY_DECIDED)])


def _decision_problems(
    access: Access, line: PermitLine | None, now: datetime, *, emergency: bool
) -> list[Problem]:
    code = _decision_code(access, line, now, emergency=emergency)
    return [] if code is None else [_problem(code)]


def _decision_code(
    access: Access, line: PermitLine | None, now: datetime, *, emergency: bool
) -> AccessCode | None:
    scope = _scope(access, [] if line is None else [line])
    code = None
    if line is None or line.asked.emergency is not emergency or not scope.shows(line):
        code = AccessCode.NOT_WAITING
    elif line.user_ref == access.actor_ref:
        code = AccessCode.ONESELF
    elif line.favourable is not None:
        code = AccessCode.ALREADY_DECIDED
    elif not emergency and line.asked.ends_at <= now:
        code = AccessCode.PERIOD
    elif not scope.decides(line):
        code = AccessCode.NOT_YOURS_TO_DECIDE
    return code


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which of some approvals the actor sees and decides."""

    everything: bool
    own_people: frozenset[UUID]
    seen: frozenset[str] = field(repr=False)

    def shows(self, line: PermitLine) -> bool:
        """Whether a list shows it: what the force's own people ask, or others of its wearers."""
        return self.everything or line.user_ref in self.own_people or line.asked.name in self.seen

    def decides(self, line: PermitLine) -> bool:
        """Whether it is theirs: about a wearer whom they see; about a place, their own people's."""
        if self.everything:
            return True
        named = line.asked.name is not None
        return line.asked.name in self.seen if named else line.user_ref in self.own_people


def _scope(access: Access, lines: Iterable[PermitLine]) -> _Scope:
    told = list(lines)
    own = access.actor.force
    own_people = frozenset[UUID]()
    if own is not None:
        own_people = accounts.of_force({line.user_ref for line in told}, own)
    everything = access.reach is Reach.UNIT
    names = set() if everything else {line.asked.name for line in told if line.asked.name}
    seen = frozenset[str]() if everything else may_see(access, names)
    return _Scope(everything, own_people, seen)


_ACTIONS: Final = {
    AccessCode.NOT_WAITING: "name one that your list shows as waiting",
    AccessCode.ONESELF: "have somebody else decide what you asked for yourself",
    AccessCode.ALREADY_DECIDED: "somebody has decided it before",
    AccessCode.PERIOD: "its time has run out: have it asked for again",
    AccessCode.NOT_YOURS_TO_DECIDE: "a hub manager or the wearer's own force decides this one",
}


def _problem(code: AccessCode) -> Problem:
    return Problem(code, "permit", _ACTIONS[code])


def _subjects(*lines: PermitLine) -> set[UUID]:
    return wearers.subject_refs(line.asked.name for line in lines if line.asked.name)
