"""Suppliers and devices to and from JSON in one document; no key or other secret is part of it.

`device_schema` is published as docs/reference/devices.schema.json.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.devices import (
    LONGEST_INTERVAL_S,
    Description,
    DeviceKind,
    DeviceState,
    DeviceTold,
)
from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.domain.suppliers import LONGEST_NAME
from tipstaff.formats.json_codecs import INSTANT, Choice, Count, Schema, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading, canonical_json, parse_json
from tipstaff.formats.wearer_json import REFERENCE

FORMAT: Final = "tipstaff-devices-1"
_LISTS: Final = ("suppliers", "devices")

SUPPLIER: Final = Record(
    "supplier",
    SupplierDetails,
    (
        Field("name", Text(LONGEST_NAME)),
        Field("contact", Text(500), ""),
        Field("formats", Listed(Text(100), most=50), ()),
        Field("active_from", INSTANT, None),
        Field("active_to", INSTANT, None),
    ),
)
DESCRIPTION: Final = Record(
    "description",
    Description,
    (
        Field("kind", Choice(DeviceKind)),
        Field("model", Text(100)),
        Field("serial", Text(100), ""),
        Field("firmware", Text(100), ""),
        Field("state", Choice(DeviceState), DeviceState.IN_STOCK),
        Field("reporting_s", Count(LONGEST_INTERVAL_S), None),
        Field("trial", Text(100), ""),
    ),
)
DEVICE: Final = Record(
    "device",
    DeviceTold,
    (
        Field("supplier", Text(LONGEST_NAME)),
        Field("device_id", REFERENCE),
        Field("description", DESCRIPTION),
        Field("valid_from", INSTANT, None),
        Field("valid_to", INSTANT, None),
        Field("reason", Text(500), ""),
    ),
)


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """A document as it was read: what is good, by its place in its list, and all its faults."""

    suppliers: tuple[tuple[int, SupplierDetails], ...]
    devices: tuple[tuple[int, DeviceTold], ...]
    read: int
    faults: tuple[JsonFault, ...]


def read_devices(source: bytes) -> DeviceFile:
    """Read a document of suppliers and devices; the good ones come out, every fault is told."""
    values = parse_json(source)
    if isinstance(values, JsonFault):
        return DeviceFile((), (), 0, (values,))
    fault = _form_fault(values)
    if fault is not None or not isinstance(values, dict):
        return DeviceFile((), (), 0, () if fault is None else (fault,))
    reading = Reading(this_year=9999)  # no identifier of a person is in it
    suppliers = _read(SUPPLIER, values.get("suppliers", []), "suppliers", reading)
    devices = _read(DEVICE, values.get("devices", []), "devices", reading)
    read = sum(len(values.get(name, [])) for name in _LISTS)
    return DeviceFile(tuple(suppliers), tuple(devices), read, tuple(reading.faults))


def write_devices(suppliers: Iterable[SupplierDetails], devices: Iterable[DeviceTold]) -> bytes:
    """The document of these; `read_devices` gives equal ones."""
    values = {
        "format": FORMAT,
        "suppliers": [SUPPLIER.write(one) for one in suppliers],
        "devices": [DEVICE.write(one) for one in devices],
    }
    return canonical_json(values).encode()


def device_schema() -> Schema:
    """The JSON Schema of a document. What it lets pass may still be refused by the checks."""
    shared: dict[str, Schema] = {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Suppliers and devices",
        "type": "object",
        "additionalProperties": False,
        "required": ["format"],
        "properties": {
            "format": {"const": FORMAT},
            "suppliers": {"type": "array", "items": SUPPLIER.schema(shared)},
            "devices": {"type": "array", "items": DEVICE.schema(shared)},
        },
        "$defs": dict(sorted(shared.items())),
    }


def can_be_kept(value: SupplierDetails | DeviceTold) -> bool:
    """Whether the value comes back from its document: not so with text that is empty or too long.

    What was read from a document always can.
    """
    codec = SUPPLIER if isinstance(value, SupplierDetails) else DEVICE
    read: Any = codec.read(codec.write(value), "", Reading(this_year=9999))
    return bool(read == value)


def _read(codec: Record, values: list[Any], name: str, reading: Reading) -> list[tuple[int, Any]]:
    read = [codec.read(x, f"{name}[{n}]", reading) for n, x in enumerate(values)]
    return [(n, value) for n, value in enumerate(read) if value is not BROKEN]


def _form_fault(values: object) -> JsonFault | None:
    if not isinstance(values, dict) or not {"format"} <= set(values) <= {"format", *_LISTS}:
        action = "write one object with format, suppliers and devices, and nothing else"
        return JsonFault("", "is not a document of devices", action)
    if values["format"] != FORMAT:
        return JsonFault("format", "is not known", f'write "{FORMAT}"')
    for name in _LISTS:
        if not isinstance(values.get(name, []), list):
            return JsonFault(name, "must be a list", "write it in square brackets")
    return None
