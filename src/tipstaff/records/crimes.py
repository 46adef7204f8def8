"""Crimes, their versions and the batches that brought them, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Max, Min, OuterRef, Q, Subquery

from tipstaff.domain.batches import BatchKind
from tipstaff.domain.crimes import Crime
from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.models import Batch, CrimeVersion, CrimeWithdrawal, Force
from tipstaff.records.models import Crime as CrimeRow

CrimeKey = tuple[str, str, int]
EVERY_BATCH: Final = "all"


@dataclass(frozen=True, slots=True)
class BatchFact:
    """A crime file as received.

    `series` is the batch id without its -R or -A: what a replacement replaces. `kind` is "" for a
    first batch, "R" for a replacement, "A" for an addition. `digest` is that of the file's bytes,
    `mode` how they were read; empty where that was not recorded.
    """

    force: str
    batch_id: str
    series: str
    kind: str
    digest: str
    status: str
    rows: int
    accepted: int
    received_at: datetime
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A crime's latest version, the series that brought it and as what, whether withdrawn since.

    `ordinal` is that of the batch that last changed it or withdrew it.
    """

    crime: Crime
    series: str
    kind: BatchKind
    withdrawn: bool
    ordinal: int


def lock_force(identifier: str) -> None:
    """Take the force for this transaction, making it where it is new: its batches come in turn."""
    force, _made = Force.objects.get_or_create(identifier=identifier)
    Force.objects.select_for_update().get(id=force.id)


def taken_in(force: str, digest: str, mode: str) -> bool:
    """Whether these bytes, read in this way, are on record as a batch of the force."""
    return Batch.objects.filter(force__identifier=force, digest=digest, mode=mode).exists()


def first_reading(force: str, digest: str) -> int | None:
    """The ordinal of the batch as which these bytes were first taken in, however they were read."""
    rows = Batch.objects.filter(force__identifier=force, digest=digest)
    first: int | None = rows.aggregate(first=Min("ordinal"))["first"]
    return first


def series_beginning(force: str, start: str) -> frozenset[str]:
    """The series on record of the force whose name begins so."""
    rows = Batch.objects.filter(force__identifier=force, series__startswith=start)
    return frozenset(rows.values_list("series", flat=True))


def replaced(force: str, series: str, *, after: int = 0) -> bool:
    """Whether a replacement of the series is on record that came after the batch `after`."""
    return Batch.objects.filter(
        force__identifier=force, series=series, kind=BatchKind.REPLACEMENT, ordinal__gt=after
    ).exists()


