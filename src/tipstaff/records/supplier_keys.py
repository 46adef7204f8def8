"""Suppliers' keys on record, as values; what opens nothing is all that is kept of a secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.supplier_keys import KeyScope, Network, SupplierKey, read_network
from tipstaff.records.models import Supplier
from tipstaff.records.models import SupplierKey as Row


def add(key: SupplierKey, *, by: UUID) -> None:
    """Record a new key of a supplier that is on record."""
    Row.objects.create(
        key_id=key.key_id,
        supplier=Supplier.objects.get(name=key.supplier),
        label=key.label,
        digest=key.digest,
        scopes=sorted(key.scopes),
        networks=[str(network) for network in key.networks],
        burst=key.rate.burst,
        every_us=key.rate.every_us,
        issued_at=key.issued_at,
        issued_by=by,
        expires_at=key.expires_at,
    )


def find(key_id: str) -> SupplierKey | None:
    """The key of that id; None where there is none. One statement either way."""
    row = Row.objects.filter(key_id=key_id).select_related("supplier").first()
    return None if row is None else _key(row)


def find_held(key_id: str) -> SupplierKey | None:
    """The same, its row held for the caller's transaction."""
    rows = Row.objects.select_for_update(of=("self",)).filter(key_id=key_id)
    row = rows.select_related("supplier").first()
    return None if row is None else _key(row)


def every(supplier: str | None = None) -> list[SupplierKey]:
    """All keys, or those of one supplier, by supplier and time of issue."""
    rows = Row.objects.select_related("supplier")
    if supplier is not None:
        rows = rows.filter(supplier__name=supplier)
    return [_key(row) for row in rows.order_by("supplier__name", "issued_at", "key_id")]


def end_at(key_id: str, expires_at: datetime) -> None:
    """Let a key work no longer than until then; an end that is nearer already stays."""
    Row.objects.filter(key_id=key_id, expires_at__gt=expires_at).update(expires_at=expires_at)


def revoke(key_id: str, at: datetime) -> bool:
    """Revoke a key from `at` on; False where it was before, or is not there."""
    return bool(Row.objects.filter(key_id=key_id, revoked_at__isnull=True).update(revoked_at=at))


def used_on(key_id: str, day: date) -> None:
    """Note that a key was used on that day; once a day something is written."""
    older = Q(last_used_on__isnull=True) | Q(last_used_on__lt=day)
    Row.objects.filter(older, key_id=key_id).update(last_used_on=day)


def _key(row: Any) -> SupplierKey:
    networks: tuple[Network, ...] = tuple(
        network for text in row.networks if (network := read_network(text)) is not None
    )
    return SupplierKey(
        key_id=row.key_id,
        supplier=row.supplier.name,
        label=row.label,
        scopes=frozenset(KeyScope(scope) for scope in row.scopes),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        rate=Rate(row.burst, row.every_us),
        networks=networks,
        revoked_at=row.revoked_at,
        last_used_on=row.last_used_on,
        digest=row.digest,
    )
