"""The lives that live monitoring keeps, from what is on record of all wearers at once.

- A life is an activation of one wearer with one device. Its reference is made of the wearer's
  random reference, the supplier, the activation's id and the device (UUID version 5): a corrected
  beginning or end leaves it as it is; corrected to another wearer or device it is another life.
- An activation that is believed no longer, or has no length, is none; nor is a home unit or a
  victim's device.
- What is watched of it: `monitoring.held` (status, service, the order's times) and
  `monitoring.collected` (consent withdrawn, a licence relaxed for a voluntary order).
- Of an absence, and of a consent, what was said last counts: approved afterwards it excuses the
  time that it names; cancelled, nothing from then on.
- An address is where the record says it was at that time. A record that no longer names it says
  nothing of where it is: it is where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.devices import WORN_KINDS
from tipstaff.monitoring.collected import at_any_time, collecting, cut_to
from tipstaff.monitoring.device_watches import ReportingPlan
from tipstaff.monitoring.held import Demands
from tipstaff.monitoring.lives import Life, Lifetime, UnitName, UnitStay, life_id
from tipstaff.records import live_devices
from tipstaff.records.beliefs import as_known
from tipstaff.records.chunks import CHUNK
from tipstaff.records.live_cases import LiveCase, cases_of
from tipstaff.records.live_devices import LiveDevice
from tipstaff.records.models import Activation

#: So long after its end an activation is still a life: what it did may come in late.
LINGERS: Final = timedelta(hours=48)
_COLUMNS: Final = (
    "wearer__subject_ref", "supplier__name", "activation_id", "device__device_id",
    "device__device_key", "start", "end",
)  # fmt: skip
_NO_CASE: Final = LiveCase()


def lives_on_record(
    now: datetime, wearers: Collection[UUID] | None = None, known_at: datetime | None = None
) -> list[Life]:
    """Every life that did not end more than 48 hours before `now`, also those still to begin.

    Of these wearers (the audit's references) alone, if given; as it is believed now, or as it was
    known at `known_at`. Four statements, however many wearers there are.
    """
    rows = _rows(now, wearers, known_at)
    columns = rows.order_by("wearer__subject_ref", "start", "id").values_list(*_COLUMNS)
    listed = [one for one in columns if wearers is None or one[0] in wearers]
    cases = cases_of(rows.values("wearer"), known_at)
    units = live_devices.units_of(rows.values("wearer"), known_at)
    devices = live_devices.of_devices(rows.values("device"), now, known_at)
    return list(_lives(listed, cases, units, devices))


def _rows(now: datetime, wearers: Collection[UUID] | None, known_at: datetime | None) -> Any:
    rows = Activation.objects.filter(as_known(known_at), end__gt=now - LINGERS, start__lt=F("end"))
    if wearers is not None and len(wearers) <= CHUNK:
        return rows.filter(wearer__subject_ref__in=list(wearers))
    return rows


def _lives(
    rows: list[Any],
    cases: Mapping[UUID, LiveCase],
    units: Mapping[UUID, Mapping[UnitName, tuple[UnitStay, ...]]],
    devices: Mapping[int, LiveDevice],
) -> Iterator[Life]:
    for wearer, supplier, activation, device_id, key, start, end in rows:
        device = devices.get(key, LiveDevice())
        if not device.kinds <= WORN_KINDS:
            continue
        yield _life(
            life_id(wearer, supplier, activation, device_id),
            (wearer, supplier, device_id),
            Lifetime(start, None if end >= STILL_ACTIVE else end),
            cases.get(wearer, _NO_CASE),
            device.plan,
            units.get(wearer, {}),
        )


def _life(
    life: UUID,
    whose: tuple[UUID, str, str],
    period: Lifetime,
    case: LiveCase,
    plan: ReportingPlan,
    units: Mapping[UnitName, tuple[UnitStay, ...]],
) -> Life:
    when = collecting(case.orders, case.consents, period.start)
    stretches = tuple(_within(period, when))
    orders = cut_to(case.orders, when, period.start)
    return Life(
        life,
        *whose,
        period=period,
        demands=Demands(orders, case.absences, case.addresses, case.moved),
        collecting=stretches,
        plan=plan,
        home_units=units,
        stamp=_stamp(life, period, when, plan, units, case.said, case.damaged),
        damaged=case.damaged,
    )


def _within(period: Lifetime, when: Mapping[str, Any]) -> Iterator[Lifetime]:
    """When any order supports collection, as far as it lies in the life."""
    for start, end in at_any_time(when):
        ends = [at for at in (end, period.end) if at is not None]
        last = min(ends, default=None)
        if last is None or start < last:
            yield Lifetime(start, last)


def _stamp(*told: Any) -> bytes:
    """A digest of values, which all say what they hold."""
    return hashlib.sha256("\0".join(map(_said, told)).encode()).digest()


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return str([(_said(name), _said(value[name])) for name in sorted(value)])
    if isinstance(value, tuple):
        return str([_said(one) for one in value])
    if isinstance(value, UnitStay):
        return f"{value.address!r} {value.period}"
    return str(value)
