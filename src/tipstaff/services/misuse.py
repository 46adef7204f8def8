"""Search the audit for what a supervisor should ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse import not_asked, questions
from tipstaff.domain.misuse_facts import Known, Question
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import accounts, assignments, case_ends, looks
from tipstaff.services.access import admit
from tipstaff.services.recording import reading

#: How far back an actor's own hours are learned from.
HISTORY: Final = timedelta(days=90)
#: Roles that have to do with their own cases alone.
OWN_CASES_ALONE: Final = frozenset(
    {
        Role.OFFENDER_MANAGER,
        Role.PROBATION_PRACTITIONER,
        Role.PRISON_OFFENDER_MANAGER,
        Role.PARTNER_AGENCY,
        Role.VICTIM_LIAISON,
    }
)


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
        has_reason=reasons({look.actor_ref for look in seen if look.actor_ref}, aimed),
        closed_at=case_ends.closed_at(aimed, now=now),
        limited=case_ends.limited_among(aimed, now=now),
    )


def reasons(staff: set[UUID], aimed: set[UUID]) -> Callable[[UUID, UUID], bool | None]:
    """Whether a member of staff has to do with a subject: held the case, or a team of theirs did.

    Not known (None) of whoever works on others than their own cases, and has no post.
    """
    posts = accounts.posts_of_all(staff)
    teams = {
        one: frozenset(post.team for post in posts.get(one, ()) if post.team is not None)
        for one in staff
    }
    held = assignments.ever_held(teams, aimed)
    own = {one for one in posts if all(post.role in OWN_CASES_ALONE for post in posts[one])}

    def has_reason(actor: UUID, subject: UUID) -> bool | None:
        if (actor, subject) in held:
            return True
        return False if actor in own else None

    return has_reason
