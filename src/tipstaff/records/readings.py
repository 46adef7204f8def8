"""Reviewers' readings of trails, as values."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tipstaff.domain.readings import Reading, TrailReading
from tipstaff.records.alert_pages import names_of
from tipstaff.records.models import Candidate, ReviewerReading


def candidate(run_id: UUID, told: TrailReading) -> tuple[UUID, UUID] | None:
    """The keys of the crime version and of the wearer, if the run has that candidate."""
    rows = Candidate.objects.filter(
        run=run_id,
        crime_version__crime__force__identifier=told.force,
        crime_version__crime__reference=told.reference,
        crime_version__version=told.version,
        wearer__reference=told.wearer,
    )
    found: tuple[UUID, UUID] | None = rows.values_list("crime_version_id", "wearer_id").first()
    return found


def unread(candidates: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Those of some candidates whose trail nobody has read, for their crime in their run."""
    of_it = {name: OuterRef(name) for name in ("run", "crime_version", "wearer")}
    return candidates.filter(~Exists(ReviewerReading.objects.filter(**of_it)))


def is_read(run_id: UUID, keys: tuple[UUID, UUID], by: UUID) -> bool:
    """Whether that reviewer read it before."""
    rows = ReviewerReading.objects.filter(run=run_id, crime_version=keys[0], wearer=keys[1], by=by)
    return rows.exists()


def add(run_id: UUID, keys: tuple[UUID, UUID], told: TrailReading, by: UUID) -> UUID:
    """Record a reading."""
    row = ReviewerReading.objects.create(
        run_id=run_id, crime_version_id=keys[0], wearer_id=keys[1], by=by, at=told.at,
        reading=told.reading, words=told.words,
    )  # fmt: skip
    return row.id


def of_run(run_id: UUID) -> list[tuple[UUID, TrailReading]]:
    """Every reading of a run with the account that made it, in the order of time."""
    rows = ReviewerReading.objects.filter(run=run_id).select_related(
        "crime_version__crime__force", "wearer"
    )
    found = list(rows.order_by("at", "id"))
    names = names_of(str(row.by) for row in found)
    return [
        (
            row.by,
            TrailReading(
                row.crime_version.crime.force.identifier,
                row.crime_version.crime.reference,
                row.crime_version.version,
                row.wearer.reference,
                Reading(row.reading),
                row.words,
                names.get(str(row.by), ""),
                row.at,
            ),
        )
        for row in found
    ]
