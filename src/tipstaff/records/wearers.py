"""Wearers: references only, and the random references by which the audit knows them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tipstaff.records import subject_keys
from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.models import Wearer


def ensure(references: Iterable[str]) -> dict[str, UUID]:
    """The row key of each wearer, made where there is none.

    The key of what the audit says of them is made with it: were it made at the first look, that
    look would take longer than one at nobody, and tell that there is somebody.
    """
    wanted = sorted(set(references))
    found = keys_of(wanted)
    missing = [reference for reference in wanted if reference not in found]
    if missing:
        Wearer.objects.bulk_create(
            [Wearer(reference=reference) for reference in missing],
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        found = keys_of(wanted)
        subject_keys.ensured(subject_refs(missing))
    return found


def lock(reference: str) -> None:
    """Hold the wearer's row, where there is one, for the caller's transaction.

    Before a supplier's row, where both are needed: two use cases cannot wait for each other then.
    """
    list(Wearer.objects.select_for_update().filter(reference=reference))


def subject_refs(references: Iterable[str]) -> set[UUID]:
    """The audit's references of those wearers that are on record."""
    found: set[UUID] = set()
    for chunk in chunked(sorted(set(references))):
        rows = Wearer.objects.filter(reference__in=chunk)
        found.update(rows.values_list("subject_ref", flat=True))
    return found


def keys_by_ref(refs: Iterable[UUID]) -> dict[UUID, UUID]:
    """The keys of the rows of those that are on record, by the audit's references."""
    found: dict[UUID, UUID] = {}
    for chunk in chunked(sorted(set(refs))):
        found.update(Wearer.objects.filter(subject_ref__in=chunk).values_list("subject_ref", "id"))
    return found


def keys_of(references: list[str]) -> dict[str, UUID]:
    """The keys of the rows of those that are on record, by reference."""
    found: dict[str, UUID] = {}
    for chunk in chunked(references):
        found.update(Wearer.objects.filter(reference__in=chunk).values_list("reference", "id"))
    return found
