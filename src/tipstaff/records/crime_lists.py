"""Lists of crime files and of their crimes, as values. Nothing here is about a wearer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tipstaff.domain.daily_digests import FileCounts
from tipstaff.records.models import Batch, Candidate, CrimeVersion, CrimeWithdrawal, Exclusion


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A crime file that was received. `kind`: "" a first one, R a replacement, A an addition."""

    ref: UUID
    force: str
    batch_id: str
    kind: str
    status: str
    rows: int
    accepted: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CrimeLine:
    """A crime as a batch brought it. `stands`: it is the latest version, and not withdrawn.

    `matched`: whether it was matched; the answer is in the run, for whoever may read that.
    """

    reference: str = field(repr=False)
    version: int
    crime_type: str
    start: datetime
    end: datetime
    located: bool
    stands: bool
    matched: bool


def batches(
    force: str | None, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[BatchLine]:
    """Batches of a force (None: of all), the last received first."""
    rows = Batch.objects.select_related("force")
    if force is not None:
        rows = rows.filter(force__identifier=force)
    if after is not None:
        at, ref = after
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, id__lt=ref))
    return [_batch(row) for row in rows.order_by("-received_at", "-id")[:limit]]


def batch(ref: UUID) -> BatchLine | None:
    """One batch."""
    row = Batch.objects.select_related("force").filter(id=ref).first()
    return None if row is None else _batch(row)


def forces_with_batches(start: datetime, end: datetime) -> list[str]:
    """Forces of which a batch was received in a time, by identifier."""
    rows = Batch.objects.filter(received_at__gte=start, received_at__lt=end)
    return sorted(set(rows.values_list("force__identifier", flat=True)))


def counts(force: str, start: datetime, end: datetime) -> list[FileCounts]:
    """What became of a force's batches that were received in a time, in the order of receipt."""
    version = CrimeVersion.objects.filter(batch=OuterRef("pk")).filter(
        Exists(Candidate.objects.filter(crime_version=OuterRef("pk")))
        | Exists(Exclusion.objects.filter(crime_version=OuterRef("pk")))
    )
    one = version.order_by().values("batch").annotate(n=Count("pk")).values("n")
    rows = Batch.objects.filter(
        force__identifier=force, received_at__gte=start, received_at__lt=end
    ).annotate(matched=Coalesce(Subquery(one), 0))
    return [
        FileCounts(row.batch_id, row.rows, row.accepted, row.matched)
        for row in rows.order_by("received_at", "ordinal")
    ]


def crimes(ref: UUID, *, limit: int) -> list[CrimeLine]:
    """The crimes that a batch brought, by reference."""
    of = OuterRef("pk")
    later = CrimeVersion.objects.filter(crime=OuterRef("crime"), version__gt=OuterRef("version"))
    rows = CrimeVersion.objects.filter(batch=ref).annotate(
        later=Exists(later),
        withdrawn=Exists(CrimeWithdrawal.objects.filter(crime_version=of)),
        matched=Exists(Candidate.objects.filter(crime_version=of))
        | Exists(Exclusion.objects.filter(crime_version=of)),
    )
    return [
        CrimeLine(
            row.crime.reference, row.version, row.crime_type, row.start, row.end,
            row.latitude is not None, not (row.later or row.withdrawn), row.matched,
        )
        for row in rows.select_related("crime").order_by("crime__reference", "version")[:limit]
    ]  # fmt: skip


def _batch(row: Batch) -> BatchLine:
    return BatchLine(
        row.id, row.force.identifier, row.batch_id, row.kind, row.status, row.rows, row.accepted,
        row.received_at,
    )  # fmt: skip
