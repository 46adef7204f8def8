"""Who holds which case, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.roles import Relation
from tipstaff.records import bulk, wearers
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Assignment


@dataclass(frozen=True, slots=True)
class Held:
    """A case in the hands of an account (`user`, its name) or of a team (its name)."""

    ref: UUID
    wearer: str = field(repr=False)
    user: str | None
    team: str | None
    relation: Relation
    starts_at: datetime
    ends_at: datetime | None
    recorded_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None


@dataclass(frozen=True, slots=True)
class Holder:
    """To whom a case is given: an account or a team, by reference."""

    user: UUID | None = None
    team: UUID | None = None


def assign(
    references: list[str],
    holder: Holder,
    relation: Relation,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    at: datetime,
    by: UUID,
    reason: str = "",
) -> int:
    """Give cases to a person or a team, in the caller's transaction; how many."""
    rows = wearers.ensure(references)
    return bulk.insert(
        Assignment,
        (
            {
                "wearer_id": rows[reference],
                "user_id": holder.user,
                "team_id": holder.team,
                "relation": relation,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "recorded_at": at,
                "recorded_by": by,
                "reason": reason,
                "ended_at": None,
                "ended_by": None,
            }
            for reference in references
        ),
    )


def end(assignment: UUID, *, at: datetime, by: UUID, reason: str) -> bool:
    """End an assignment; whether it had not ended."""
    rows = Assignment.objects.filter(id=assignment, ended_at__isnull=True)
    return rows.update(ended_at=at, ended_by=by, end_reason=reason) == 1


def find(assignment: UUID) -> Held | None:
    """One assignment."""
    row = _rows().filter(id=assignment).first()
    return None if row is None else _held(row)


def of_wearer(reference: str) -> tuple[Held, ...]:
    """Every assignment of a case, ended ones too, in the order of recording."""
    rows = _rows().filter(wearer__reference=reference)
    return tuple(_held(row) for row in rows.order_by("recorded_at", "id"))


def ever_held(
    teams: Mapping[UUID, frozenset[UUID]], subjects: Iterable[UUID]
) -> frozenset[tuple[UUID, UUID]]:
    """Who ever held the case of which of these subjects of the audit, by account and subject.

    `teams`: of each account, the teams that it was ever in, whose cases are its own too.
    """
    found: set[tuple[UUID, UUID]] = set()
    for chunk in chunked(sorted(set(subjects))):
        rows = Assignment.objects.filter(wearer__subject_ref__in=chunk)
        for user, team, subject in rows.values_list("user", "team", "wearer__subject_ref"):
            found |= {(one, subject) for one, its in teams.items() if user == one or team in its}
    return frozenset(found)


def _rows() -> Any:
    return Assignment.objects.select_related("wearer", "user", "team")


def _held(row: Any) -> Held:
    return Held(
        ref=row.id,
        wearer=row.wearer.reference,
        user=None if row.user is None else row.user.username,
        team=None if row.team is None else row.team.name,
        relation=Relation(row.relation),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        recorded_by=row.recorded_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
