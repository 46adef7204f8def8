"""How devices near fared while another had no positions: looked at once, and kept as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from tipstaff.records import bulk
from tipstaff.records.models import LastHeard, OthersLooked
from tipstaff.records.wearers import keys_by_ref

_KEY: Final = ("supplier", "device_id", "wearer_id", "at")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of others near a wearer's device; `wearer` is the audit's reference."""

    wearer: UUID
    supplier: str
    device_id: str = field(repr=False)
    at: datetime
    seen: int
    lost: int
    known_at: datetime


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where a device was last, 1e-7 degrees, and when; and when it was last heard."""

    supplier: str
    device_id: str = field(repr=False)
    lat_e7: int = field(repr=False)
    lon_e7: int = field(repr=False)
    placed_at: datetime
    heard_at: datetime


def keep(looked: Iterable[Looked]) -> int:
    """Store what was seen of others; how many. One looked at again takes the place of what was.

    A wearer who is on record no more is passed over.
    """
    listed = list(looked)
    rows_of = keys_by_ref(one.wearer for one in listed)
    rows = [
        {
            "id": uuid4(),
            "wearer_id": rows_of[one.wearer],
            "supplier": one.supplier,
            "device_id": one.device_id,
            "at": one.at,
            "seen": one.seen,
            "lost": one.lost,
            "known_at": one.known_at,
        }
        for one in listed
        if one.wearer in rows_of
    ]
    with transaction.atomic(durable=True):
        return bulk.upsert(OthersLooked, rows, key=_KEY) if rows else 0


def of_device(wearer: UUID, supplier: str, device_id: str, since: datetime) -> list[Looked]:
    """All that was looked at about a wearer's device from an instant on, the oldest first."""
    rows = OthersLooked.objects.filter(
        wearer__subject_ref=wearer, supplier=supplier, device_id=device_id, at__gte=since
    )
    return list(_looked(rows))


def known_since(since: datetime) -> list[Looked]:
    """All that came to be known from an instant on, of everybody, in that order."""
    return list(_looked(OthersLooked.objects.filter(known_at__gte=since)))


def last_places(since: datetime) -> list[LastPlace]:
    """Where every device that was heard since an instant was last, of those that have a place."""
    told = LastHeard.objects.filter(heard_at__gte=since, fix_at__isnull=False).values_list(
        "supplier", "device_id", "lat_e7", "lon_e7", "fix_at", "heard_at"
    )
    return [
        LastPlace(supplier, device_id, lat_e7, lon_e7, placed_at, heard_at)
        for supplier, device_id, lat_e7, lon_e7, placed_at, heard_at in told
        if lat_e7 is not None and lon_e7 is not None and placed_at and heard_at
    ]


def _looked(rows: QuerySet[OthersLooked]) -> Iterator[Looked]:
    told = rows.order_by("known_at", "at").values_list(
        "wearer__subject_ref", "supplier", "device_id", "at", "seen", "lost", "known_at"
    )
    return (Looked(*row) for row in told)
