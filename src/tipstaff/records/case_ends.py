"""Of subjects of the audit: since when none of their orders is in force, and who is limited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tipstaff.domain.orders import OVER
from tipstaff.records.case_versions import limited_of
from tipstaff.records.chunks import chunked
from tipstaff.records.models import OrderStretch, Wearer


def closed_at(subject_refs: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """When the last order of each of those subjects ended that has none in force any more.

    A subject who never had an order, or of whose orders one goes on, is not among them. An order
    that was ended early, with an end still to come, ended when it came to be said so.
    """
    ends: dict[UUID, dict[UUID, datetime | None]] = {}
    for chunk in chunked(sorted(set(subject_refs))):
        rows = OrderStretch.objects.filter(wearer__subject_ref__in=chunk, valid_from__lte=now)
        fields = ("wearer__subject_ref", "subject_id", "status", "valid_from", "ends_at")
        for ref, order, status, since, until in rows.order_by("valid_from").values_list(*fields):
            orders = ends.setdefault(ref, {})
            if status not in OVER or (until is not None and until <= now):
                orders[order] = until
            elif (known := orders.get(order)) is None or known > now:
                orders[order] = since  # a later stretch of the same says nothing new
    found: dict[UUID, datetime] = {}
    for ref, orders in ends.items():
        times = [end for end in orders.values() if end is not None]
        if len(times) == len(orders) and max(times) <= now:
            found[ref] = max(times)
    return found


def limited_among(subject_refs: Iterable[UUID], *, now: datetime) -> frozenset[UUID]:
    """Those of the subjects whose record says limited access, now or at a time to come."""
    found: set[UUID] = set()
    for chunk in chunked(sorted(set(subject_refs))):
        refs = dict(Wearer.objects.filter(subject_ref__in=chunk).values_list("id", "subject_ref"))
        said = limited_of(refs, now=now)
        found |= {refs[row] for row, limited in said.items() if limited}
    return frozenset(found)
