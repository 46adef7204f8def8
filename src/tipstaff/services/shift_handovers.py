"""Shifts hand over what is open: a list as it stood, from one account to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Queue
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.shift_handovers import HandoverCode, OpenAlert, digest_of
from tipstaff.records import alert_pages, shift_handovers
from tipstaff.records.alert_pages import MOST_LINES, AlertLine, AlertsWanted
from tipstaff.records.shift_handovers import HandoverFact, LineFact
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import list_reach, may_see
from tipstaff.services.recording import changing


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed over, in the order of the queue; the audit's entry names the digest."""

    ref: UUID
    lines: tuple[AlertLine, ...] = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was taken over: each alert as it was handed over and as it stands now.

    `opened_since`: alerts of the queue that opened after the handover and need a person.
    """

    handover: HandoverFact | None = None
    lines: tuple[LineFact, ...] = field(default=(), repr=False)
    opened_since: tuple[AlertLine, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()


def hand_over_shift(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    queue: Queue = Queue.LIVE,
    words: str = "",
) -> Given:
    """Hand over every alert of a queue that needs a person and that the actor sees.

    `words` are about the shift; what is to be said of one wearer is a note on their alert.
    """
    access = admit_to(actor, purpose, authority, "hand_over_shift")
    with changing(access, extent={"queue": queue.value}) as looked:
        now = clock()
        lines = tuple(_open(access, queue, now))
        told = [_as_it_stands(line) for line in lines]
        digest = digest_of(told)
        ref = shift_handovers.give(queue, told, digest, words.strip(), at=now, by=access.actor_ref)
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
        looked.extent |= {"handover": str(ref), "digest": digest}
    return Given(ref, lines, digest)


def take_over_shift(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    handover: UUID | None = None,
    words: str = "",
) -> TakenOver:
    """Take over what somebody else handed over; without a name, what was handed over last."""
    access = admit_to(actor, purpose, authority, "take_over_shift")
    with changing(access, extent={}) as looked:
        now, fact = clock(), shift_handovers.find(handover)
        code = _code(access, fact)
        if fact is None or code is not None:
            return TakenOver(problems=(_problem(code or HandoverCode.NOT_KNOWN),))
        if not shift_handovers.take(fact.ref, words.strip(), at=now, by=access.actor_ref):
            return TakenOver(problems=(_problem(HandoverCode.TAKEN),))
        every = shift_handovers.lines_of(fact.ref)
        seen = may_see(access, {line.wearer for line in every})
        lines = tuple(line for line in every if line.wearer in seen)
        known = {line.was.alert for line in every}
        fresh = tuple(x for x in _open(access, fact.queue, now) if x.ref not in known)
        looked.subjects = {x.subject_ref for x in lines} | {x.subject_ref for x in fresh}
        looked.rows = len(lines)
        looked.extent |= {"handover": str(fact.ref), "digest": fact.digest}
    return TakenOver(fact, lines, fresh)


def _open(access: Access, queue: Queue, now: datetime) -> Iterator[AlertLine]:
    """Every alert of a queue that needs a person and that the actor sees, page by page."""
    reach, after = list_reach(access), None
    while True:
        wanted = AlertsWanted(reach, queue, after=after, limit=MOST_LINES)
        lines = alert_pages.page(wanted, now=now)
        yield from lines
        if len(lines) < MOST_LINES:
            return
        after = (int(lines[-1].severity), lines[-1].opened_at, lines[-1].ref)


def _as_it_stands(line: AlertLine) -> OpenAlert:
    revision = int(line.mark.partition(".")[2])
    return OpenAlert(line.ref, line.state, line.severity, revision, line.changed)


def _code(access: Access, fact: HandoverFact | None) -> HandoverCode | None:
    if fact is None:
        return HandoverCode.NOT_KNOWN
    if fact.taken_at is not None:
        return HandoverCode.TAKEN
    return HandoverCode.ONESELF if fact.given_by == access.actor_ref else None


def _problem(code: HandoverCode) -> Problem:
    action = {
        HandoverCode.NOT_KNOWN: "have the shift before hand over: 'tipstaff alerts handover'",
        HandoverCode.TAKEN: "somebody has taken it over: have it handed over again",
        HandoverCode.ONESELF: "have somebody else take over what you handed over",
    }[code]
    return Problem(code, "handover", action)
