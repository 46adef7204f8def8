"""Teams, as values: people who share cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tipstaff.records.models import Force, Team


@dataclass(frozen=True, slots=True)
class TeamFact:
    """A team in a force, or in another organisation; `ended_at` once it was closed."""

    ref: UUID
    name: str
    force: str | None
    organisation: str
    recorded_at: datetime
    ended_at: datetime | None


def add(name: str, force: str | None, organisation: str, *, at: datetime, by: UUID) -> UUID | None:
    """Make a team; None where the name is taken. The force must be on record."""
    if Team.objects.filter(name=name).exists():
        return None
    owner = None if force is None else Force.objects.get(identifier=force)
    row = Team.objects.create(
        name=name, force=owner, organisation=organisation, recorded_at=at, recorded_by=by
    )
    return row.id


def find(name: str) -> TeamFact | None:
    """The team of that name."""
    row = Team.objects.filter(name=name).select_related("force").first()
    return None if row is None else _fact(row)


def close(team: UUID, *, at: datetime, by: UUID, reason: str) -> bool:
    """Close a team, which holds no case from then on; whether it was open."""
    rows = Team.objects.filter(id=team, ended_at__isnull=True)
    return rows.update(ended_at=at, ended_by=by, end_reason=reason) == 1


def every() -> list[TeamFact]:
    """Teams by name, closed ones too."""
    return [_fact(row) for row in Team.objects.select_related("force").order_by("name")]


def _fact(row: Team) -> TeamFact:
    force = None if row.force is None else row.force.identifier
    return TeamFact(row.id, row.name, force, row.organisation, row.recorded_at, row.ended_at)
