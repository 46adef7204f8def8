"""What was last heard of devices that are worn: kept by the worker, read by health and maps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Case, Count, DateTimeField, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tipstaff.records import bulk
from tipstaff.records.models import LastHeard
from tipstaff.records.reach import ListReach, of_those_reached, with_limits
from tipstaff.records.wearers import keys_by_ref

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
class Battery:
    """How full a battery was said to be, in per cent, and when that came in."""

    at: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What was last heard of a wearer's device. `wearer` is the audit's reference.

    `at` is None where it was not heard since `worn_since`.
    """

    wearer: UUID
    supplier: str
    device_id: str = field(repr=False)
    at: datetime | None
    fix: LastFix | None
    expected: timedelta
    worn_since: datetime | None = None
    battery: Battery | None = None


@dataclass(frozen=True, slots=True)
class FleetCount:
    """Of one supplier's devices that are worn: how many, and how long they have been still.

    `on_time` within what their plan says, `late` within three times that, `silent` longer, also of
    those `unheard` since they are worn; `placeless`: no position within three times that. `newest`:
    the last of any, None where none was heard.
    """

    supplier: str
    worn: int
    on_time: int
    late: int
    silent: int
    placeless: int
    newest: datetime | None
    unheard: int = 0


@dataclass(frozen=True, slots=True)
class DeviceHeard:
    """A device that is worn, and when it was heard; nothing of who wears it."""

    supplier: str
    device_id: str
    heard_at: datetime | None
    fix_at: datetime | None
    expected: timedelta
    worn_since: datetime | None = None
    battery: Battery | None = None

    def is_silent(self, now: datetime) -> bool:
        """Whether it is not merely late: also where nobody knows since when it is still."""
        since = self.heard_at or self.worn_since
        return since is None or now - since > LATE * self.expected


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
    rows_of = keys_by_ref(one.wearer for one in told.values())
    rows = [_row(rows_of[o.wearer], o) for o in told.values() if o.wearer in rows_of]
    with transaction.atomic(durable=True):
        return bulk.upsert(LastHeard, rows, key=_KEY) if rows else 0


def kept() -> list[Heard]:
    """All that is kept, of everybody."""
    rows = LastHeard.objects.select_related("wearer").order_by("id")
    return [
        Heard(
            row.wearer.subject_ref, row.supplier, row.device_id, row.heard_at, _fix(row),
            timedelta(seconds=row.expected_s), row.worn_since,
            _battery(row.battery_pct, row.battery_at),
        )
        for row in rows
    ]  # fmt: skip


def forget(devices: Collection[tuple[UUID, str, str]]) -> None:
    """Drop what was heard of devices that those wearers (the audit's references) wear no more."""
    for wearer, supplier, device_id in devices:
        LastHeard.objects.filter(
            wearer__subject_ref=wearer, supplier=supplier, device_id=device_id
        ).delete()


def fleets(now: datetime, supplier: str | None = None) -> list[FleetCount]:
    """Each supplier's devices that are worn, counted by how long they have been still.

    Two statements; the database counts, so that a nation's devices are not read for six numbers.
    """
    rows = _by_plan(_of(supplier), now)
    on_time = Q(since__gte=F("late_before"))
    silent = Q(since__isnull=True) | Q(since__lt=F("silent_before"))
    placeless = Q(fix_at__isnull=True) | Q(fix_at__lt=F("silent_before"))
    counted = (
        rows.order_by("supplier")
        .values("supplier")
        .annotate(
            worn=Count("id"),
            on_time=Count("id", filter=on_time),
            silent=Count("id", filter=silent),
            placeless=Count("id", filter=placeless),
            newest=Max("heard_at"),
            unheard=Count("id", filter=Q(heard_at__isnull=True)),
        )
    )
    return [FleetCount(late=c["worn"] - c["on_time"] - c["silent"], **c) for c in counted]


