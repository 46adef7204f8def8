"""Legal holds: placed and lifted with authority, both in the audit. A hold overrides erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import AUTHORITY_LENGTH, Purpose
from tipstaff.domain.retention_codes import ACTIONS, RetentionCode
from tipstaff.records import erasures, holds, retention, wearers
from tipstaff.records.chunks import chunked
from tipstaff.records.holds import HoldFact, Placed
from tipstaff.records.retention import WearerFacts
from tipstaff.services.access import Access, admit_to
from tipstaff.services.limited_access import NOBODY, as_seen, may_see, sees
from tipstaff.services.recording import Looked, changing, reading

_LONGEST: Final = AUTHORITY_LENGTH


@dataclass(frozen=True, slots=True)
class HoldDone:
    """A hold placed or released, by its id; or what is wrong."""

    hold_id: UUID | None = None
    problems: tuple[Problem, ...] = ()


def hold(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    reason: str,
    start: datetime | None = None,
    end: datetime | None = None,
) -> HoldDone:
    """Hold all that is kept of a wearer, from `start` (None: now) up to `end` (None: released)."""
    access = admit_to(actor, purpose, authority, "hold")
    with changing(access, extent={"of": "hold"}) as looked:
        now = datetime.now(UTC)
        facts = seen(access, wearer, now)
        looked.subjects = wearers.subject_refs([wearer])
        if facts is not None:  # an erasure is decided before this, or not before it is over
            facts = next(retention.held_fast([facts.row], now), None)
        problems = [*_said(authority, reason), *_period(start or now, end)]
        if facts is None:
            problems.append(problem(RetentionCode.WEARER_NOT_KNOWN, "wearer"))
        elif facts.subject_ref in erasures.being_erased():
            problems.append(problem(RetentionCode.BEING_ERASED, "wearer"))
        if problems or facts is None:
            looked.extent["problems"] = len(problems)
            return HoldDone(problems=tuple(problems))
        looked.rows = 1
        placed = Placed(facts.row, start or now, end, authority.strip(), reason.strip())
        hold_id = holds.place(placed, by=access.actor_ref, at=now)
        looked.extent["hold"] = str(hold_id)
    return HoldDone(hold_id)


def release_hold(
    *, actor: str, purpose: Purpose, authority: str, hold_id: UUID, reason: str
) -> HoldDone:
    """Lift a hold; what it held is erased by its own day again."""
    access = admit_to(actor, purpose, authority, "release_hold")
    with changing(access, extent={"of": "hold", "hold": str(hold_id)}) as looked:
        found = _visible(access, hold_id, looked)
        problems = _said(authority, reason)
        if found is None:
            problems.append(problem(RetentionCode.HOLD_NOT_KNOWN, "hold"))
        elif found.released_at is not None:
            problems.append(problem(RetentionCode.ALREADY_RELEASED, "hold"))
        if problems or found is None:
            looked.extent["problems"] = len(problems)
            return HoldDone(problems=tuple(problems))
        looked.rows = 1
        said = {"authority": authority.strip(), "reason": reason.strip()}
        holds.release(hold_id, **said, by=access.actor_ref, at=datetime.now(UTC))
    return HoldDone(hold_id)


def list_holds(*, actor: str, purpose: Purpose, authority: str) -> tuple[HoldFact, ...]:
    """Holds on whom the actor may see, those in force first; those who are listed are audited."""
    access = admit_to(actor, purpose, authority, "list_holds")
    with reading(access, extent={}) as looked:
        found: list[HoldFact] = []
        for chunk in chunked(holds.every()):
            visible = may_see(access, {one.reference for one in chunk})
            found += [one for one in chunk if one.reference in visible]
        looked.subjects = {one.subject_ref for one in found}
        looked.rows = len(found)
    return tuple(found)


def seen(access: Access, wearer: str, now: datetime) -> WearerFacts | None:
    """The wearer, if there is one whom the actor may see."""
    return retention.of_reference(as_seen(access, wearer), now)


def _visible(access: Access, hold_id: UUID, looked: Looked) -> HoldFact | None:
    """A hold, if there is one on a wearer whom the actor may see."""
    found = holds.find(hold_id)
    shown = sees(access, NOBODY if found is None else found.reference)
    looked.subjects = set() if found is None else {found.subject_ref}
    return found if shown else None


def problem(code: RetentionCode, where: str) -> Problem:
    """A problem with what to do about it."""
    return Problem(code, where, ACTIONS[code])


def _said(authority: str, reason: str) -> list[Problem]:
    found = []
    if not authority.strip():
        found.append(problem(RetentionCode.AUTHORITY_MISSING, "authority"))
    if not reason.strip() or len(reason) > _LONGEST or not reason.strip().isprintable():
        found.append(problem(RetentionCode.REASON_MISSING, "reason"))
    return found


def _period(start: datetime, end: datetime | None) -> list[Problem]:
    bad = end is not None and end <= start
    return [problem(RetentionCode.PERIOD, "end")] if bad else []
