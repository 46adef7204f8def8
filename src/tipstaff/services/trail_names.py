"""Whom or what a name means: a wearer's reference, or a device's number.

Without activations a match takes each device for a wearer of its own, so a name may be on record
as both. It means a wearer only where an activation says that somebody wore something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tipstaff.domain.devices import DeviceKind, DeviceName
from tipstaff.domain.name_kinds import NameKind
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.positions.queries import Span
from tipstaff.records import activations, device_facts, devices, holdings, wearers
from tipstaff.records.activations import WornPeriod


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The name is a wearer's with an activation, and that of devices of these suppliers."""

    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name means. `devices` are those named so, by key; of a wearer there are none."""

    kind: NameKind
    name: str
    devices: Mapping[int, DeviceName]

    def subjects(self, period: Period) -> set[UUID]:
        """The references of the people whom a look at this concerns."""
        if self.kind is NameKind.WEARER:
            return wearers.subject_refs([self.name])
        worn = activations.subjects_of(self.devices, period)
        return worn | holdings.subjects_of(self.devices, period)

    def spans(self, period: Period) -> tuple[list[Span], list[WornPeriod]]:
        """What to look up in the archive, and who wore it."""
        if self.kind is NameKind.WEARER:
            worn = activations.worn_in(period, wearer=self.name)
            return [Span(w.device_key, Period(w.start, w.end)) for w in worn], worn
        worn = [w for w in activations.worn_in(period) if w.device_key in self.devices]
        return [Span(key, period) for key in self.devices], worn


def meaning(name: str, kind: NameKind | None, purpose: Purpose) -> Meant | Ambiguous | None:
    """What a name means, or what it could mean; None where nothing of that name is known.

    `kind` says which is meant where both are possible. For any `purpose` but victims' safety a
    victim's device is as if there were none.
    """
    owned = {} if kind is NameKind.WEARER else devices.keys_named(name)
    if owned and purpose is not Purpose.VICTIM_SAFETY:
        kept = device_facts.of_kinds(owned, {DeviceKind.VICTIMS_DEVICE})
        owned = {key: device for key, device in owned.items() if key not in kept}
    worn = kind is not NameKind.DEVICE and activations.wears_any(name)
    if worn and owned:
        return Ambiguous(tuple(sorted({device.supplier for device in owned.values()})))
    if owned:
        return Meant(NameKind.DEVICE, name, owned)
    if worn or (kind is not NameKind.DEVICE and wearers.subject_refs([name])):
        return Meant(NameKind.WEARER, name, {})
    return None
