"""Imported position files, and imports that did not come to their end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tipstaff.records.chunks import chunked
from tipstaff.records.models import PositionIntent, PositionSource, Supplier


@dataclass(frozen=True, slots=True)
class SourceFact:
    """An imported file: SHA-256 of its bytes and of how they were read.

    `quarantined` is None where the import was cut short and its record caught up later.
    """

    digest: str
    reading: str
    supplier: str
    fixes: int
    quarantined: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """An import that began; `request_ref` is that of its audit entry."""

    digest: str
    reading: str
    supplier: str
    request_ref: UUID


def find(digest: str, reading: str) -> SourceFact | None:
    """The source, if it was recorded."""
    rows = PositionSource.objects.filter(digest=digest, reading=reading).select_related("supplier")
    row = rows.first()
    if row is None:
        return None
    return SourceFact(
        row.digest, row.reading, row.supplier.name, row.fixes, row.quarantined, row.recorded_at
    )


def quarantined_rows(digests: Iterable[str]) -> int | None:
    """Rows quarantined of these files, however often they were read; None where one is unknown."""
    counts: list[int | None] = []
    for chunk in chunked(sorted(set(digests))):
        rows = PositionSource.objects.filter(digest__in=chunk)
        counts += rows.values_list("quarantined", flat=True)
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def spread(most: int) -> list[tuple[str, str]]:
    """The digest and the reading of at most so many sources, first and last among them.

    They are spread evenly over the sources in the order in which they were recorded.
    """
    rows = PositionSource.objects.order_by("recorded_at", "digest", "reading")
    found = list(rows.values_list("digest", "reading"))
    if len(found) <= most:
        return found
    return [found[i * (len(found) - 1) // (most - 1)] for i in range(most)]


def begin(intent: Intent) -> None:
    """Note that an import begins."""
    PositionIntent.objects.update_or_create(
        digest=intent.digest,
        reading=intent.reading,
        defaults={"supplier": intent.supplier, "request_ref": intent.request_ref},
    )


def finish(fact: SourceFact) -> bool:
    """Record that the file is in the archive; its intent ends with the same commit.

    False where another process recorded it before: one that caught up with this import.
    """
    PositionIntent.objects.filter(digest=fact.digest, reading=fact.reading).delete()
    owner, _made = Supplier.objects.get_or_create(name=fact.supplier)
    _row, made = PositionSource.objects.get_or_create(
        digest=fact.digest,
        reading=fact.reading,
        defaults={
            "supplier": owner,
            "fixes": fact.fixes,
            "quarantined": fact.quarantined,
            "recorded_at": fact.recorded_at,
        },
    )
    return made


def abandon(digest: str, reading: str) -> None:
    """Forget an import that stored nothing."""
    PositionIntent.objects.filter(digest=digest, reading=reading).delete()


def unfinished() -> list[Intent]:
    """Every import that began and has no end on record."""
    rows = PositionIntent.objects.order_by("digest", "reading")
    return [Intent(r.digest, r.reading, r.supplier, r.request_ref) for r in rows]
