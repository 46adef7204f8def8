"""What wearers asked for on their own page: read from the contact log and from absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.own_requests import OWN_PREFIX, Asked
from tipstaff.domain.plan_work import Contact, Party
from tipstaff.records.case_versions import value_of
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Version


@dataclass(frozen=True, slots=True, repr=False)
class AskedLine:
    """Something asked, and the audit's reference of the wearer."""

    subject_ref: UUID
    asked: Asked


def asked_since(since: datetime) -> list[AskedLine]:
    """All that was asked since then: what waits first, then the newest first."""
    rows = _rows(since).filter(subject__reference__startswith=OWN_PREFIX, number=1)
    first = list(rows)
    last = _last_of([row.subject_id for row in first])
    spoken = _spoken(since, {row.subject.wearer_id for row in first})
    lines = [_line(row, last[row.subject_id], spoken) for row in first]
    return sorted(lines, key=lambda one: (one.asked.answered, -one.asked.at.timestamp()))


def _rows(since: datetime) -> Any:
    kinds = [Kind.CONTACT, Kind.ABSENCE]
    rows = Version.objects.filter(subject__kind__in=kinds, recorded_at__gte=since)
    return rows.select_related("subject__wearer").order_by("recorded_at", "id")


def _last_of(subjects: list[UUID]) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for chunk in chunked(subjects):
        rows = Version.objects.filter(subject__in=chunk).select_related("subject")
        found |= {row.subject_id: row for row in rows.order_by("number")}
    return found


def _spoken(since: datetime, wearers: set[UUID]) -> dict[UUID, datetime]:
    """When staff last recorded a contact with each of some wearers themselves."""
    found: dict[UUID, datetime] = {}
    for chunk in chunked(sorted(wearers)):
        rows = _rows(since).filter(subject__kind=Kind.CONTACT, subject__wearer__in=chunk)
        for row in rows.exclude(subject__reference__startswith=OWN_PREFIX):
            value = value_of(row.subject.kind, row.content, row.digest)
            if isinstance(value, Contact) and value.party is Party.WEARER:
                found[row.subject.wearer_id] = row.recorded_at
    return found


def _line(row: Any, last: Any, spoken: dict[UUID, datetime]) -> AskedLine:
    wearer = row.subject.wearer
    value = value_of(row.subject.kind, last.content, last.digest)
    if isinstance(value, Absence):
        answered = value.decision is not None or value.cancelled_at is not None
        asked = Asked(
            wearer.reference, value.reference, row.recorded_at, value.reason,
            away=(value.starts_at, value.ends_at), answered=answered,
        )  # fmt: skip
    else:
        note = value.note if isinstance(value, Contact) else ""
        at = spoken.get(wearer.id)
        answered = at is not None and at > row.recorded_at
        reference = row.subject.reference
        asked = Asked(wearer.reference, reference, row.recorded_at, note, answered=answered)
    return AskedLine(wearer.subject_ref, asked)
