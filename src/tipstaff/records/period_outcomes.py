"""What periods came to, in bulk; told anew when late data or a correction change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db.models import Q

from tipstaff.domain.findings import FindingKind, Outcome, PeriodOutcome
from tipstaff.records import bulk
from tipstaff.records.chunks import chunked
from tipstaff.records.models import PeriodCame

#: The outcomes of each wearer, by the key of their row.
Outcomes = Mapping[UUID, Sequence[PeriodOutcome]]
_KEY: Final = ("wearer_id", "kind", "condition", "start")


def outcomes_of(
    wearers: Collection[UUID], *, since: datetime | None = None
) -> dict[UUID, list[PeriodOutcome]]:
    """What stands of these wearers, by their row's key, of periods told at `since` or later."""
    out: dict[UUID, list[PeriodOutcome]] = {}
    for chunk in chunked(sorted(wearers)):
        rows = PeriodCame.objects.filter(
            Q() if since is None else Q(at__gte=since), wearer__in=chunk, withdrawn_at__isnull=True
        )
        for row in rows.order_by("at", "kind", "condition", "start"):
            out.setdefault(row.wearer_id, []).append(_value(row))
    return out


def store(outcomes: Outcomes, withdrawn: Outcomes, *, now: datetime) -> int:
    """Store what changed: told anew, or of no period any more; how many rows."""
    rows = [_row(who, one, now, None) for who, told in outcomes.items() for one in told]
    rows += [_row(who, one, now, now) for who, told in withdrawn.items() for one in told]
    return bulk.upsert(PeriodCame, rows, key=_KEY) if rows else 0


def _row(
    wearer: UUID, one: PeriodOutcome, now: datetime, withdrawn: datetime | None
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "wearer_id": wearer,
        "kind": one.kind,
        "condition": one.condition,
        "start": one.start,
        "at": one.at,
        "outcome": one.outcome,
        "absent_s": one.absent_s,
        "unknown_s": one.unknown_s,
        "first_there": one.first_there,
        "last_there": one.last_there,
        "known_at": now,
        "withdrawn_at": withdrawn,
    }


def _value(row: Any) -> PeriodOutcome:
    return PeriodOutcome(
        row.at, FindingKind(row.kind), row.condition, row.start, Outcome(row.outcome),
        row.absent_s, row.unknown_s, row.first_there, row.last_there,
    )  # fmt: skip
