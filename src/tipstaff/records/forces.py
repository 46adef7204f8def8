"""Forces, as values: those that are shipped, and what was recorded here of them and of others."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from tipstaff.domain.forces import ForceFact
from tipstaff.records.law import shipped_forces
from tipstaff.records.models import Force, ForceVersion


def every() -> dict[str, ForceFact]:
    """Every force by identifier; what was recorded last speaks, then what is shipped."""
    found = {force.identifier: force for force in shipped_forces()}
    for row in ForceVersion.objects.select_related("force").order_by("number"):
        live = {scheme: date.fromisoformat(day) for scheme, day in row.live.items()}
        found[row.force.identifier] = ForceFact(row.force.identifier, row.code, row.name, live)
    return dict(sorted(found.items()))


def ensure(identifier: str) -> None:
    """Make the row of a force that is known, for what refers to it."""
    Force.objects.get_or_create(identifier=identifier)


def record(force: ForceFact, *, at: datetime, by: UUID, reason: str) -> int:
    """Record what is now said of a force, in the caller's transaction; the version's number."""
    owner, _made = Force.objects.get_or_create(identifier=force.identifier)
    Force.objects.select_for_update().get(id=owner.id)
    last: int | None = ForceVersion.objects.filter(force=owner).aggregate(n=Max("number"))["n"]
    row = ForceVersion.objects.create(
        force=owner,
        number=(last or 0) + 1,
        name=force.name,
        code=force.code,
        live={scheme: day.isoformat() for scheme, day in sorted(force.live.items())},
        recorded_at=at,
        recorded_by=by,
        reason=reason,
    )
    return row.number
