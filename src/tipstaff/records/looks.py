"""Looks, put together from the entries of the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from tipstaff.domain.looks import Look
from tipstaff.domain.purposes import Operation, Phase
from tipstaff.records import audit
from tipstaff.records.chain import Entry
from tipstaff.records.chunks import chunked
from tipstaff.records.models import AuditEntry

#: A change has no `requested` entry: it is aimed at those it concerns, if they are so few.
_FEW: Final = 3


def between(start: datetime, end: datetime) -> list[Look]:
    """Looks that began in [start, end), in the order of their times, then of their requests."""
    rows = AuditEntry.objects.filter(at__gte=start, at__lt=end)
    refs = rows.order_by().values_list("request_ref", flat=True).distinct()
    return [look for look in _in_order(of_requests(refs)) if start <= look.at < end]


def seen_between(start: datetime, end: datetime, *, chained_before: int) -> list[Look]:
    """Looks at persons whose first entry that names anybody is of [start, end), in order.

    Only what is chained before that sequence counts: what comes to be known of them later changes
    nothing, so the same looks are found whenever it is asked. A look that was asked for in one
    month and answered in the next belongs to the next, if the asking named nobody.
    """
    rows = AuditEntry.objects.filter(at__gte=start, at__lt=end, sequence__lt=chained_before)
    refs = rows.order_by().values_list("request_ref", flat=True).distinct()
    found: list[Look] = []
    for entries in _requests(refs, chained_before):
        naming = next((entry for entry in entries if entry.subject_refs), None)
        if naming is not None and start <= naming.at < end:
            found.append(look_of(entries))
    return [look for look in _in_order(found) if look.at_persons]


def of_requests(request_refs: Iterable[UUID]) -> Iterator[Look]:
    """The looks of those requests that the audit knows, in no order."""
    return (look_of(entries) for entries in _requests(request_refs))


def _requests(request_refs: Iterable[UUID], before: int | None = None) -> Iterator[list[Entry]]:
    """The entries of each request, oldest first; `before`: those chained before that sequence."""
    for chunk in chunked(sorted(set(request_refs))):
        by_request: dict[UUID, list[Entry]] = {}
        for entry in audit.of_requests(chunk):
            if before is None or (entry.sequence is not None and entry.sequence < before):
                by_request.setdefault(entry.request_ref, []).append(entry)
        yield from by_request.values()


def of_subject(subject_ref: UUID) -> list[Look]:
    """Every look that concerned a subject, in the order of their times.

    It reads the whole log: there is no index of subjects, of whom one entry may name thousands.
    """
    named = AuditEntry.objects.annotate(text=Cast("subject_refs", TextField()))
    rows = named.filter(text__contains=str(subject_ref))
    refs = rows.order_by().values_list("request_ref", flat=True).distinct()
    return [look for look in _in_order(of_requests(refs)) if subject_ref in look.subjects]


def look_of(entries: Sequence[Entry]) -> Look:
    """The look that the entries of one request tell of; they are in the order of their times."""
    first = entries[0]
    asked = next((entry for entry in entries if entry.phase == Phase.REQUESTED), None)
    answered = [entry for entry in entries if entry.phase == Phase.SERVED]
    subjects = frozenset(UUID(ref) for entry in entries for ref in entry.subject_refs)
    few = subjects if len(subjects) <= _FEW else frozenset()
    refused = first.operation == Operation.REFUSAL
    return Look(
        request_ref=first.request_ref,
        entries=tuple(entry.entry_id for entry in entries),
        at=first.at,
        actor_ref=first.actor_ref,
        role=first.role,
        operation=first.operation,
        use_case=first.use_case,
        purpose=first.purpose,
        subjects=subjects,
        aimed=few if asked is None else frozenset(UUID(ref) for ref in asked.subject_refs),
        served=bool(answered),
        refused=str(first.extent.get("code", "")) if refused else "",
        rows=sum(entry.rows or 0 for entry in answered),
        broke_glass=any(entry.extent.get("break_glass") is True for entry in entries),
        begin=_instant(first.extent.get("from")),
        end=_instant(first.extent.get("to")),
    )


def _in_order(found: Iterable[Look]) -> list[Look]:
    return sorted(found, key=lambda look: (look.at, look.request_ref))


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None
