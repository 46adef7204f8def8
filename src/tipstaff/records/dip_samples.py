"""Dip samples: drawn once a month, examined once an item, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tipstaff.records.models import AuditEntry, DipExamination, DipItem, DipSample


@dataclass(frozen=True, slots=True)
class Seed:
    """The chained entry that a draw is seeded by."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class SampleFact:
    """A month's sample of a unit, and by which rule and seed it was drawn from how many looks."""

    sample: UUID
    month: str
    unit: str
    looks: int
    rule: str
    seed: Seed
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, by whom and when; the note is in the audit entry of `request_ref`."""

    outcome: str
    examined_by: UUID
    examined_at: datetime
    request_ref: UUID


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A look that was drawn; `examination` is None while it waits."""

    item: UUID
    sample: UUID
    place: int
    request_ref: UUID
    examination: Examination | None


def seed_after(end: datetime) -> Seed | None:
    """The first entry in the chain that is not of before `end`; None where none is chained yet."""
    rows = AuditEntry.objects.filter(sequence__isnull=False, at__gte=end).order_by("sequence")
    row = rows.values_list("sequence", "hash").first()
    return None if row is None else Seed(int(row[0] or 0), str(row[1]))


def keep(fact: SampleFact, by: UUID, request_refs: Sequence[UUID]) -> None:
    """Record a sample with what was drawn, in the transaction of the caller."""
    row = DipSample.objects.create(
        id=fact.sample,
        month=fact.month,
        unit=fact.unit,
        looks=fact.looks,
        rule=fact.rule,
        entry_sequence=fact.seed.sequence,
        entry_hash=fact.seed.hash,
        drawn_at=fact.drawn_at,
        drawn_by=by,
    )
    DipItem.objects.bulk_create(
        [DipItem(sample=row, place=n, request_ref=ref) for n, ref in enumerate(request_refs, 1)],
        batch_size=500,
    )


def of_month(month: str) -> list[SampleFact]:
    """The samples of a month, by unit."""
    return [_sample(row) for row in DipSample.objects.filter(month=month).order_by("unit")]


def items_of(month: str) -> list[ItemFact]:
    """What was drawn of a month, by unit and place."""
    rows = DipItem.objects.filter(sample__month=month).select_related("examination")
    return [_item(row) for row in rows.order_by("sample__unit", "place")]


def item(item_id: UUID) -> ItemFact | None:
    """One drawn look."""
    row = DipItem.objects.filter(id=item_id).select_related("examination").first()
    return None if row is None else _item(row)


def examine(item_id: UUID, found: Examination) -> None:
    """Record what was found, in the transaction of the caller."""
    DipExamination.objects.create(
        item_id=item_id,
        outcome=found.outcome,
        examined_by=found.examined_by,
        examined_at=found.examined_at,
        request_ref=found.request_ref,
    )


def _sample(row: DipSample) -> SampleFact:
    seed = Seed(row.entry_sequence, row.entry_hash)
    return SampleFact(row.id, row.month, row.unit, row.looks, row.rule, seed, row.drawn_at)


def _item(row: DipItem) -> ItemFact:
    said = getattr(row, "examination", None)
    examination = (
        None
        if said is None
        else Examination(said.outcome, said.examined_by, said.examined_at, said.request_ref)
    )
    return ItemFact(row.id, row.sample_id, row.place, row.request_ref, examination)
