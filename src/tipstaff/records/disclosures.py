"""What was disclosed to forces, as values; and everything that runs said of one crime."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipstaff.records import runs
from tipstaff.records.models import Candidate, Crime, Disclosure, Exclusion, Run

_ANSWERS: Final = ((Candidate, ("rank", "expected_chance_matches")), (Exclusion, ("outcome",)))


@dataclass(frozen=True, slots=True)
class DisclosureFact:
    """A disclosure, and until when what was disclosed is held."""

    disclosure_id: UUID
    crime: UUID
    force: str
    authority: str
    disclosed_at: datetime
    disclosed_by: UUID
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What one run said of a crime: its manifest as it was written, and every answer."""

    run_id: UUID
    manifest: str
    answers: tuple[dict[str, Any], ...]


def crime_of(force: str, reference: str) -> UUID | None:
    """A crime by the force's reference; None where there is none."""
    rows = Crime.objects.filter(force__identifier=force, reference=reference)
    return rows.values_list("id", flat=True).first()


def said_of(crime: UUID) -> list[Said]:
    """Everything that every run said of any version of a crime, runs in the order of their end."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for model, own in _ANSWERS:
        columns = (*runs.SHARED_COLUMNS, *own)
        rows = model.objects.filter(crime_version__crime=crime).order_by("run", "wearer__reference")
        for row in rows.select_related("wearer", "crime_version").iterator(chunk_size=2000):
            answer = {name: getattr(row, name) for name in columns}
            answer |= {
                "outcome": getattr(row, "outcome", "candidate"),
                "crime_version": row.crime_version.version,
                "wearer_id": row.wearer.reference,
                "subject_ref": str(row.wearer.subject_ref),
            }
            found.setdefault(row.run_id, []).append(answer)
    ended = Run.objects.filter(id__in=found).order_by("finished_at", "id")
    return [Said(run.id, run.manifest, tuple(found[run.id])) for run in ended]


def add(fact: DisclosureFact) -> None:
    """Record a disclosure."""
    Disclosure.objects.create(
        id=fact.disclosure_id,
        crime_id=fact.crime,
        force=fact.force,
        authority=fact.authority,
        disclosed_at=fact.disclosed_at,
        disclosed_by=fact.disclosed_by,
        until=fact.until,
    )


def find(disclosure_id: UUID) -> DisclosureFact | None:
    """A disclosure; None where there is none of that id, or its time has ended."""
    row = Disclosure.objects.filter(id=disclosure_id).first()
    return None if row is None else _fact(row)


def all_known() -> list[DisclosureFact]:
    """Every disclosure that is held, by the end of its clock."""
    return [_fact(row) for row in Disclosure.objects.order_by("until", "id")]


def drop(disclosure_id: UUID) -> None:
    """Forget a disclosure whose clock has run out."""
    Disclosure.objects.filter(id=disclosure_id).delete()


def new_id() -> UUID:
    """An id for a disclosure, under which its files are written first."""
    return uuid4()


def _fact(row: Any) -> DisclosureFact:
    return DisclosureFact(
        row.id,
        row.crime_id,
        row.force,
        row.authority,
        row.disclosed_at,
        row.disclosed_by,
        row.until,
    )