def not_on_time(now: datetime, supplier: str | None = None, *, limit: int) -> list[DeviceHeard]:
    """Devices that are worn and late or silent, those unheard since first, the longest still."""
    late = Q(since__isnull=True) | Q(since__lt=F("late_before"))
    rows = _by_plan(_of(supplier), now).filter(late)
    told = rows.order_by(F("heard_at").asc(nulls_first=True), "supplier", "device_id").values_list(
        "supplier", "device_id", "heard_at", "fix_at", "expected_s", "worn_since", "battery_pct",
        "battery_at",
    )  # fmt: skip
    return [
        DeviceHeard(
            row[0], row[1], row[2], row[3], timedelta(seconds=row[4]), row[5],
            _battery(row[6], row[7]),
        )
        for row in told[:limit]
    ]  # fmt: skip


def places(reach: ListReach, *, now: datetime, limit: int) -> list[PlaceLine]:
    """Where each wearer within reach whose device was heard was last, by reference."""
    heard = LastHeard.objects.filter(heard_at__isnull=False)
    rows = of_those_reached(with_limits(heard), reach, now=now)
    told = rows.order_by("wearer__reference", "device_id").values_list(
        "wearer__reference", "wearer__subject_ref", "supplier", "heard_at", "expected_s",
        "limited_access", "fix_at", "lat_e7", "lon_e7", "precision_cm", "mechanism",
    )  # fmt: skip
    return [
        PlaceLine(
            row[0], row[1], row[2], row[3], _last_fix(*row[6:]), timedelta(seconds=row[4]), row[5]
        )
        for row in told[:limit]
    ]


def _of(supplier: str | None) -> QuerySet[LastHeard]:
    rows = LastHeard.objects.all()
    return rows if supplier is None else rows.filter(supplier=supplier)


def _by_plan(rows: QuerySet[LastHeard], now: datetime) -> Any:
    """Rows with `since` when they are still, and before when that is late or silent by their plan.

    Devices have few plans. The instants are worked out here: databases reckon them differently.
    """
    plans = rows.order_by().values_list("expected_s", flat=True).distinct()
    each = [(plan, timedelta(seconds=plan)) for plan in sorted(plans)]
    return rows.alias(
        since=Coalesce("heard_at", "worn_since"),
        late_before=_instants({plan: now - expected for plan, expected in each}),
        silent_before=_instants({plan: now - LATE * expected for plan, expected in each}),
    )


def _instants(of_plans: dict[int, datetime]) -> Case:
    known = [When(expected_s=plan, then=Value(at)) for plan, at in of_plans.items()]
    return Case(*known, output_field=DateTimeField())


def _row(wearer: UUID, one: Heard) -> dict[str, Any]:
    fix, battery = one.fix, one.battery
    return {
        "id": uuid4(),
        "wearer_id": wearer,
        "supplier": one.supplier,
        "device_id": one.device_id,
        "worn_since": one.worn_since,
        "heard_at": one.at,
        "battery_pct": battery and battery.percent,
        "battery_at": battery and battery.at,
        "fix_at": fix and fix.at,
        "lat_e7": fix and fix.lat_e7,
        "lon_e7": fix and fix.lon_e7,
        "precision_cm": fix and fix.precision_cm,
        "mechanism": fix and fix.mechanism,
        "expected_s": round(one.expected.total_seconds()),
    }


def _fix(row: LastHeard) -> LastFix | None:
    return _last_fix(row.fix_at, row.lat_e7, row.lon_e7, row.precision_cm, row.mechanism)


def _last_fix(
    at: datetime | None,
    lat_e7: int | None,
    lon_e7: int | None,
    precision_cm: int | None,
    mechanism: int | None,
) -> LastFix | None:
    if at is None or lat_e7 is None or lon_e7 is None:
        return None
    return LastFix(at, lat_e7, lon_e7, precision_cm, mechanism or 0)


def _battery(percent: int | None, at: datetime | None) -> Battery | None:
    return None if percent is None or at is None else Battery(at, percent)
