"""Take in and give out the inventory as one document: suppliers and devices, no keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from tipstaff.domain.devices import DeviceTold
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.supplier_details import check_supplier
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.formats.device_json import read_devices, write_devices
from tipstaff.formats.json_source import JsonFault
from tipstaff.records import device_facts, devices, supplier_facts
from tipstaff.records.chunks import chunked
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.device_inventory import kind_problems, kinds_in_use, told_problems
from tipstaff.services.recording import changing, reading

#: Devices of one transaction: others write between two of them.
DEVICES_AT_ONCE: Final = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ImportedDevices:
    """What became of a document: of the `read` entries `kept`, and every fault of the others.

    `new` of the kept ones said something that was not on record.
    """

    read: int
    kept: int
    new: int
    faults: tuple[JsonFault, ...]


def import_devices(
    *, actor: str, purpose: Purpose, authority: str, content: bytes
) -> ImportedDevices:
    """Record each good supplier and device of a document; others are left out, and told.

    Everything is read and checked before the first transaction; the same document again records
    what is missing and repeats nothing.
    """
    access = admit_to(actor, purpose, authority, "import_devices")
    file = read_devices(content)
    faults = [*file.faults]
    suppliers = _good(file.suppliers, "suppliers", check_supplier, faults)
    told = _good(file.devices, "devices", told_problems, faults)
    with changing(access, extent={"suppliers": len(suppliers), "read": file.read}) as looked:
        values = [supplier for _number, supplier in suppliers]
        looked.rows = supplier_facts.record(values, at=clock(), by=access.actor_ref)
    kept, new = len(suppliers), looked.rows
    for chunk in chunked(_by_device(told).values(), DEVICES_AT_ONCE):
        done, recorded = _take_in(access, chunk, faults)
        kept, new = kept + done, new + recorded
    return ImportedDevices(file.read, kept, new, tuple(faults))


def export_devices(*, actor: str, purpose: Purpose, authority: str) -> bytes:
    """Every supplier as it is described now, and every fact of every device, as one document.

    Taken in elsewhere in the order in which it stands it says the same of all time.
    """
    access = admit_to(actor, purpose, authority, "export_devices")
    with reading(access, extent={}) as looked:
        suppliers = supplier_facts.every()
        told = list(_every_fact())
        looked.rows = len(suppliers) + len(told)
    return write_devices(suppliers, told)


def _every_fact() -> Iterator[DeviceTold]:
    for chunk in chunked(devices.every_device()):
        facts = device_facts.known_of(key for key, _name in chunk)
        for key, name in chunk:
            for fact in facts.get(key, ()):
                since = fact.stated.valid_from
                yield DeviceTold(
                    name.supplier,
                    name.device_id,
                    fact.description,
                    None if since == SINCE_EVER and fact.stated.number == 1 else since,
                    fact.stated.valid_to,
                    fact.reason,
                )


def _take_in(
    access: Access, chunk: list[list[tuple[int, DeviceTold]]], faults: list[JsonFault]
) -> tuple[int, int]:
    """How many of what is told of these devices were kept, and how many of them were new.

    Those whose kind something on record speaks against are left out, and told.
    """
    with changing(access, extent={"devices": len(chunk)}) as looked:
        device_facts.lock_suppliers(one.supplier for listed in chunk for _number, one in listed)
        in_use = kinds_in_use(one for listed in chunk for _number, one in listed)
        check = partial(kind_problems, in_use=in_use)
        good = [_good(listed, "devices", check, faults) for listed in chunk]
        told = [[one for _number, one in listed] for listed in good if listed]
        done = device_facts.record(_unsaid(told), at=clock(), by=access.actor_ref)
        looked.rows = sum(fact.new for fact in done)
    return sum(len(listed) for listed in told), looked.rows


def _unsaid(told: list[list[DeviceTold]]) -> list[DeviceTold]:
    """What is told of each device, without what was the last to be recorded of it."""
    keys: dict[tuple[str, str], int] = {}
    for supplier in {listed[0].supplier for listed in told}:
        names = [listed[0].device_id for listed in told if listed[0].supplier == supplier]
        found = devices.keys_of(supplier, names)
        keys |= {(supplier, name): key for name, key in found.items()}
    facts = device_facts.known_of(keys.values())
    out: list[DeviceTold] = []
    for listed in told:
        key = keys.get((listed[0].supplier, listed[0].device_id), 0)
        out += listed[device_facts.said_already(listed, facts.get(key, ())) :]
    return out


def _by_device(
    told: Iterable[tuple[int, DeviceTold]],
) -> dict[tuple[str, str], list[tuple[int, DeviceTold]]]:
    found: dict[tuple[str, str], list[tuple[int, DeviceTold]]] = {}
    for number, one in told:
        found.setdefault((one.supplier, one.device_id), []).append((number, one))
    return found


def _good(
    numbered: Iterable[tuple[int, T]],
    name: str,
    check: Callable[[T], Iterable[Problem]],
    faults: list[JsonFault],
) -> list[tuple[int, T]]:
    good: list[tuple[int, T]] = []
    for number, value in numbered:
        problems = below(f"{name}[{number}]", check(value))
        faults += [JsonFault(p.where, p.code, p.action) for p in problems]
        if not problems:
            good.append((number, value))
    return good
