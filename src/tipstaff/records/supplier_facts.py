"""What is known of suppliers, as values: the last that was said of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.records.device_facts import lock_suppliers
from tipstaff.records.models import Supplier, SupplierFact


def record(told: Iterable[SupplierDetails], *, at: datetime, by: UUID) -> int:
    """Record what is told of each, unless it was the last that was said; how many were new."""
    listed = list(told)
    lock_suppliers(one.name for one in listed)
    new = 0
    for one in listed:
        owner = Supplier.objects.get(name=one.name)
        last = SupplierFact.objects.filter(supplier=owner).order_by("-number").first()
        if last is not None and _details(one.name, last) == one:
            continue
        SupplierFact.objects.create(
            supplier=owner,
            number=1 if last is None else last.number + 1,
            recorded_at=at if last is None else max(at, last.recorded_at),
            recorded_by=by,
            contact=one.contact,
            formats=list(one.formats),
            active_from=one.active_from,
            active_to=one.active_to,
        )
        new += 1
    return new


def details_of(name: str) -> SupplierDetails | None:
    """A supplier as last described, bare where nobody has; None where there is none of that name.

    Two statements either way: nothing tells from outside whether there is one.
    """
    last = SupplierFact.objects.filter(supplier__name=name).order_by("-number").first()
    known = Supplier.objects.filter(name=name).exists()
    if last is not None:
        return _details(name, last)
    return SupplierDetails(name) if known else None


def every() -> list[SupplierDetails]:
    """Every supplier as last described, by name."""
    last: dict[str, Any] = {}
    rows = SupplierFact.objects.select_related("supplier").order_by("supplier__name", "number")
    for row in rows:
        last[row.supplier.name] = row
    names = Supplier.objects.order_by("name").values_list("name", flat=True)
    return [_details(name, last[name]) if name in last else SupplierDetails(name) for name in names]


def _details(name: str, row: Any) -> SupplierDetails:
    return SupplierDetails(name, row.contact, tuple(row.formats), row.active_from, row.active_to)
