"""Where home units and victims' devices are, as values; they give their positions to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.periods import Period
from tipstaff.records.beliefs import as_known
from tipstaff.records.chunks import chunked
from tipstaff.records.devices import keys_of
from tipstaff.records.models import Holding as Row
from tipstaff.records.models import Wearer


@dataclass(frozen=True, slots=True, repr=False)
class Holding:
    """A device at an address of a wearer, or with a victim whom an order of the wearer protects.

    From `start` up to, not including, `end`, which is `STILL_ACTIVE` where there is none yet.
    """

    holding_ref: UUID
    supplier: str
    device_id: str
    wearer: str
    order: str
    start: datetime
    address: str = ""
    victim: str = ""
    end: datetime = STILL_ACTIVE


def record(holding: Holding, *, reason: str, at: datetime, by: UUID) -> None:
    """Record a holding, or a correction of one, which supersedes it.

    The caller holds the supplier's row. The database refuses what overlaps.
    """
    believed = Row.objects.filter(holding_ref=holding.holding_ref, superseded_at__isnull=True)
    latest = _of_device(holding.supplier, holding.device_id, Q()).order_by("-recorded_at")
    at = max([at, *latest.values_list("recorded_at", flat=True)[:1]])
    believed.update(superseded_at=at)
    Row.objects.create(
        holding_ref=holding.holding_ref,
        device_id=keys_of(holding.supplier, [holding.device_id])[holding.device_id],
        wearer=Wearer.objects.get(reference=holding.wearer),
        order=holding.order,
        address=holding.address,
        victim=holding.victim,
        start=holding.start,
        end=holding.end,
        reason=reason,
        recorded_at=at,
        recorded_by=by,
    )


def held_at(
    supplier: str, device_id: str, at: datetime, *, known_at: datetime | None = None
) -> Holding | None:
    """Where a device was at `at`, as is known now or was known at `known_at`; None: not known."""
    rows = _of_device(supplier, device_id, as_known(known_at)).filter(start__lte=at, end__gt=at)
    return _first(rows)


def homes_of(wearer: str, at: datetime, *, known_at: datetime | None = None) -> tuple[Holding, ...]:
    """The home units that stood in homes of a wearer at `at`; no device of a victim's."""
    rows = Row.objects.filter(
        as_known(known_at), wearer__reference=wearer, victim="", start__lte=at, end__gt=at
    )
    rows = rows.select_related("device__supplier", "wearer").order_by("address", "holding_ref")
    return tuple(_holding(row) for row in rows)


def last_before(supplier: str, device_id: str, at: datetime) -> Holding | None:
    """The holding of a device that began last before `at`, as is believed now."""
    rows = _of_device(supplier, device_id, as_known(None)).filter(start__lt=at)
    return _first(rows.order_by("-start"))


def overlaps(supplier: str, device_id: str, start: datetime, end: datetime) -> bool:
    """Whether the device is held by anybody at some time from `start` to `end`."""
    rows = _of_device(supplier, device_id, as_known(None))
    return bool(rows.filter(start__lt=end, end__gt=start).exists())


def of_devices(supplier: str, device_ids: Iterable[str]) -> tuple[Holding, ...]:
    """Every holding of these devices, as is believed now, by device and time."""
    found: list[Holding] = []
    for chunk in chunked(sorted(set(device_ids))):
        rows = Row.objects.filter(
            as_known(None), device__supplier__name=supplier, device__device_id__in=chunk
        ).select_related("device__supplier", "wearer")
        found += [_holding(row) for row in rows.order_by("device__device_id", "start")]
    return tuple(found)


def any_of(device_keys: Iterable[int]) -> set[int]:
    """Those of these devices that are or were held by anybody, as is believed now."""
    found: set[int] = set()
    for chunk in chunked(sorted(set(device_keys))):
        rows = Row.objects.filter(as_known(None), device__device_key__in=chunk)
        found.update(rows.values_list("device__device_key", flat=True).distinct())
    return found


def subjects_of(device_keys: Iterable[int], period: Period) -> set[UUID]:
    """The references of the wearers whose homes or orders these devices belonged to in `period`."""
    found: set[UUID] = set()
    for chunk in chunked(sorted(set(device_keys))):
        rows = Row.objects.filter(
            as_known(None),
            device__device_key__in=chunk,
            start__lt=period.end,
            end__gt=period.start,
        )
        found.update(rows.values_list("wearer__subject_ref", flat=True))
    return found


def new_ref() -> UUID:
    """A reference for a new holding."""
    return uuid4()


def _of_device(supplier: str, device_id: str, which: Q) -> Any:
    return Row.objects.filter(
        which, device__supplier__name=supplier, device__device_id=device_id
    ).select_related("device__supplier", "wearer")


def _first(rows: Any) -> Holding | None:
    row = rows.first()
    return None if row is None else _holding(row)


def _holding(row: Any) -> Holding:
    return Holding(
        holding_ref=row.holding_ref,
        supplier=row.device.supplier.name,
        device_id=row.device.device_id,
        wearer=row.wearer.reference,
        order=row.order,
        start=row.start,
        address=row.address,
        victim=row.victim,
        end=row.end,
    )
