"""What a home unit tells: whether it hears the tag, and whether it can be believed.

A unit's word stands for a while and is then no word any more: units repeat what they hear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from tipstaff.monitoring.events import DeviceEvent, EventKind


class HomeUnitKind(IntEnum):
    """What happened; at one instant they are taken in this order."""

    POWER_OFF = 0  # the mains are gone
    POWER_ON = 1
    MOVED = 2  # it was carried about or tilted
    RETURNED = 3  # it was put up at the address, or is back in its place
    DEAF = 4  # it does not hear the tag
    HEARS = 5


@dataclass(frozen=True, slots=True, order=True)
class HomeUnitEvent:
    """An event of the unit at an address, by the address's reference; `ingested_us` as of a fix."""

    at_us: int
    kind: HomeUnitKind
    address: str
    ingested_us: int = 0


_KINDS: Final[Mapping[EventKind, HomeUnitKind]] = {
    EventKind.HOME_POWER_OFF: HomeUnitKind.POWER_OFF,
    EventKind.HOME_POWER_ON: HomeUnitKind.POWER_ON,
    EventKind.HOME_MOVED: HomeUnitKind.MOVED,
    EventKind.HOME_RETURNED: HomeUnitKind.RETURNED,
    EventKind.HOME_DEAF: HomeUnitKind.DEAF,
    EventKind.HOME_HEARS: HomeUnitKind.HEARS,
}


def unit_event(event: DeviceEvent, address: str) -> HomeUnitEvent | None:
    """What an event of the unit at `address` says of who is there; None where it says nothing."""
    kind = _KINDS.get(event.kind)
    if kind is None:
        return None
    return HomeUnitEvent(event.at_us, kind, address, event.ingested_us)
