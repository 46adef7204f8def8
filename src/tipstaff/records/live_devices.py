"""What is on record of the devices of everybody who is watched: their plans, the home units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.devices import DeviceKind
from tipstaff.domain.versions import Stated, in_effect, timeline
from tipstaff.monitoring.device_watches import ReportingPlan
from tipstaff.monitoring.lives import Lifetime, UnitName, UnitStay
from tipstaff.records.beliefs import as_known
from tipstaff.records.models import DeviceFact, Holding

_DEFAULT: Final = ReportingPlan()


@dataclass(frozen=True, slots=True)
class LiveDevice:
    """How a device is meant to report, and every kind that it is of at some time."""

    plan: ReportingPlan = field(default_factory=ReportingPlan)
    kinds: frozenset[DeviceKind] = frozenset()


@dataclass(frozen=True, slots=True)
class _Fact:
    stated: Stated
    kind: DeviceKind
    reporting_s: int | None


def plan_of(reporting_s: int | None) -> ReportingPlan:
    """The plan of a device that is described as reporting every so many seconds, if it is.

    It does not say whether positions are meant or uploads: positions are expected so far apart,
    and uploads no oftener than by the plan of every device. Neither then finds a silence where
    there is none.
    """
    if reporting_s is None:
        return _DEFAULT
    return ReportingPlan(max(_DEFAULT.upload_s, reporting_s), reporting_s, _DEFAULT.charge_s)


def of_devices(devices: Any, now: datetime, known_at: datetime | None) -> dict[int, LiveDevice]:
    """Each described device of a query of keys, by key: as it is at `now`, in one statement."""
    rows = DeviceFact.objects.filter(device__device_key__in=devices)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    columns = rows.order_by("number").values_list(
        "device__device_key", "number", "valid_from", "valid_to", "recorded_at", "kind",
        "reporting_s",
    )  # fmt: skip
    found: dict[int, list[_Fact]] = {}
    for key, number, start, end, recorded_at, kind, reporting_s in columns:
        fact = _Fact(Stated(number, start, end, recorded_at), DeviceKind(kind), reporting_s)
        found.setdefault(key, []).append(fact)
    return {key: _device(facts, now) for key, facts in found.items()}


def units_of(
    wearers: Any, known_at: datetime | None
) -> dict[UUID, dict[UnitName, tuple[UnitStay, ...]]]:
    """Where the home units of wearers (a query of their rows) were, by the audit's reference.

    One statement. Units that are no longer there too: what they reported may come in late.
    """
    rows = Holding.objects.filter(as_known(known_at), wearer__in=wearers).exclude(address="")
    columns = rows.order_by("start", "id").values_list(
        "wearer__subject_ref", "device__supplier__name", "device__device_id", "address", "start",
        "end",
    )  # fmt: skip
    found: dict[UUID, dict[UnitName, tuple[UnitStay, ...]]] = {}
    for wearer, supplier, device_id, address, start, end in columns:
        stay = UnitStay(address, Lifetime(start, None if end >= STILL_ACTIVE else end))
        units = found.setdefault(wearer, {})
        units[supplier, device_id] = (*units.get((supplier, device_id), ()), stay)
    return found


def _device(facts: Sequence[_Fact], now: datetime) -> LiveDevice:
    by_stated = {fact.stated: fact for fact in facts}
    by_number = {fact.stated.number: fact for fact in facts}
    shown = in_effect(by_stated, valid_at=now, known_at=facts[-1].stated.recorded_at)
    kinds = frozenset(by_number[stretch.number].kind for stretch in timeline(by_stated))
    return LiveDevice(plan_of(None if shown is None else by_stated[shown].reporting_s), kinds)
