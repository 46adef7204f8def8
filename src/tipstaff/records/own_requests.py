"""What wearers asked for on their own page: read from the contact log and from absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.own_requests import Asked
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
    first = list(_rows(since).filter(subject__own=True, number=1))
    last, spoken = _after(since, {row.subject.wearer_id for row in first})
    lines = [_line(row, last[row.subject_id], spoken) for row in first]
    return sorted(lines, key=lambda one: (one.asked.answered, -one.asked.at.timestamp()))


def _rows(since: datetime) -> Any:
    kinds = [Kind.CONTACT, Kind.ABSENCE]
    rows = Version.objects.filter(subject__kind__in=kinds, recorded_at__gte=since)
    return rows.select_related("subject__wearer").order_by("recorded_at", "id")


def _after(
    since: datetime, wearers: set[UUID]
) -> tuple[dict[UUID, CaseValue], dict[UUID, datetime]]:
    """What each thing asked for says now; when a contact with each wearer was last recorded."""
    last: dict[UUID, CaseValue] = {}
    spoken: dict[UUID, datetime] = {}
    for chunk in chunked(sorted(wearers)):
        for row in _rows(since).filter(subject__wearer__in=chunk):
            value = value_of(row.subject.kind, row.content, row.digest)
            if row.subject.own:
                last[row.subject_id] = value
            elif isinstance(value, Contact) and value.party is Party.WEARER:
                spoken[row.subject.wearer_id] = row.recorded_at
    return last, spoken


def _line(row: Any, value: CaseValue, spoken: dict[UUID, datetime]) -> AskedLine:
    wearer, reference, at = row.subject.wearer, row.subject.reference, row.recorded_at
    if isinstance(value, Absence):
        answered = value.decision is not None or value.cancelled_at is not None
        away = (value.starts_at, value.ends_at)
        asked = Asked(wearer.reference, reference, at, value.reason, away, answered)
        return AskedLine(wearer.subject_ref, asked)
    note = value.note if isinstance(value, Contact) else ""
    met = spoken.get(wearer.id)
    asked = Asked(wearer.reference, reference, at, note, answered=met is not None and met > at)
    return AskedLine(wearer.subject_ref, asked)
