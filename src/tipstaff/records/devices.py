"""The register of suppliers and devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tipstaff.domain.devices import DeviceName
from tipstaff.records.chunks import CHUNK, chunked
from tipstaff.records.models import Device, Supplier


def keys_of(supplier: str, device_ids: Iterable[str]) -> dict[str, int]:
    """The archive's key of each device that is registered."""
    found: dict[str, int] = {}
    for chunk in chunked(sorted(set(device_ids))):
        rows = Device.objects.filter(supplier__name=supplier, device_id__in=chunk)
        found.update(rows.values_list("device_id", "device_key"))
    return found


def register(supplier: str, device_ids: Iterable[str]) -> dict[str, int]:
    """Keys of all `device_ids`, each made at random for a device not seen before.

    A device that another process registers at the same moment keeps that one's key.
    """
    wanted = set(device_ids)
    missing = sorted(wanted - keys_of(supplier, wanted).keys())
    if missing:
        owner, _made = Supplier.objects.get_or_create(name=supplier)
        Device.objects.bulk_create(
            [Device(supplier=owner, device_id=name) for name in missing],
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
    return keys_of(supplier, wanted)


def names_of(device_keys: Iterable[int]) -> dict[int, DeviceName]:
    """The supplier's name of each key that is registered."""
    found: dict[int, DeviceName] = {}
    for chunk in chunked(sorted(set(device_keys))):
        rows = Device.objects.filter(device_key__in=chunk)
        for key, supplier, name in rows.values_list("device_key", "supplier__name", "device_id"):
            found[key] = DeviceName(supplier, name)
    return found


def keys_named(device_id: str) -> dict[int, DeviceName]:
    """Every device of that name, whichever supplier's."""
    rows = Device.objects.filter(device_id=device_id).values_list("device_key", "supplier__name")
    return {key: DeviceName(supplier, device_id) for key, supplier in rows}


def every_device() -> Iterator[tuple[int, DeviceName]]:
    """All devices, by supplier and device id."""
    rows = Device.objects.order_by("supplier__name", "device_id")
    for key, supplier, name in rows.values_list("device_key", "supplier__name", "device_id"):
        yield key, DeviceName(supplier, name)
