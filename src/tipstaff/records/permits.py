"""Approvals asked for, decided, taken in an emergency, reviewed: as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from tipstaff.domain.access_facts import Area, PermitFacts
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.records.models import Permit, PermitDecision


@dataclass(frozen=True, slots=True)
class PermitAsked:
    """What is asked for: one use case on a name or a circle, a period, why, and until when."""

    use_case: str
    purpose: Purpose
    authority: str
    reason: str
    period: Period
    ends_at: datetime
    name: str | None = field(default=None, repr=False)
    area: Area | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class PermitLine:
    """An approval as it stands. `favourable` is None while nobody has decided."""

    ref: UUID
    asked: PermitAsked
    user: str
    user_ref: UUID
    asked_at: datetime
    favourable: bool | None
    decided_at: datetime | None
    decided_by: UUID | None
    decision_reason: str


def ask(user: UUID, asked: PermitAsked, *, at: datetime) -> UUID:
    """Record what was asked for, or taken in an emergency."""
    area = asked.area
    row = Permit.objects.create(
        user_id=user,
        use_case=asked.use_case,
        purpose=asked.purpose,
        authority=asked.authority,
        reason=asked.reason,
        name=asked.name or "",
        latitude=None if area is None else area.latitude,
        longitude=None if area is None else area.longitude,
        radius_m=None if area is None else area.radius_m,
        period_from=asked.period.start,
        period_to=asked.period.end,
        asked_at=at,
        ends_at=asked.ends_at,
        emergency=asked.emergency,
    )
    return row.id


def decide(permit: UUID, *, favourable: bool, reason: str, at: datetime, by: UUID) -> bool:
    """Record what became of it; False where somebody decided before."""
    try:
        with transaction.atomic():
            PermitDecision.objects.create(
                permit_id=permit, favourable=favourable, reason=reason, decided_at=at, decided_by=by
            )
    except IntegrityError:
        return False
    return True


def in_force(user: UUID, use_case: str, *, now: datetime) -> tuple[PermitFacts, ...]:
    """The approvals of an account for a use case: approved, or taken in an emergency.

    An emergency that was found not justified ends with that finding.
    """
    taken = Q(emergency=True) & ~Q(decision__favourable=False)
    rows = Permit.objects.filter(
        taken | Q(emergency=False, decision__favourable=True),
        user=user, use_case=use_case, ends_at__gt=now, asked_at__lte=now,
    )  # fmt: skip
    return tuple(_facts(row) for row in rows.order_by("asked_at", "id"))


def find(permit: UUID) -> PermitLine | None:
    """One approval."""
    row = _rows().filter(id=permit).first()
    return None if row is None else _line(row)


def waiting(*, emergencies: bool) -> tuple[PermitLine, ...]:
    """What nobody has decided yet, oldest first: emergencies to review, or the others."""
    rows = _rows().filter(decision__isnull=True, emergency=emergencies)
    return tuple(_line(row) for row in rows.order_by("asked_at", "id"))


def _rows() -> Any:
    return Permit.objects.select_related("user", "decision")


def _facts(row: Any) -> PermitFacts:
    return PermitFacts(
        ref=row.id,
        use_case=row.use_case,
        purpose=Purpose(row.purpose),
        period=Period(row.period_from, row.period_to),
        starts_at=row.asked_at,
        ends_at=row.ends_at,
        name=row.name or None,
        area=_area(row),
        emergency=row.emergency,
    )


def _area(row: Any) -> Area | None:
    if row.latitude is None:
        return None
    return Area(row.latitude, row.longitude, row.radius_m)


def _line(row: Any) -> PermitLine:
    decision = getattr(row, "decision", None)
    asked = PermitAsked(
        use_case=row.use_case,
        purpose=Purpose(row.purpose),
        authority=row.authority,
        reason=row.reason,
        period=Period(row.period_from, row.period_to),
        ends_at=row.ends_at,
        name=row.name or None,
        area=_area(row),
        emergency=row.emergency,
    )
    return PermitLine(
        ref=row.id,
        asked=asked,
        user=row.user.username,
        user_ref=row.user_id,
        asked_at=row.asked_at,
        favourable=None if decision is None else decision.favourable,
        decided_at=None if decision is None else decision.decided_at,
        decided_by=None if decision is None else decision.decided_by,
        decision_reason="" if decision is None else decision.reason,
    )
