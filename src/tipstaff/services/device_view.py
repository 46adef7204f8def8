"""Look at devices: a list as they stand now, one with all that was said of it, who wore it when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tipstaff.domain.devices import DeviceName
from tipstaff.domain.purposes import Purpose
from tipstaff.records import (
    activations,
    device_facts,
    device_lists,
    devices,
    holdings,
    wearers,
)
from tipstaff.records.activations import WornPeriod
from tipstaff.records.device_facts import FactView
from tipstaff.records.device_lists import DeviceLine, DevicesWanted
from tipstaff.records.holdings import Holding
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import NOBODY, sees
from tipstaff.services.recording import reading

__all__ = ["DeviceView", "DevicesWanted", "WhoHas", "list_devices", "show_device", "who_has"]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device as it was at `valid_at`, as far as it was known at `known_at`; all facts known then.

    `shown` is None where nothing was known of it then.
    """

    device: DeviceName
    valid_at: datetime
    known_at: datetime
    shown: FactView | None
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class WhoHas:
    """Who had a device at a time, as far as it was known at another: a wearer, a home, a victim."""

    worn: WornPeriod | None
    held: Holding | None


def list_devices(
    *, actor: str, purpose: Purpose, authority: str, wanted: DevicesWanted
) -> tuple[DeviceLine, ...]:
    """A page of devices as they stand now. It says that one is worn, not by whom."""
    access = admit_to(actor, purpose, authority, "list_devices")
    extent = {"state": wanted.state, "model": wanted.model, "limit": wanted.limit}
    with reading(access, extent=extent) as looked:
        lines = device_lists.listed(wanted, now=clock())
        looked.rows = len(lines)
    return lines


def show_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    valid_at: datetime | None = None,
    as_known_at: datetime | None = None,
) -> DeviceView | None:
    """What was said of a device, by both clocks; None where there is no such device."""
    access = admit_to(actor, purpose, authority, "show_device")
    now = clock()
    known = min(as_known_at or now, now)
    valid = valid_at or known
    keys = devices.keys_of(device.supplier, [device.device_id])
    extent = {"devices": [str(key) for key in keys.values()], "known_at": known.isoformat()}
    with reading(access, extent=extent) as looked:
        facts = device_facts.known_of(keys.values(), known_at=known)
        listed = tuple(fact for one in facts.values() for fact in one)
        looked.rows = len(listed)
    if not keys:
        return None
    shown = device_facts.shown(listed, valid_at=valid, known_at=known)
    return DeviceView(device, valid, known, shown, listed)


def who_has(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    at: datetime,
    as_known_at: datetime | None = None,
) -> WhoHas:
    """Who had a device at `at`, as is known now or was known at `as_known_at`.

    Nobody, where it was a wearer whom the actor may not see; and no victim without the purpose of
    keeping victims safe.
    """
    access = admit_to(actor, purpose, authority, "who_has")
    keys = devices.keys_of(device.supplier, [device.device_id])
    extent = {"devices": [str(key) for key in keys.values()], "at": at.isoformat()}
    with reading(access, extent=extent) as looked:
        worn = activations.worn_at(device.supplier, device.device_id, at, known_at=as_known_at)
        held = holdings.held_at(device.supplier, device.device_id, at, known_at=as_known_at)
        whose = worn.wearer if worn else held.wearer if held else NOBODY
        looked.subjects = wearers.subject_refs([whose])
        seen = sees(access, whose)
        looked.rows = len(looked.subjects) if seen else 0
    if held is not None and held.victim and purpose is not Purpose.VICTIM_SAFETY:
        held = None
    return WhoHas(worn, held) if seen else WhoHas(None, None)
