"""Pauses of kinds of alert as values; only their end before their time is ever added."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.pauses import LONGEST, Pause
from tipstaff.records.models import Alert, AlertPause
from tipstaff.records.reach import ListReach, of_those_reached, with_limits


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A pause on record, by whom and for whom, and how it ended before its time."""

    ref: UUID
    pause: Pause
    by: UUID
    ended_at: datetime | None
    end_reason: str = field(repr=False)
    wearer: str = field(default="", repr=False)
    subject_ref: UUID | None = None


def ask(pause: Pause, wearer: UUID | None, *, at: datetime, by: UUID) -> UUID:
    """Record a pause; `wearer` is the key of the wearer's row."""
    row = AlertPause.objects.create(
        wearer_id=wearer,
        kinds=sorted(pause.kinds),
        start=pause.start,
        end=pause.end,
        reason=pause.reason,
        recorded_at=at,
        recorded_by=by,
    )
    return row.id


def covering(wearers: Collection[UUID], *, since: datetime) -> list[Pause]:
    """Pauses of these wearers, by their row's key, or of all, that reach back to `since`.

    A pause shorter than planned ends when it was ended.
    """
    about = Q(wearer__isnull=True) | Q(wearer__in=list(wearers))
    rows = AlertPause.objects.filter(about, end__gt=since - LONGEST).select_related("wearer")
    return [pause_of(row) for row in rows.order_by("start", "id")]


def pause_of(row: Any) -> Pause:
    """The value of a row, with the end that it came to."""
    end = row.end if row.ended_at is None else max(row.start, min(row.end, row.ended_at))
    kinds = frozenset(FindingKind(kind) for kind in row.kinds)
    wearer = "" if row.wearer is None else str(row.wearer.subject_ref)
    return Pause(kinds, row.start, end, row.reason, wearer)


def find(pause: UUID) -> PauseLine | None:
    """A pause; None where there is none."""
    row = AlertPause.objects.filter(id=pause).select_related("wearer").first()
    return None if row is None else _line(row)


def end(pause: UUID, *, at: datetime, by: UUID, reason: str) -> bool:
    """Note that a pause ends now; False where it has ended before."""
    rows = AlertPause.objects.filter(id=pause, ended_at__isnull=True, end__gt=at)
    return bool(rows.update(ended_at=at, ended_by=by, end_reason=reason))


def look_again(pause: Pause, wearer: UUID | None, *, now: datetime) -> None:
    """Have the clock look at every alert that a pause may have kept from being told."""
    rows = Alert.objects.filter(needs_a_person=True, kind__in=sorted(pause.kinds))
    if wearer is not None:
        rows = rows.filter(wearer=wearer)
    rows.update(next_notice_at=now)


def standing(reach: ListReach, *, now: datetime, limit: int) -> list[PauseLine]:
    """Pauses that hold now or are to come: of all, and of the wearers whom the actor reaches."""
    rows = AlertPause.objects.filter(end__gt=now, ended_at__isnull=True)
    of_all = rows.filter(wearer__isnull=True).select_related("wearer").order_by("end", "id")
    reached = of_those_reached(with_limits(rows.filter(wearer__isnull=False)), reach, now=now)
    about = reached.prefetch_related("wearer").order_by("end", "id")
    lines = [_line(row) for row in (*of_all[:limit], *about[:limit])]
    return sorted(lines, key=lambda line: (line.pause.end, line.ref))[:limit]


def _line(row: Any) -> PauseLine:
    whom = row.wearer
    return PauseLine(
        row.id, pause_of(row), row.recorded_by, row.ended_at, row.end_reason,
        "" if whom is None else whom.reference, None if whom is None else whom.subject_ref,
    )  # fmt: skip
