"""The inventory: say what a device is, and what is known of a supplier. Nothing is edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tipstaff.domain.cases import validity_problems
from tipstaff.domain.devices import (
    WORN_KINDS,
    Description,
    DeviceCode,
    DeviceName,
    DeviceTold,
    check_description,
)
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.supplier_details import (
    SupplierCode,
    SupplierDetails,
    check_supplier,
)
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name
from tipstaff.formats.device_json import can_be_kept
from tipstaff.records import activations, device_facts, devices, holdings, supplier_facts
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.recording import changing


@dataclass(frozen=True, slots=True)
class RecordedDevice:
    """What became of what was told: the fact's number, or why it was refused and nothing stored."""

    number: int | None
    new: bool
    problems: tuple[Problem, ...] = ()


def register_device(
    *, actor: str, purpose: Purpose, authority: str, device: DeviceName, description: Description
) -> RecordedDevice:
    """Say for the first time what a device is; it is taken to have been so since ever.

    A device that only positions have named so far can be registered too.
    """
    access = admit_to(actor, purpose, authority, "register_device")
    return _record(access, DeviceTold(*_named(device), description), first=True)


def describe_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    description: Description,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedDevice:
    """Say what a registered device is, from now on or for the time named; nothing is edited."""
    access = admit_to(actor, purpose, authority, "describe_device")
    told = DeviceTold(*_named(device), description, valid_from, valid_to, reason)
    return _record(access, told, first=False)


def describe_supplier(
    *, actor: str, purpose: Purpose, authority: str, supplier: SupplierDetails
) -> tuple[Problem, ...]:
    """Say what is known of a supplier; what is wrong with it, and then nothing is kept."""
    access = admit_to(actor, purpose, authority, "describe_supplier")
    problems = check_supplier(supplier)
    if not problems and not can_be_kept(supplier):
        raise ValueError("this supplier cannot be stored: read it with a codec of formats")
    with changing(access, extent={"problems": len(problems)}) as looked:
        if not problems:
            looked.rows = supplier_facts.record([supplier], at=clock(), by=access.actor_ref)
    return problems


def told_problems(told: DeviceTold) -> tuple[Problem, ...]:
    """What is wrong with what is told of a device, before anything on record is looked at."""
    if supplier_name(told.supplier) != told.supplier:
        return (Problem(SupplierCode.NAME, "supplier", NAME_ACTION),)
    return (
        *below("description", check_description(told.description)),
        *validity_problems(told.valid_from, told.valid_to),
    )


def kinds_in_use(told: Iterable[DeviceTold]) -> frozenset[tuple[DeviceName, bool]]:
    """Of these devices, which are or were worn (True), which held (False), as is believed now.

    To be asked while their suppliers' rows are held.
    """
    keys: dict[int, DeviceName] = {}
    by_supplier: dict[str, set[str]] = {}
    for one in told:
        by_supplier.setdefault(one.supplier, set()).add(one.device_id)
    for supplier, names in by_supplier.items():
        found = devices.keys_of(supplier, names)
        keys |= {key: DeviceName(supplier, name) for name, key in found.items()}
    worn = {(keys[key], True) for key in activations.any_of(keys)}
    return frozenset(worn | {(keys[key], False) for key in holdings.any_of(keys)})


def kind_problems(
    told: DeviceTold, in_use: frozenset[tuple[DeviceName, bool]]
) -> tuple[Problem, ...]:
    """What on record speaks against the kind told, by `kinds_in_use`."""
    worn = told.description.kind in WORN_KINDS
    if (DeviceName(told.supplier, told.device_id), not worn) not in in_use:
        return ()
    action = (
        "a device that was with a victim or in a home cannot be worn, nor the other way round: "
        "correct those records first, or register it under a number of its own"
    )
    return (Problem(DeviceCode.KIND_IN_USE, "description.kind", action),)


def _record(access: Access, told: DeviceTold, *, first: bool) -> RecordedDevice:
    problems = told_problems(told)
    if not problems and not can_be_kept(told):
        raise ValueError("this device cannot be stored: read it with a codec of formats")
    with changing(access, extent={}) as looked:
        if not problems:
            device_facts.lock_suppliers([told.supplier])
            problems = _known_problems(told, first=first)
        if problems:
            looked.extent["problems"] = len(problems)
            return RecordedDevice(None, new=False, problems=problems)
        (done,) = device_facts.record([told], at=clock(), by=access.actor_ref)
        looked.extent |= {"device": str(done.device_key), "number": done.number}
        looked.rows = int(done.new)
    return RecordedDevice(done.number, done.new)


def _known_problems(told: DeviceTold, *, first: bool) -> tuple[Problem, ...]:
    keys = devices.keys_of(told.supplier, [told.device_id])
    known = bool(device_facts.known_of(keys.values()))
    if first and known:
        action = "describe it instead: it is registered already"
        return (Problem(DeviceCode.DEVICE_KNOWN, "device_id", action),)
    if not first and not known:
        action = "register it first: nobody has said what it is"
        return (Problem(DeviceCode.DEVICE_NOT_KNOWN, "device_id", action),)
    return kind_problems(told, kinds_in_use([told]))


def _named(device: DeviceName) -> tuple[str, str]:
    return device.supplier, device.device_id
