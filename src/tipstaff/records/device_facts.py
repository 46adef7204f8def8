"""What is known of devices: recorded in the caller's transaction, read by two clocks, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.devices import WORN_KINDS, Description, DeviceKind, DeviceState, DeviceTold
from tipstaff.domain.versions import SINCE_EVER, Stated, in_effect, shows_throughout, timeline
from tipstaff.records import bulk, devices
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Device, DeviceFact, Supplier

#: The columns of a fact that describe its device.
DESCRIBED: Final = tuple(field.name for field in fields(Description))


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact: when it holds and was recorded, by whom (an account's reference), and why."""

    stated: Stated
    recorded_by: UUID
    reason: str
    description: Description


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """What became of what was told: the number of the fact that says it, new or standing."""

    device_key: int
    number: int
    new: bool


def lock_suppliers(names: Iterable[str]) -> None:
    """Hold these suppliers' rows, made where they are new, for the caller's transaction.

    Whatever is recorded of their devices, or of who has them, waits for it.
    """
    wanted = sorted(set(names))
    known = set(Supplier.objects.filter(name__in=wanted).values_list("name", flat=True))
    missing = [Supplier(name=name) for name in wanted if name not in known]
    Supplier.objects.bulk_create(missing, ignore_conflicts=True)
    list(Supplier.objects.select_for_update().filter(name__in=wanted).order_by("name"))


def record(told: Sequence[DeviceTold], *, at: datetime, by: UUID) -> tuple[RecordedFact, ...]:
    """Record each, in turn; what is on record already for the whole time told is not repeated.

    Serialised per supplier. A fact is never recorded before the last one of its device, whatever
    the clock says.
    """
    lock_suppliers(one.supplier for one in told)
    keys = _keys(told)
    standing = known_of(keys.values())
    rows_of = _rows_of(keys.values())
    done: list[RecordedFact] = []
    rows = []
    for one in told:
        key = keys[one.supplier, one.device_id]
        facts = standing.setdefault(key, [])
        start = one.valid_from or (at if facts else SINCE_EVER)
        says = {f.stated.number for f in facts if f.description == one.description}
        versions = [f.stated for f in facts]
        if shows_throughout(versions, says, start, one.valid_to):
            done.append(RecordedFact(key, max(says), new=False))
            continue
        latest = max((v.recorded_at for v in versions), default=at)
        new = Stated(len(facts) + 1, start, one.valid_to, max(at, latest))
        facts.append(FactView(new, by, one.reason, one.description))
        rows.append(_row(rows_of[key], facts[-1]))
        done.append(RecordedFact(key, new.number, new=True))
    bulk.insert(DeviceFact, rows)
    return tuple(done)


def said_already(told: Sequence[DeviceTold], facts: Sequence[FactView]) -> int:
    """How many of the first of `told`, all of one device, are the last that were recorded of it.

    So that a document with a device's whole history can be taken in again and repeats nothing.
    """
    for count in range(min(len(told), len(facts)), 0, -1):
        if all(map(_same, told[:count], facts[-count:])):
            return count
    return 0


def _same(told: DeviceTold, fact: FactView) -> bool:
    unsaid = SINCE_EVER if fact.stated.number == 1 else fact.stated.recorded_at
    period = (told.valid_from or unsaid, told.valid_to)
    return (told.description, *period) == (
        fact.description,
        fact.stated.valid_from,
        fact.stated.valid_to,
    )


def known_of(
    device_keys: Iterable[int], *, known_at: datetime | None = None
) -> dict[int, list[FactView]]:
    """The facts of each device that has any, as recorded in turn; those known by `known_at`."""
    found: dict[int, list[FactView]] = {}
    for chunk in chunked(sorted(set(device_keys))):
        rows = DeviceFact.objects.filter(device__device_key__in=chunk).select_related("device")
        if known_at is not None:
            rows = rows.filter(recorded_at__lte=known_at)
        for row in rows.order_by("number"):
            found.setdefault(row.device.device_key, []).append(_view(row))
    return found


def shown(facts: Iterable[FactView], *, valid_at: datetime, known_at: datetime) -> FactView | None:
    """Which fact of one device shows at `valid_at` as it was known at `known_at`."""
    by_stated = {fact.stated: fact for fact in facts}
    found = in_effect(by_stated, valid_at=valid_at, known_at=known_at)
    return None if found is None else by_stated[found]


def kinds_of(facts: Iterable[FactView]) -> set[DeviceKind]:
    """Every kind that the current timeline of one device shows at some time."""
    listed = list(facts)
    kinds = {fact.stated.number: fact.description.kind for fact in listed}
    return {kinds[stretch.number] for stretch in timeline(fact.stated for fact in listed)}


def of_kinds(device_keys: Iterable[int], kinds: Iterable[DeviceKind]) -> frozenset[int]:
    """Those of these devices that are of one of the kinds at some time, as is known now."""
    wanted = frozenset(kinds)
    facts = known_of(device_keys)
    return frozenset(key for key, listed in facts.items() if kinds_of(listed) & wanted)


def never_searched(among: Iterable[int] | None = None) -> frozenset[int]:
    """The keys of home units and victims' devices: their positions are no wearer's.

    Of all devices, or of those of these keys.
    """
    kinds = frozenset(DeviceKind) - WORN_KINDS
    if among is None:
        rows = DeviceFact.objects.filter(kind__in=[kind.value for kind in kinds])
        among = rows.values_list("device__device_key", flat=True).distinct()
    return of_kinds(among, kinds)


def description_of(columns: Mapping[str, Any]) -> Description:
    """A description of the columns of a stored fact that are named in `DESCRIBED`."""
    kind, state = DeviceKind(columns["kind"]), DeviceState(columns["state"])
    return Description(**{**columns, "kind": kind, "state": state})


def _view(row: Any) -> FactView:
    description = description_of({name: getattr(row, name) for name in DESCRIBED})
    stated = Stated(row.number, row.valid_from, row.valid_to, row.recorded_at)
    return FactView(stated, row.recorded_by, row.reason, description)


def _keys(told: Sequence[DeviceTold]) -> dict[tuple[str, str], int]:
    by_supplier: dict[str, set[str]] = {}
    for one in told:
        by_supplier.setdefault(one.supplier, set()).add(one.device_id)
    return {
        (supplier, name): key
        for supplier, names in sorted(by_supplier.items())
        for name, key in devices.register(supplier, names).items()
    }


def _rows_of(device_keys: Iterable[int]) -> dict[int, UUID]:
    found: dict[int, UUID] = {}
    for chunk in chunked(device_keys):
        rows = Device.objects.filter(device_key__in=chunk)
        found.update(rows.values_list("device_key", "id"))
    return found


def _row(device: UUID, fact: FactView) -> dict[str, object]:
    return {
        "device_id": device,
        "number": fact.stated.number,
        "valid_from": fact.stated.valid_from,
        "valid_to": fact.stated.valid_to,
        "recorded_at": fact.stated.recorded_at,
        "recorded_by": fact.recorded_by,
        "reason": fact.reason,
        **asdict(fact.description),
    }
