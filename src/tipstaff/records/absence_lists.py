"""The list of absences to decide: made from their versions, in the same transaction.

`case_lists.renew` calls here. An absence has a row as long as the last that was told of it is
neither a decision nor a cancellation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.conditions import kind_of
from tipstaff.domain.legal_bases import ConditionKind
from tipstaff.domain.orders import Order
from tipstaff.records import bulk
from tipstaff.records.models import Version, WaitingAbsence
from tipstaff.records.reach import ListReach, count_up_to, of_those_reached

MOST_LINES: Final = 1000
#: Where a page goes on: when the last line before it was asked, its reference and its subject.
After = tuple[datetime, str, UUID]
#: Reads the value of a stored version.
ValueOf = Callable[[Any], CaseValue]
#: Of which kind a condition is, by its wearer, its order and its own reference.
Kinds = dict[tuple[UUID, str, str], ConditionKind]


@dataclass(frozen=True, slots=True, repr=False)
class WaitingLine:
    """An absence that waits. `wearer` is the reference, `kind` that of the condition."""

    subject: UUID
    subject_ref: UUID
    wearer: str
    reference: str
    order: str
    condition: str
    kind: ConditionKind | None
    starts_at: datetime
    ends_at: datetime
    reason: str
    asked_by: str
    asked_at: datetime


def waiting(
    reach: ListReach, *, now: datetime, after: After | None = None, limit: int = 50
) -> tuple[WaitingLine, ...]:
    """A page of absences to decide, the longest asked first. One statement, by an index."""
    rows = _waiting(reach, now)
    if after is not None:
        at, reference, subject = after
        later = Q(reference__gt=reference) | Q(reference=reference, subject__gt=subject)
        rows = rows.filter(Q(asked_at__gt=at) | (Q(asked_at=at) & later), asked_at__gte=at)
    listed = rows.select_related("wearer")
    return tuple(_line(row) for row in listed[: min(limit, MOST_LINES)])


def count(reach: ListReach, *, now: datetime, most: int) -> int:
    """How many absences that list has, up to `most`."""
    return count_up_to(_waiting(reach, now), most)


def _waiting(reach: ListReach, now: datetime) -> Any:
    rows = WaitingAbsence.objects.order_by("asked_at", "reference", "subject")
    return of_those_reached(rows, reach, now=now)


def renew(by_subject: Iterable[list[Any]], limits: Mapping[UUID, bool], value: ValueOf) -> None:
    """Make the rows of these subjects anew; each is given by all its versions.

    `limits`: whether the wearer's record says limited access; where there is none, it counts so.
    """
    told = [rows for rows in by_subject if rows[0].subject.kind == Kind.ABSENCE]
    if not told:
        return
    WaitingAbsence.objects.filter(subject__in=[rows[0].subject_id for rows in told]).delete()
    last = [(rows[-1].subject, value(rows[-1])) for rows in told]
    left = [(subject, one) for subject, one in last if isinstance(one, Absence) and _waits(one)]
    kinds = _kinds(sorted({subject.wearer_id for subject, _one in left}), value)
    bulk.insert(WaitingAbsence, _rows(left, kinds, limits))


def renew_limit(owners: list[UUID], *, limited: bool) -> None:
    """The rows of these wearers show the limit as their record now says it."""
    rows = WaitingAbsence.objects.filter(wearer__in=owners).exclude(limited_access=limited)
    rows.update(limited_access=limited)


def _waits(absence: Absence) -> bool:
    return absence.decision is None and absence.cancelled_at is None


def _kinds(owners: list[UUID], value: ValueOf) -> Kinds:
    """The conditions of these wearers' orders, as was told last of each order."""
    if not owners:
        return {}
    rows = Version.objects.filter(subject__wearer__in=owners, subject__kind=Kind.ORDER)
    last = {row.subject_id: row for row in rows.select_related("subject").order_by("number")}
    told = ((row.subject.wearer_id, value(row)) for row in last.values())
    return {
        (owner, order.reference, one.reference): kind_of(one)
        for owner, order in told
        if isinstance(order, Order)
        for one in order.conditions
    }


def _rows(
    left: Iterable[tuple[Any, Absence]], kinds: Kinds, limits: Mapping[UUID, bool]
) -> Iterator[dict[str, Any]]:
    for subject, one in left:
        owner = subject.wearer_id
        yield {
            "subject_id": subject.id,
            "wearer_id": owner,
            "kind": kinds.get((owner, one.order, one.condition), ""),
            "limited_access": limits.get(owner, True),
            "reference": one.reference,
            "order": one.order,
            "condition": one.condition,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "reason": one.reason,
            "asked_by": one.asked_by,
            "asked_at": one.asked_at,
        }


def _line(row: Any) -> WaitingLine:
    return WaitingLine(
        subject=row.subject_id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        reference=row.reference,
        order=row.order,
        condition=row.condition,
        kind=ConditionKind(row.kind) if row.kind else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
    )
