"""Search the audit for what a supervisor should ask about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse import not_asked, questions
from tipstaff.domain.misuse_facts import Known, Question, StaffFacts
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import case_ends, looks
from tipstaff.services.access import admit
from tipstaff.services.recording import reading

#: How far back an actor's own hours are learned from.
HISTORY: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search came to: questions, over how many looks, and what could not be asked."""

    looks: int
    questions: tuple[Question, ...]
    not_asked: tuple[str, ...]


def search_misuse(*, actor: str, purpose: Purpose, authority: str, period: Period) -> Searched:
    """What to ask about the looks that began in `period`; people stand as random references.

    It shows of whom a member of staff may know something, so it names no subject; the entries say
    whom they concern to those who may read them.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="search_misuse",
    )
    extent = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    with reading(access, extent=extent) as looked:
        seen = looks.between(period.start, period.end)
        own = [look for look in seen if look.request_ref != access.request_ref]
        before = looks.between(period.start - HISTORY, period.start)
        known = known_facts(own, now=datetime.now(UTC))
        found = questions(own, before, known)
        looked.rows = len(found)
        looked.extent["looks"] = len(own)
    return Searched(len(own), found, not_asked(known, own))


def known_facts(seen: Iterable[Look], *, now: datetime) -> Known:
    """What is known beside the log of those whom the looks were aimed at, and of the actors."""
    aimed = {subject for look in seen for subject in look.aimed}
    return Known(
        staff=staff_facts(look.actor_ref for look in seen if look.actor_ref),
        has_reason=has_reason,
        closed_at=case_ends.closed_at(aimed, now=now),
        limited=case_ends.limited_among(aimed, now=now),
    )


def staff_facts(actors: Iterable[UUID]) -> dict[UUID, StaffFacts]:  # noqa: ARG001 (asked for here)
    """Whom staff may have a private interest in: accounts hold no home and no name yet."""
    return {}


def has_reason(actor: UUID, subject: UUID) -> bool | None:  # noqa: ARG001 (asked for here)
    """Whether an actor has to do with a subject: not known until cases are given to accounts."""
    return None
