"""Who wore which device when, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Q

from tipstaff.domain.activations import Activation
from tipstaff.domain.devices import WORN_KINDS
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation
from tipstaff.records import device_facts, devices, wearers
from tipstaff.records.activation_plan import ActivationPlan, plan
from tipstaff.records.beliefs import as_known
from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.models import Activation as Row
from tipstaff.records.models import AuditEntry, Supplier

#: The columns of `WornPeriod`.
_COLUMNS: Final = (
    "device__device_key",
    "supplier__name",
    "device__device_id",
    "wearer__reference",
    "wearer__subject_ref",
    "start",
    "end",
)


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
    two imports cannot each find the device free. Home units and victims' devices are worn by no
    wearer. Nothing is recorded before the last recording about the same devices, whatever the clock
    says: what was known at one time never overlaps.
    """
    rows = list(incoming)
    owner, _made = Supplier.objects.get_or_create(name=supplier)
    Supplier.objects.select_for_update().get(id=owner.id)
    unworn = _of_unworn_kind(supplier, rows)
    standing = _standing(owner, rows)
    decided = plan(
        {key: fact for key, (_id, fact) in standing.items()},
        (fact for fact in rows if fact.device_id not in unworn),
    )
    concerned = {fact.device_id for _id, fact in standing.values()}
    at = max([at, *_last_recorded(owner, concerned | {fact.device_id for fact in rows})])
    replaced = [standing[f.activation_id] for f in decided.new if f.activation_id in standing]
    for chunk in chunked(row for row, _fact in replaced):
        Row.objects.filter(id__in=chunk).update(superseded_at=at)
    _insert(owner, decided.new, at)
    refused = tuple(fact for fact in rows if fact.device_id in unworn)
    wearers_before = tuple(fact.wearer_id for _row, fact in replaced)
    return replace(decided, not_worn=refused, wearers_before=wearers_before)


def end_all(wearer: str, at: datetime, recorded_at: datetime) -> int:
    """End whatever a wearer wears at `at` or would wear after it; how many activations that was.

    Each is superseded by one that ends at `at`; one that begins later, by one of no length.
    """
    rows = Row.objects.filter(superseded_at__isnull=True, wearer__reference=wearer, end__gt=at)
    columns = rows.values_list("supplier__name", "activation_id", "device__device_id")
    named: dict[str, list[Activation]] = {}
    for supplier, name, device in columns.order_by("supplier__name", "activation_id"):
        named.setdefault(supplier, []).append(Activation(name, device, wearer, at))
    ended = 0
    for supplier, facts in named.items():
        standing = _standing(Supplier.objects.get(name=supplier), facts)
        whole = (standing[fact.activation_id][1] for fact in facts)
        shorter = [replace(fact, end=max(at, fact.start)) for fact in whole]
        ended += len(record(supplier, shorter, recorded_at).new)
    return ended


def withdraw(supplier: str, activation_id: str, at: datetime) -> bool:
    """Believe an activation no longer, with nothing in its place; whether it was believed.

    From then on its positions are nobody's. For what never was: a removal ends one.
    """
    owner, _made = Supplier.objects.get_or_create(name=supplier)
    Supplier.objects.select_for_update().get(id=owner.id)
    rows = Row.objects.filter(
        supplier=owner, activation_id=activation_id, superseded_at__isnull=True
    )
    at = max([at, *_last_recorded(owner, rows.values_list("device__device_id", flat=True))])
    return bool(rows.update(superseded_at=at))


def worn_in(
    period: Period, *, wearer: str | None = None, known_at: datetime | None = None
) -> list[WornPeriod]:
    """Every activation that overlaps `period`, clipped to it, in a total order.

    Those of one `wearer` alone, if given. Those believed now, or as was known at `known_at`.
    """
    if period.start == period.end:
        return []
    rows = Row.objects.filter(as_known(known_at), start__lt=period.end, end__gt=period.start)
    if wearer is not None:
        rows = rows.filter(wearer__reference=wearer)
    order = ("wearer__reference", "start", "supplier__name", "device__device_id", "id")
    columns = rows.order_by(*order).values_list(*_COLUMNS)
    return [
        WornPeriod(key, name, device, wearer, ref, max(start, period.start), min(end, period.end))
        for key, name, device, wearer, ref, start, end in columns
    ]


