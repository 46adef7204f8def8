"""What was last heard of devices that are worn: kept by the worker, read by health and maps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from tipstaff.records import bulk
from tipstaff.records.chunks import chunked
from tipstaff.records.models import LastHeard, Wearer
from tipstaff.records.reach import ListReach, of_those_reached, with_limits

#: Still for so many times what its plan says, a device is not late but silent.
LATE: Final = 3
_KEY: Final = ("wearer_id", "supplier", "device_id")


@dataclass(frozen=True, slots=True)
class LastFix:
    """Where a device was last: degrees e7, centimetres (None: not said), a mechanism's code."""

    at: datetime
    lat_e7: int = field(repr=False)
    lon_e7: int = field(repr=False)
    precision_cm: int | None
    mechanism: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What was last heard of a wearer's device. `wearer` is the audit's reference."""

    wearer: UUID
    supplier: str
    device_id: str = field(repr=False)
    at: datetime
    fix: LastFix | None
    expected: timedelta


@dataclass(frozen=True, slots=True)
class FleetCount:
    """Of one supplier's devices that are worn: how many, and how long they have been still.

    `on_time` within what their plan says, `late` within three times that, `silent` longer;
    `placeless`: heard of, and no position within three times that. `newest`: the last of any.
    """

    supplier: str
    worn: int
    on_time: int
    late: int
    silent: int
    placeless: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class DeviceHeard:
    """A device that is worn, and when it was heard; nothing of who wears it."""

    supplier: str
    device_id: str
    heard_at: datetime
    fix_at: datetime | None
    expected: timedelta

    def is_silent(self, now: datetime) -> bool:
        """Whether it is not merely late."""
        return now - self.heard_at > LATE * self.expected


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where a wearer was last, for a map."""

    wearer: str = field(repr=False)
    subject_ref: UUID
    supplier: str
    heard_at: datetime
    fix: LastFix | None
    expected: timedelta
    limited_access: bool


def keep(heard: Iterable[Heard]) -> int:
    """Store what was heard, each in the place of what was before; how many."""
    told = {(one.wearer, one.supplier, one.device_id): one for one in heard}
    rows_of = dict[UUID, UUID]()
    for chunk in chunked(sorted({one.wearer for one in told.values()})):
        found = Wearer.objects.filter(subject_ref__in=chunk).values_list("subject_ref", "id")
        rows_of.update(found)
    rows = [_row(rows_of[o.wearer], o) for o in told.values() if o.wearer in rows_of]
    with transaction.atomic(durable=True):
        return bulk.upsert(LastHeard, rows, key=_KEY) if rows else 0


def fixes_kept() -> dict[tuple[str, str], LastFix]:
    """The newest fix that is kept of each device, by supplier and device."""
    found: dict[tuple[str, str], LastFix] = {}
    for row in LastHeard.objects.filter(fix_at__isnull=False).order_by("fix_at"):
        fix = _fix(row)
        if fix is not None:
            found[row.supplier, row.device_id] = fix
    return found


def forget(devices: Collection[tuple[UUID, str, str]]) -> None:
    """Drop what was heard of devices that those wearers (the audit's references) wear no more."""
    for wearer, supplier, device_id in devices:
        LastHeard.objects.filter(
            wearer__subject_ref=wearer, supplier=supplier, device_id=device_id
        ).delete()


def fleets(now: datetime) -> list[FleetCount]:
    """Each supplier's devices that are worn, counted by how long they have been still."""
    counted: dict[str, list[DeviceHeard]] = {}
    for one in devices_heard():
        counted.setdefault(one.supplier, []).append(one)
    return [_fleet(supplier, counted[supplier], now) for supplier in sorted(counted)]


def devices_heard(supplier: str | None = None) -> list[DeviceHeard]:
    """Every device that is worn, the longest unheard first."""
    rows = LastHeard.objects.all() if supplier is None else _of(supplier)
    told = rows.order_by("heard_at", "supplier", "device_id").values_list(
        "supplier", "device_id", "heard_at", "fix_at", "expected_s"
    )
    return [DeviceHeard(*row[:4], timedelta(seconds=row[4])) for row in told]


def places(reach: ListReach, *, now: datetime, limit: int) -> list[PlaceLine]:
    """Where each wearer within reach was last, by reference."""
    rows = of_those_reached(with_limits(LastHeard.objects.all()), reach, now=now)
    rows = rows.select_related("wearer").order_by("wearer__reference", "device_id")
    return [
        PlaceLine(
            row.wearer.reference, row.wearer.subject_ref, row.supplier, row.heard_at, _fix(row),
            timedelta(seconds=row.expected_s), row.limited_access,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def _of(supplier: str) -> QuerySet[LastHeard]:
    return LastHeard.objects.filter(supplier=supplier)


def _row(wearer: UUID, one: Heard) -> dict[str, Any]:
    fix = one.fix
    return {
        "id": uuid4(),
        "wearer_id": wearer,
        "supplier": one.supplier,
        "device_id": one.device_id,
        "heard_at": one.at,
        "fix_at": fix and fix.at,
        "lat_e7": fix and fix.lat_e7,
        "lon_e7": fix and fix.lon_e7,
        "precision_cm": fix and fix.precision_cm,
        "mechanism": fix and fix.mechanism,
        "expected_s": round(one.expected.total_seconds()),
    }


def _fix(row: LastHeard) -> LastFix | None:
    if row.fix_at is None or row.lat_e7 is None or row.lon_e7 is None:
        return None
    return LastFix(row.fix_at, row.lat_e7, row.lon_e7, row.precision_cm, row.mechanism or 0)


def _fleet(supplier: str, devices: list[DeviceHeard], now: datetime) -> FleetCount:
    still = [(now - one.heard_at) / one.expected for one in devices]
    placeless = sum(
        one.fix_at is None or (now - one.fix_at) / one.expected > LATE for one in devices
    )
    return FleetCount(
        supplier,
        len(devices),
        on_time=sum(share <= 1 for share in still),
        late=sum(1 < share <= LATE for share in still),
        silent=sum(share > LATE for share in still),
        placeless=placeless,
        newest=max(one.heard_at for one in devices),
    )
