"""Legal holds, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tipstaff.records.chunks import chunked
from tipstaff.records.models import Hold, HoldRelease


@dataclass(frozen=True, slots=True, repr=False)
class HoldFact:
    """A hold on all that is kept of a wearer (a row), and by whom and why it was released, if so.

    `reference` is the wearer's.
    """

    hold_id: UUID
    wearer: UUID
    subject_ref: UUID
    reference: str
    start: datetime
    end: datetime | None
    authority: str
    reason: str
    placed_by: UUID
    placed_at: datetime
    released_at: datetime | None = None
    released_by: UUID | None = None
    release_reason: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Placed:
    """What is said when a hold is placed."""

    wearer: UUID
    start: datetime
    end: datetime | None
    authority: str
    reason: str


def place(placed: Placed, *, by: UUID, at: datetime) -> UUID:
    """Record a hold; its id."""
    row = Hold.objects.create(
        wearer_id=placed.wearer,
        start=placed.start,
        end=placed.end,
        authority=placed.authority,
        reason=placed.reason,
        placed_by=by,
        placed_at=at,
    )
    return row.id


def find(hold_id: UUID) -> HoldFact | None:
    """A hold; None where there is none of that id. One statement either way."""
    row = Hold.objects.select_related("wearer", "release").filter(id=hold_id).first()
    if row is None:
        return None
    return _fact(row)


def every() -> list[HoldFact]:
    """All holds, those not released first, then the last placed."""
    rows = (
        Hold.objects.select_related("release")
        .prefetch_related("wearer")
        .order_by("-placed_at", "id")
    )
    return sorted(map(_fact, rows), key=lambda one: one.released_at is not None)


def in_force(now: datetime) -> QuerySet[Hold]:
    """Holds in force. One that is to begin later holds already: else nothing might be left."""
    return Hold.objects.filter(Q(end__isnull=True) | Q(end__gt=now), release__isnull=True)


def held_fast(wearers: Iterable[str], now: datetime) -> set[str]:
    """Those of these wearers (references) of whom nothing is let go now."""
    found = set[str]()
    for chunk in chunked(sorted(set(wearers))):
        rows = in_force(now).filter(wearer__reference__in=chunk)
        found.update(rows.values_list("wearer__reference", flat=True))
    return found


def _fact(row: Hold) -> HoldFact:
    release = getattr(row, "release", None)
    return HoldFact(
        row.id,
        row.wearer_id,
        row.wearer.subject_ref,
        row.wearer.reference,
        row.start,
        row.end,
        row.authority,
        row.reason,
        row.placed_by,
        row.placed_at,
        None if release is None else release.released_at,
        None if release is None else release.released_by,
        "" if release is None else release.reason,
    )


def release(hold_id: UUID, *, authority: str, reason: str, by: UUID, at: datetime) -> None:
    """Record that a hold is lifted."""
    HoldRelease.objects.create(
        hold_id=hold_id, authority=authority, reason=reason, released_by=by, released_at=at
    )
