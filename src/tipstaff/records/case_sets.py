"""What stands on record of many wearers at once, as values: a few statements for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.versions import in_effect
from tipstaff.records.case_versions import stated, value_of
from tipstaff.records.chunks import chunked
from tipstaff.records.models import OrderStretch, Subject, Version


def standing(
    wearers: Iterable[str],
    kinds: Collection[Kind],
    *,
    valid_at: datetime,
    known_at: datetime | None = None,
) -> dict[str, tuple[CaseValue, ...]]:
    """By wearer, what shows of these kinds at `valid_at`, as known at `known_at` (else then)."""
    known = known_at or valid_at
    found: dict[str, list[CaseValue]] = {}
    for chunk in chunked(sorted(set(wearers))):
        rows = Version.objects.filter(
            subject__wearer__reference__in=chunk, subject__kind__in=list(kinds)
        )
        by_subject: dict[UUID, list[Any]] = {}
        for row in rows.select_related("subject__wearer").order_by("subject__reference", "number"):
            by_subject.setdefault(row.subject_id, []).append(row)
        for versions in by_subject.values():
            shown = _showing(versions, valid_at, known)
            if shown is not None:
                value = value_of(shown.subject.kind, shown.content, shown.digest)
                found.setdefault(shown.subject.wearer.reference, []).append(value)
    return {wearer: tuple(values) for wearer, values in found.items()}


def timelines(wearers: Iterable[str]) -> dict[str, dict[str, tuple[StatusStretch, ...]]]:
    """By wearer and order, the stretches of the order's current timeline, in order."""
    found: dict[str, dict[str, list[StatusStretch]]] = {}
    for chunk in chunked(sorted(set(wearers))):
        rows = OrderStretch.objects.filter(wearer__reference__in=chunk).order_by("valid_from")
        columns = (
            "wearer__reference", "reference", "valid_from", "valid_to", "status", "basis",
            "starts_at", "ends_at", "restores",
        )  # fmt: skip
        for wearer, name, start, end, status, basis, begins, ends, back in rows.values_list(
            *columns
        ):
            stretch = StatusStretch(
                start, end, OrderStatus(status), LegalBasis(basis), begins, ends, back
            )
            found.setdefault(wearer, {}).setdefault(name, []).append(stretch)
    return {w: {name: tuple(s) for name, s in each.items()} for w, each in found.items()}


def any_order() -> bool:
    """Whether any order is on record at all."""
    return Subject.objects.filter(kind=Kind.ORDER).exists()


def _showing(rows: list[Any], valid_at: datetime, known_at: datetime) -> Any:
    by_number = {row.number: row for row in rows}
    shown = in_effect((stated(row) for row in rows), valid_at=valid_at, known_at=known_at)
    return None if shown is None else by_number[shown.number]
