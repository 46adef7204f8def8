"""Home units in wearers' homes, and devices with victims: where they are, and never a trail.

A home unit belongs to an address in the wearer's record; a victim's device goes to a victim whom a
proximity condition of an order in force protects. Their positions are given to no wearer, and no
search reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.conditions import Protected, Proximity
from tipstaff.domain.devices import DeviceKind, DeviceName
from tipstaff.domain.fittings import FittingCode
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import device_facts, devices, wearers
from tipstaff.records import holdings as records
from tipstaff.records.holdings import Holding
from tipstaff.services import fitting_checks as checks
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.fitting_checks import RefusedWork, Whose, refuse
from tipstaff.services.limited_access import NOBODY, sees
from tipstaff.services.recording import Looked, changing


@dataclass(frozen=True, slots=True)
class HoldingDone:
    """What became of it: the holding's reference, or why it was refused and nothing stored."""

    holding_ref: UUID | None
    problems: tuple[Problem, ...] = ()


def install_home_unit(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    wearer: str,
    address: str,
    at: datetime,
    reason: str = "",
) -> HoldingDone:
    """Record that a home unit was set up at an address of a wearer with an order in force."""
    access = admit_to(actor, purpose, authority, "install_home_unit")

    def work(now: datetime, looked: Looked) -> UUID:
        _hold_rows(device, wearer, looked)
        known = checks.whose(access, wearer, at, now)
        order = checks.order_in_force(known, at)
        _has_address(known, address)
        wanted = _new(device, wearer, order, at)
        return _begin(access, replace(wanted, address=address), DeviceKind.HOME_UNIT, reason, now)

    return _attempt(access, device, work)


def move_home_unit(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    address: str,
    at: datetime,
    reason: str = "",
) -> HoldingDone:
    """Record that a home unit was moved to another address of the same wearer."""
    access = admit_to(actor, purpose, authority, "move_home_unit")

    def work(now: datetime, looked: Looked) -> UUID:
        standing = _standing(access, device, at, looked)
        if not standing.address:
            raise refuse(FittingCode.DEVICE_OF_OTHER_KIND, "device_id")
        known = checks.whose(access, standing.wearer, at, now)
        order = checks.order_in_force(known, at)
        _has_address(known, address)
        _end(access, standing, at, reason, now)
        wanted = _new(device, standing.wearer, order, at)
        return _begin(access, replace(wanted, address=address), DeviceKind.HOME_UNIT, reason, now)

    return _attempt(access, device, work)


def issue_victims_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    victim: str,
    wearer: str,
    at: datetime,
    reason: str = "",
) -> HoldingDone:
    """Record that a victim was given a device; an order of the wearer has to protect them."""
    access = admit_to(actor, purpose, authority, "issue_victims_device")

    def work(now: datetime, looked: Looked) -> UUID:
        _hold_rows(device, wearer, looked)
        known = checks.whose(access, wearer, at, now)
        protecting = tuple(order for order in known.orders if _protects(order, victim))
        if not protecting:
            raise refuse(FittingCode.ORDER_DOES_NOT_PROTECT, "victim")
        order = checks.order_in_force(replace(known, orders=protecting), at)
        wanted = replace(_new(device, wearer, order, at), victim=victim)
        return _begin(access, wanted, DeviceKind.VICTIMS_DEVICE, reason, now)

    return _attempt(access, device, work)


def end_holding(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    at: datetime,
    reason: str = "",
) -> HoldingDone:
    """Record that a home unit was taken away, or a victim's device given back; also late news."""
    access = admit_to(actor, purpose, authority, "end_holding")

    def work(now: datetime, looked: Looked) -> UUID:
        standing = _standing(access, device, at, looked)
        _end(access, standing, at, reason, now)
        return standing.holding_ref

    return _attempt(access, device, work)


def _attempt(
    access: Access, device: DeviceName, work: Callable[[datetime, Looked], UUID]
) -> HoldingDone:
    """Do it and note it, or undo all of it and note that it was refused."""
    keys = devices.keys_of(device.supplier, [device.device_id])
    with changing(access, extent={"devices": sorted(map(str, keys.values()))}) as looked:
        try:
            with transaction.atomic():
                done = work(clock(), looked)
        except RefusedWork as refused:
            looked.extent |= {"problems": 1, "code": str(refused.problem.code)}
            return HoldingDone(None, (refused.problem,))
        looked.extent["holding"] = str(done)
        looked.rows = 1
    return HoldingDone(done)


def _begin(access: Access, wanted: Holding, kind: DeviceKind, reason: str, now: datetime) -> UUID:
    checks.not_to_come(wanted.start, now)
    checks.device_ready(wanted.supplier, wanted.device_id, wanted.start, {kind}, now)
    if records.overlaps(wanted.supplier, wanted.device_id, wanted.start, STILL_ACTIVE):
        raise refuse(FittingCode.DEVICE_IN_USE, "device_id")
    records.record(wanted, reason=reason, at=now, by=access.actor_ref)
    return wanted.holding_ref


def _end(access: Access, standing: Holding, at: datetime, reason: str, now: datetime) -> None:
    checks.not_to_come(at, now)
    records.record(replace(standing, end=at), reason=reason, at=now, by=access.actor_ref)


def _standing(access: Access, device: DeviceName, at: datetime, looked: Looked) -> Holding:
    """The holding that goes on up to `at` at least; its wearer's and supplier's rows are held.

    There is none of a wearer who may not be seen, and a victims' officer ends victims' alone; the
    statements are the same.
    """
    found = records.last_before(device.supplier, device.device_id, at)
    _hold_rows(device, NOBODY if found is None else found.wearer, looked)
    found = records.last_before(device.supplier, device.device_id, at)
    seen = sees(access, NOBODY if found is None else found.wearer)
    victims_alone = access.actor.role is Role.VICTIM_LIAISON
    if found is None or found.end < at or not seen or (victims_alone and not found.victim):
        raise refuse(FittingCode.NOT_HELD, "device_id")
    return found


def _hold_rows(device: DeviceName, wearer: str, looked: Looked) -> None:
    looked.subjects = wearers.subject_refs([wearer])
    wearers.lock(wearer)
    device_facts.lock_suppliers([device.supplier])


def _new(device: DeviceName, wearer: str, order: Order, at: datetime) -> Holding:
    return Holding(
        records.new_ref(), device.supplier, device.device_id, wearer, order.reference, at
    )


def _has_address(known: Whose, address: str) -> None:
    if address not in {found.reference for found in known.wearer.addresses}:
        raise refuse(FittingCode.ADDRESS_NOT_KNOWN, "address")


def _protects(order: Order, victim: str) -> bool:
    return any(
        isinstance(condition, Proximity)
        and condition.protects is Protected.VICTIM
        and condition.person == victim
        for condition in order.conditions
    )
