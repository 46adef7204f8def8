"""One random key for each subject of the audit. Destroying it closes what was said of them.

A destroyed key leaves a row that says so, and is never made again: the database refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.entry_cipher import new_key
from tipstaff.records.models import SubjectKey


def ensured(subject_refs: Iterable[UUID]) -> dict[UUID, bytes | None]:
    """The key of each subject, made where there was never one; None where it was destroyed.

    In the transaction of the caller: an entry and the key it is under are committed together.
    """
    wanted = sorted(set(subject_refs))
    found = held(wanted)
    missing = [ref for ref in wanted if ref not in found]
    if missing:
        SubjectKey.objects.bulk_create(
            [SubjectKey(subject_ref=ref, key=new_key()) for ref in missing],
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        found = held(wanted)
    return found


def held(subject_refs: Iterable[UUID]) -> dict[UUID, bytes | None]:
    """The keys that were ever made of those subjects; None where one was destroyed."""
    found: dict[UUID, bytes | None] = {}
    for chunk in chunked(sorted(set(subject_refs))):
        rows = SubjectKey.objects.filter(subject_ref__in=chunk).values_list("subject_ref", "key")
        found.update((ref, None if key is None else bytes(key)) for ref, key in rows)
    return found


def destroy(subject_refs: Iterable[UUID]) -> int:
    """Destroy those subjects' keys, in the transaction of the caller; how many there were.

    A subject without a key gets a row too, so that none is ever made. The bytes may stand in free
    pages and logs of the database until those are overwritten: see to that as well.
    """
    wanted = sorted(set(subject_refs))
    destroyed = 0
    for chunk in chunked(wanted):
        rows = SubjectKey.objects.filter(subject_ref__in=chunk, key__isnull=False)
        destroyed += rows.update(key=None)
    SubjectKey.objects.bulk_create(
        [SubjectKey(subject_ref=ref, key=None) for ref in wanted],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    return destroyed
