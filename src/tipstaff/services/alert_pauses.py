"""Pause kinds of alert, with a reason and an end: findings go on, nobody is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.pauses import Pause, PauseCode, check_pause
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import pauses, reach, wearers
from tipstaff.records.pauses import PauseLine
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.access import admit_to
from tipstaff.services.account_outcomes import Outcome, clock, recorded, refused
from tipstaff.services.limited_access import NOBODY, as_seen, list_reach, sees
from tipstaff.services.recording import changing, reading


def pause_alerts(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    kinds: frozenset[FindingKind],
    end: datetime,
    reason: str,
    wearer: str | None = None,
) -> Outcome:
    """Tell nobody of these kinds of alert from now up to `end`: of all wearers, or of one.

    Alerts of zones of high harm, straps and cases are told all the same.
    """
    access = admit_to(actor, purpose, authority, "pause_alerts")
    extent = {"kinds": sorted(kinds), "end": end.isoformat(), "reason": reason}
    with changing(access, extent=extent) as looked:
        looked.subjects = wearers.subject_refs([] if wearer is None else [wearer])
        now = clock()
        whom = None if wearer is None else as_seen(access, wearer)
        known = reach.on_record([] if whom is None else [whom])
        pause = Pause(kinds, now, end, reason.strip())
        problems = list(check_pause(pause, shipped_protocols()))
        if whom is not None and not known:
            action = "name a wearer on record whom you may see"
            problems.append(Problem(PauseCode.NOT_KNOWN, "wearer", action))
        if problems:
            return refused(looked, problems)
        row = None if whom is None else wearers.ensure([whom])[whom]
        return recorded(looked, pauses.ask(pause, row, at=now, by=access.actor_ref))


def end_pause(*, actor: str, purpose: Purpose, authority: str, pause: UUID, reason: str) -> Outcome:
    """End a pause now: what still goes on is told from now on."""
    access = admit_to(actor, purpose, authority, "end_pause")
    with changing(access, extent={"pause": str(pause), "reason": reason}) as looked:
        now, line = clock(), pauses.find(pause)
        if line is not None and line.subject_ref is not None:
            looked.subjects = {line.subject_ref}
        sees_them = sees(access, NOBODY if line is None else line.wearer)
        seen = line is not None and (sees_them or not line.wearer)
        if not reason.strip():
            return refused(looked, [Problem(PauseCode.NO_REASON, "reason", "say why it ends")])
        ended = seen and pauses.end(pause, at=now, by=access.actor_ref, reason=reason.strip())
        if line is None or not ended:
            action = "name a pause that 'tipstaff alerts pauses' shows"
            return refused(looked, [Problem(PauseCode.NOT_KNOWN, "pause", action)])
        row = wearers.ensure([line.wearer])[line.wearer] if line.wearer else None
        pauses.look_again(replace(line.pause, end=now), row, now=now)
        return recorded(looked, pause)


def list_pauses(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 100
) -> tuple[PauseLine, ...]:
    """Pauses that hold now: of all wearers, and of those whom the actor reaches."""
    access = admit_to(actor, purpose, authority, "list_pauses")
    with reading(access, extent={"limit": limit}) as looked:
        lines = tuple(pauses.standing(list_reach(access), now=clock(), limit=limit))
        looked.subjects = {one.subject_ref for one in lines if one.subject_ref is not None}
        looked.rows = len(lines)
    return lines
