"""Who wore which device when, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.activations import Activation
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation
from tipstaff.records import devices, wearers
from tipstaff.records.activation_plan import ActivationPlan, plan
from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.models import Activation as Row
from tipstaff.records.models import AuditEntry, Supplier


@dataclass(frozen=True, slots=True)
class WornPeriod:
    """A wearer's time with a device, as far as it lies in the period that was asked for."""

    device_key: int
    supplier: str
    device_id: str
    wearer: str
    subject_ref: UUID
    start: datetime
    end: datetime


def record(supplier: str, incoming: Iterable[Activation], at: datetime) -> ActivationPlan:
    """Record what may be recorded of `incoming` and say what was refused.

    Serialised per supplier by the supplier's row (PostgreSQL) or the write lock (SQLite), so that
    two imports cannot each find the device free.
    """
    rows = list(incoming)
    owner, _made = Supplier.objects.get_or_create(name=supplier)
    Supplier.objects.select_for_update().get(id=owner.id)
    standing = _standing(owner, rows)
    decided = plan({key: fact for key, (_id, fact) in standing.items()}, rows)
    replaced = [standing[f.activation_id][0] for f in decided.new if f.activation_id in standing]
    for chunk in chunked(replaced):
        Row.objects.filter(id__in=chunk).update(superseded_at=at)
    _insert(owner, decided.new, at)
    return decided


def worn_in(period: Period, *, wearer: str | None = None) -> list[WornPeriod]:
    """Every current activation that overlaps `period`, clipped to it, in a total order.

    Those of one `wearer` alone, if given.
    """
    if period.start == period.end:
        return []
    rows = Row.objects.filter(
        superseded_at__isnull=True, start__lt=period.end, end__gt=period.start
    )
    if wearer is not None:
        rows = rows.filter(wearer__reference=wearer)
    order = ("wearer__reference", "start", "supplier__name", "device__device_id", "id")
    columns = rows.order_by(*order).values_list(
        "device__device_key",
        "supplier__name",
        "device__device_id",
        "wearer__reference",
        "wearer__subject_ref",
        "start",
        "end",
    )
    return [
        WornPeriod(key, name, device, wearer, ref, max(start, period.start), min(end, period.end))
        for key, name, device, wearer, ref, start, end in columns
    ]


def subjects_of(device_keys: Iterable[int], period: Period) -> set[UUID]:
    """The references of all who wore one of these devices at some time in `period`."""
    found: set[UUID] = set()
    for chunk in chunked(sorted(set(device_keys))):
        rows = Row.objects.filter(
            superseded_at__isnull=True,
            device__device_key__in=chunk,
            start__lt=period.end,
            end__gt=period.start,
        )
        found.update(rows.values_list("wearer__subject_ref", flat=True))
    return found


def wears_any(wearer: str) -> bool:
    """Whether a current activation says that this wearer wore a device at any time."""
    return Row.objects.filter(superseded_at__isnull=True, wearer__reference=wearer).exists()


def any_recorded() -> bool:
    """Whether it is, or before an erasure was, known of any device who wore it."""
    known = Row.objects.filter(superseded_at__isnull=True).exists()
    return known or AuditEntry.objects.filter(operation=Operation.ERASURE).exists()


def _standing(owner: Supplier, rows: list[Activation]) -> dict[str, tuple[UUID, Activation]]:
    """What is on record of the devices and the activations that `rows` speak of."""
    found: dict[str, tuple[UUID, Activation]] = {}
    for chunk in chunked(rows, CHUNK // 2):
        current = Row.objects.filter(
            Q(activation_id__in={fact.activation_id for fact in chunk})
            | Q(device__device_id__in={fact.device_id for fact in chunk}),
            supplier=owner,
            superseded_at__isnull=True,
        )
        for row in current.select_related("device", "wearer"):
            fact = Activation(
                row.activation_id, row.device.device_id, row.wearer.reference, row.start, row.end
            )
            found[row.activation_id] = (row.id, fact)
    return found


def _insert(owner: Supplier, facts: tuple[Activation, ...], at: datetime) -> None:
    keys = devices.register(owner.name, {fact.device_id for fact in facts})
    people: Mapping[str, UUID] = wearers.ensure({fact.wearer_id for fact in facts})
    Row.objects.bulk_create(
        [
            Row(
                supplier=owner,
                activation_id=fact.activation_id,
                device_id=keys[fact.device_id],
                wearer_id=people[fact.wearer_id],
                start=fact.start,
                end=fact.end,
                recorded_at=at,
            )
            for fact in facts
        ],
        batch_size=CHUNK,
    )