def digests_of(batch_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The id and the digest of each file received as one of these batches, in order."""
    found: set[tuple[str, str]] = set()
    for chunk in chunked(sorted(set(batch_ids))):
        rows = Batch.objects.filter(batch_id__in=chunk).values_list("batch_id", "digest")
        found.update(rows)
    return sorted(found)


def standing(force: str, series: str, references: Iterable[str]) -> dict[str, Standing]:
    """What is on record of the named crimes, and of all whose latest version `series` brought."""
    found: dict[str, Standing] = {}
    for row in _latest(force).filter(batch__series=series):
        found[row.crime.reference] = _standing(row)
    for chunk in chunked(sorted(set(references) - found.keys())):
        for row in _latest(force).filter(crime__reference__in=chunk):
            found[row.crime.reference] = _standing(row)
    return found


def add_batch(fact: BatchFact) -> UUID:
    """Record a batch; the force is locked by the caller."""
    force = Force.objects.get(identifier=fact.force)
    last = Batch.objects.filter(force=force).aggregate(last=Max("ordinal"))["last"]
    row = Batch.objects.create(
        force=force,
        batch_id=fact.batch_id,
        series=fact.series,
        kind=fact.kind,
        digest=fact.digest,
        mode=fact.mode,
        status=fact.status,
        rows=fact.rows,
        accepted=fact.accepted,
        received_at=fact.received_at,
        ordinal=(last or 0) + 1,
    )
    return row.id


def add_versions(force: str, batch: UUID, versions: Iterable[Crime], at: datetime) -> int:
    """Record versions of crimes as the batch gave them; how many."""
    rows = list(versions)
    owners = _ensure_crimes(force, {crime.reference for crime in rows})
    made = CrimeVersion.objects.bulk_create(
        [
            CrimeVersion(
                crime_id=owners[crime.reference],
                version=crime.version,
                batch_id=batch,
                crime_type=crime.crime_type,
                start=crime.start,
                end=crime.end,
                latitude=crime.latitude,
                longitude=crime.longitude,
                rounding_m=crime.rounding_m,
                easting=crime.easting,
                northing=crime.northing,
                text=crime.text,
                recorded_at=at,
            )
            for crime in rows
        ],
        batch_size=CHUNK,
    )
    return len(made)


def withdraw(batch: UUID, keys: Iterable[CrimeKey], at: datetime) -> int:
    """Record that the batch left these versions out; how many."""
    rows = version_keys(keys)
    made = CrimeWithdrawal.objects.bulk_create(
        [
            CrimeWithdrawal(crime_version_id=rows[key], batch_id=batch, recorded_at=at)
            for key in sorted(rows)
        ],
        batch_size=CHUNK,
    )
    return len(made)


def current(batch: str = EVERY_BATCH) -> list[Crime]:
    """Crimes as they now stand, withdrawn ones left out, in the order of their keys.

    `batch` is a batch id with or without its -R or -A: the crimes whose latest version it brought.
    """
    rows = _latest(None).filter(withdrawal__isnull=True)
    if batch != EVERY_BATCH:
        rows = rows.filter(Q(batch__batch_id=batch) | Q(batch__series=batch))
    return sorted((_crime(row) for row in rows), key=lambda crime: crime.key)


def version_keys(keys: Iterable[CrimeKey]) -> dict[CrimeKey, UUID]:
    """The row key of each version that is on record."""
    wanted = set(keys)
    found: dict[CrimeKey, UUID] = {}
    for force in sorted({force for force, _reference, _version in wanted}):
        names = sorted({reference for owner, reference, _version in wanted if owner == force})
        for chunk in chunked(names):
            rows = CrimeVersion.objects.filter(
                crime__force__identifier=force, crime__reference__in=chunk
            ).values_list("crime__reference", "version", "id")
            found.update({(force, name, version): row for name, version, row in rows})
    return {key: row for key, row in found.items() if key in wanted}


def _latest(force: str | None) -> Any:
    newest = CrimeVersion.objects.filter(crime=OuterRef("crime")).order_by("-version")
    rows = CrimeVersion.objects.filter(version=Subquery(newest.values("version")[:1]))
    if force is not None:
        rows = rows.filter(crime__force__identifier=force)
    return rows.annotate(force=F("crime__force__identifier")).select_related(
        "crime", "batch", "withdrawal__batch"
    )


def _standing(row: Any) -> Standing:
    withdrawal = getattr(row, "withdrawal", None)
    last = row.batch if withdrawal is None else withdrawal.batch
    return Standing(
        crime=_crime(row),
        series=row.batch.series,
        kind=BatchKind(row.batch.kind),
        withdrawn=withdrawal is not None,
        ordinal=last.ordinal,
    )


def _crime(row: Any) -> Crime:
    return Crime(
        force=row.force,
        reference=row.crime.reference,
        version=row.version,
        crime_type=row.crime_type,
        start=row.start,
        end=row.end,
        latitude=row.latitude,
        longitude=row.longitude,
        rounding_m=row.rounding_m,
        batch=row.batch.batch_id,
        text=row.text,
        easting=row.easting,
        northing=row.northing,
    )


def _ensure_crimes(force: str, references: set[str]) -> dict[str, UUID]:
    owner = Force.objects.get(identifier=force)
    known = _crime_rows(owner, references)
    missing = sorted(references - known.keys())
    made = CrimeRow.objects.bulk_create(
        [CrimeRow(force=owner, reference=reference) for reference in missing], batch_size=CHUNK
    )
    return known | {row.reference: row.id for row in made}


def _crime_rows(owner: Force, references: set[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for chunk in chunked(sorted(references)):
        rows = CrimeRow.objects.filter(force=owner, reference__in=chunk)
        found.update(rows.values_list("reference", "id"))
    return found