def worn_at(
    supplier: str, device_id: str, at: datetime, *, known_at: datetime | None = None
) -> WornPeriod | None:
    """Who wore a device at `at`, as is known now or was known at `known_at`; None: nobody known.

    The whole period, not clipped.
    """
    rows = Row.objects.filter(
        as_known(known_at),
        device__supplier__name=supplier,
        device__device_id=device_id,
        start__lte=at,
        end__gt=at,
    )
    return _first(rows)


def believed(supplier: str, activation_id: str) -> WornPeriod | None:
    """The whole of an activation as is believed now; None where none of that id is."""
    return _first(
        Row.objects.filter(as_known(None), supplier__name=supplier, activation_id=activation_id)
    )


def last_before(supplier: str, device_id: str, at: datetime) -> str | None:
    """The id of the activation of a device that began last before `at`, as is believed now."""
    rows = Row.objects.filter(
        as_known(None),
        device__supplier__name=supplier,
        device__device_id=device_id,
        start__lt=at,
    )
    return rows.order_by("-start").values_list("activation_id", flat=True).first()


def of_wearer(wearer: str) -> list[WornPeriod]:
    """All that a wearer ever wore, whole, as is believed now: what belongs to them, and no more."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return worn_in(Period(first, last), wearer=wearer)


def any_of(device_keys: Iterable[int]) -> set[int]:
    """Those of these devices that a wearer wears or wore, as is believed now."""
    found: set[int] = set()
    for chunk in chunked(sorted(set(device_keys))):
        rows = Row.objects.filter(as_known(None), device__device_key__in=chunk)
        found.update(rows.values_list("device__device_key", flat=True).distinct())
    return found


def is_taken(supplier: str, activation_id: str) -> bool:
    """Whether an activation of that id is or ever was on record."""
    return Row.objects.filter(supplier__name=supplier, activation_id=activation_id).exists()


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


def wearers_by_device() -> dict[int, frozenset[str]]:
    """By device key: who wore it at any time, as activations say or ever said.

    What was said and is believed no longer counts: such a device does not become a wearer again.
    """
    rows = Row.objects.order_by().values_list("device__device_key", "wearer__reference")
    found: dict[int, set[str]] = {}
    for key, wearer in rows.distinct():
        found.setdefault(key, set()).add(wearer)
    return {key: frozenset(people) for key, people in found.items()}


def _first(rows: Any) -> WornPeriod | None:
    found = rows.values_list(*_COLUMNS).first()
    return None if found is None else WornPeriod(*found)


def _last_recorded(owner: Supplier, device_ids: Iterable[str]) -> list[datetime]:
    """When something was last recorded about these devices."""
    found: list[datetime] = []
    for chunk in chunked(sorted(set(device_ids))):
        rows = Row.objects.filter(device__supplier=owner, device__device_id__in=chunk)
        ends = rows.aggregate(Max("recorded_at"), Max("superseded_at"))
        found += [end for end in ends.values() if end is not None]
    return found


def _of_unworn_kind(supplier: str, rows: list[Activation]) -> set[str]:
    """Those of these devices that are home units or victims' devices at some time."""
    keys = devices.keys_of(supplier, {fact.device_id for fact in rows})
    facts = device_facts.known_of(keys.values())
    return {
        name
        for name, key in keys.items()
        if not device_facts.kinds_of(facts.get(key, ())) <= WORN_KINDS
    }


def any_recorded() -> bool:
    """Whether it is, or ever was, known of any device who wore it."""
    return Row.objects.exists() or any_erased()


def any_erased() -> bool:
    """Whether anybody was ever erased: then devices without an activation are nobody's, not new."""
    return AuditEntry.objects.filter(operation=Operation.ERASURE).exists()


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
