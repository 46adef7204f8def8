"""What wearers ask for on their own page, and the list of it for those who answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from tipstaff.domain.absences import Absence
from tipstaff.domain.own_requests import (
    BY_WEARER,
    LONGEST,
    OWN_PREFIX,
    About,
    AskCode,
    Asked,
    note_of,
)
from tipstaff.domain.periods import Period
from tipstaff.domain.plan_work import Channel, Contact, Party
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import own_requests, wearers
from tipstaff.records.own_requests import AskedLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_reach import known_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.case_rules import When, problems_of
from tipstaff.services.limited_access import may_see
from tipstaff.services.recording import changing, reading

#: How far back the list goes, and how many wearers' it looks through at once.
LISTED: Final = timedelta(days=28)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, repr=False)
class Away:
    """An absence that a wearer asks for: of which order and condition, when, why."""

    order: str
    condition: str
    period: Period
    reason: str


def ask_change(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, about: About, words: str
) -> RecordedCase:
    """A wearer asks for something: it stands in the contact log, and in the list of requests."""
    access = admit_to(actor, purpose, authority, "ask_change", wearer)
    now, said = clock(), words.strip()
    note = note_of(about, said)
    contact = Contact(_reference(), wearer, now, BY_WEARER, Channel.MESSAGE, Party.WEARER, note)
    return _recorded(access, contact, _words(said, "words"), now)


def ask_own_absence(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, away: Away
) -> RecordedCase:
    """A wearer asks for an absence: it excuses nothing until somebody else approves it."""
    access = admit_to(actor, purpose, authority, "ask_own_absence", wearer)
    now, reason = clock(), away.reason.strip()
    absence = Absence(
        _reference(), wearer, away.order, away.condition, away.period.start, away.period.end,
        reason, BY_WEARER, now,
    )  # fmt: skip
    return _recorded(access, absence, _words(reason, "reason"), now)


def list_own_requests(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 200
) -> tuple[Asked, ...]:
    """What wearers whom the actor reaches asked for in 28 days: what waits first, then the newest.

    An absence waits until it is decided; anything else until a contact with the wearer was recorded
    after it.
    """
    access = admit_to(actor, purpose, authority, "list_own_requests")
    with reading(access, extent={"limit": limit}) as looked:
        lines = own_requests.asked_since(clock() - LISTED)
        seen = _seen(access, lines)
        found = [one for one in lines if one.asked.wearer in seen][:limit]
        looked.subjects = {one.subject_ref for one in found}
        looked.rows = len(found)
    return tuple(one.asked for one in found)


def _seen(access: Access, lines: list[AskedLine]) -> frozenset[str]:
    names = sorted({one.asked.wearer for one in lines})
    parts = [names[n : n + _AT_ONCE] for n in range(0, len(names), _AT_ONCE)]
    return frozenset().union(*(may_see(access, part) for part in parts or [[]]))


def _recorded(
    access: Access, value: Absence | Contact, found: tuple[Problem, ...], now: datetime
) -> RecordedCase:
    of = "absence" if isinstance(value, Absence) else "contact"
    with changing(access, extent={"of": of}) as looked:
        if found:
            looked.extent["problems"] = len(found)
            looked.subjects = wearers.subject_refs([value.wearer])
            return RecordedCase(None, new=False, problems=found)
        wearers.lock(value.wearer)
        known = known_to(access, value.wearer, now)
        return record_told(access, told(value), problems_of(value, known, When(now)), looked, now)


def _words(said: str, where: str) -> tuple[Problem, ...]:
    if not said:
        return (Problem(AskCode.NOTHING_ASKED, where, "write what you ask for"),)
    if len(said) > LONGEST:
        return (Problem(AskCode.TOO_LONG, where, f"write at most {LONGEST} characters"),)
    return ()


def _reference() -> str:
    return f"{OWN_PREFIX}{uuid4().hex[:12]}"
