"""Absences: asked for by one, decided by another, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tipstaff.domain.absences import Absence, AbsenceCode, AbsenceDecision
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import absence_lists, case_versions, wearers
from tipstaff.records.absence_lists import After, WaitingLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_reach import known_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.case_rules import Known, When, problems_of
from tipstaff.services.limited_access import list_reach
from tipstaff.services.recording import changing, reading


@dataclass(frozen=True, slots=True)
class _Which:
    """An absence by its wearer and its reference."""

    wearer: str
    reference: str


def ask_absence(
    *, actor: str, purpose: Purpose, authority: str, absence: Absence, reason: str = ""
) -> RecordedCase:
    """Record that an absence is asked for; nothing is excused by it yet."""
    access = admit_to(actor, purpose, authority, "ask_absence")
    what = told(replace(absence, decision=None, cancelled_at=None), reason)
    with changing(access, extent={"of": "absence"}) as looked:
        wearers.lock(absence.wearer)
        now = clock()
        known = known_to(access, absence.wearer, now)
        found = (*problems_of(what.value, known, When(now)), *_taken(absence, known))
        return record_told(access, what, found, looked, now)


def decide_absence(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    reference: str,
    approved: bool,
    reason: str,
) -> RecordedCase:
    """Approve or refuse an absence, with the reason. Whoever asked for it is refused.

    By the accounts: the one that recorded it, and by the names of who asks and who decides.
    """
    access = admit_to(actor, purpose, authority, "decide_absence")
    now = clock()
    decision = AbsenceDecision(approved, actor, now, reason)
    return _change(access, _Which(wearer, reference), now, decision=decision)


def cancel_absence(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, reference: str
) -> RecordedCase:
    """Cancel an absence: from now on it excuses nothing."""
    access = admit_to(actor, purpose, authority, "cancel_absence")
    return _change(access, _Which(wearer, reference), clock())


def list_absences(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    after: After | None = None,
    limit: int = 50,
) -> tuple[WaitingLine, ...]:
    """A page of absences to decide, of whom the actor reaches, the longest asked first.

    `after`: when the last line of the page before was asked, its reference and its subject. One
    whose time is over stays in the list: an approval excuses its time afterwards too.
    """
    access = admit_to(actor, purpose, authority, "list_absences")
    with reading(access, extent={"limit": limit}) as looked:
        lines = absence_lists.waiting(list_reach(access), now=clock(), after=after, limit=limit)
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines


def _change(
    access: Access, which: _Which, now: datetime, decision: AbsenceDecision | None = None
) -> RecordedCase:
    """Record the decision, or without one the cancellation."""
    with changing(access, extent={"of": "absence"}) as looked:
        wearers.lock(which.wearer)
        known = known_to(access, which.wearer, now)
        absence = known.absences.get(which.reference)
        looked.subjects = wearers.subject_refs([which.wearer])
        if absence is None or absence.cancelled_at is not None:
            looked.extent["problems"] = 1
            return RecordedCase(None, new=False, problems=(_not_known(),))
        made = (
            replace(absence, cancelled_at=now)
            if decision is None
            else replace(absence, decision=decision)
        )
        found = problems_of(made, known, When(now))
        if decision is not None:
            found = (*found, *_may_decide(access.actor_ref, absence))
        return record_told(access, told(made), found, looked, now)


def _may_decide(actor_ref: UUID, absence: Absence) -> Iterator[Problem]:
    if absence.decision is not None:
        action = "this absence was decided before: ask for another one"
        yield Problem(AbsenceCode.DECIDED_BEFORE, "decision", action)
    subject = case_versions.subject_of(absence.wearer, Kind.ABSENCE, absence.reference)
    asked = () if subject is None else case_versions.history(subject)
    if any(fact.recorded_by == actor_ref for fact in asked[:1]):
        action = "who asks does not decide: somebody else has to"
        yield Problem(AbsenceCode.ASKER_DECIDES, "decision.by", action)


def _taken(absence: Absence, known: Known) -> Iterator[Problem]:
    before = known.absences.get(absence.reference)
    if before is not None and (before.decision, before.cancelled_at) != (None, None):
        action = "this absence was decided or cancelled: give the new one another reference"
        yield Problem(AbsenceCode.DECIDED_BEFORE, "reference", action)


def _not_known() -> Problem:
    action = "no absence of that reference stands: check it"
    return Problem(AbsenceCode.ABSENCE_NOT_KNOWN, "reference", action)
