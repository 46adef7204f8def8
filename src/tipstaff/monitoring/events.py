"""Events: what devices report that is no position, and the order in which they are taken.

Which code of a supplier is which kind is data (`formats.event_codes`). A code that nobody knows is
kept as `UNKNOWN_CODE`: it may have been a strap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What is reported. At one instant the order here is the order of taking: bad news last."""

    HEARTBEAT = "heartbeat"
    RESTARTED = "restarted"
    STRAP_RESTORED = "strap_restored"
    CASE_CLOSED = "case_closed"
    TAMPER_CLEARED = "tamper_cleared"
    CHARGER_OFF = "charger_off"
    CHARGER_ON = "charger_on"
    BATTERY_LEVEL = "battery_level"
    BATTERY_LOW = "battery_low"
    BATTERY_CRITICAL = "battery_critical"
    BATTERY_DEAD = "battery_dead"
    HOME_POWER_ON = "home_power_on"
    HOME_RETURNED = "home_returned"
    HOME_HEARS = "home_hears"
    HOME_DEAF = "home_deaf"
    HOME_POWER_OFF = "home_power_off"
    HOME_MOVED = "home_moved"
    HOME_FAULT = "home_fault"
    SUPPLIER_CURFEW = "supplier_curfew"
    JAMMED = "jammed"
    FAULT = "fault"
    UNKNOWN_CODE = "unknown_code"
    CASE_OPENED = "case_opened"
    STRAP_CUT = "strap_cut"


EVENT_WORDS: Final[Mapping[EventKind, str]] = {
    EventKind.HEARTBEAT: "is there",
    EventKind.RESTARTED: "started anew",
    EventKind.STRAP_RESTORED: "strap whole again",
    EventKind.CASE_CLOSED: "case closed again",
    EventKind.TAMPER_CLEARED: "strap and case whole again",
    EventKind.CHARGER_OFF: "off its charger",
    EventKind.CHARGER_ON: "on its charger",
    EventKind.BATTERY_LEVEL: "battery at a level, in per cent",
    EventKind.BATTERY_LOW: "battery low",
    EventKind.BATTERY_CRITICAL: "battery nearly empty",
    EventKind.BATTERY_DEAD: "battery empty",
    EventKind.HOME_POWER_ON: "home unit has power again",
    EventKind.HOME_RETURNED: "home unit back in its place",
    EventKind.HOME_HEARS: "home unit hears the tag",
    EventKind.HOME_DEAF: "home unit does not hear the tag",
    EventKind.HOME_POWER_OFF: "home unit without power",
    EventKind.HOME_MOVED: "home unit moved",
    EventKind.HOME_FAULT: "home unit faulty",
    EventKind.SUPPLIER_CURFEW: "what the supplier itself concluded of a curfew",
    EventKind.JAMMED: "being jammed",
    EventKind.FAULT: "faulty",
    EventKind.UNKNOWN_CODE: "a code that is not known",
    EventKind.CASE_OPENED: "case opened",
    EventKind.STRAP_CUT: "strap cut",
}
_ORDER: Final = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True, repr=False)
class DeviceEvent:
    """An event at `at_us`, µs since 1970 by the device's clock; `ingested_us`: when we took it in.

    `content`: the supplier's code and what came with it. `level_pct`: the battery's level in whole
    per cent, -1 where none is stated.
    """

    at_us: int
    kind: EventKind
    ingested_us: int = 0
    content: str = ""
    level_pct: int = -1


def told(events: Iterable[DeviceEvent]) -> list[DeviceEvent]:
    """Each event once, known from its first coming on, in the order of taking."""
    known: dict[tuple[int, int, str, int], DeviceEvent] = {}
    for event in events:
        key = taking(event)
        other = known.get(key)
        if other is None or event.ingested_us < other.ingested_us:
            known[key] = event
    return [known[key] for key in sorted(known)]


def taking(event: DeviceEvent) -> tuple[int, int, str, int]:
    """By what an event is taken, and what makes two reports one event: content, never arrival."""
    return event.at_us, _ORDER[event.kind], event.content, event.level_pct


@dataclass(frozen=True, slots=True)
class EventCodes:
    """Codes of the field and the kinds they are, one version; codes are compared in lower case."""

    codes_id: str
    version: int
    title: str
    source: str
    kinds: Mapping[str, EventKind]

    def event(self, code: str, at_us: int, ingested_us: int, level_pct: int = -1) -> DeviceEvent:
        """The event that a code reports. A code that is not known is kept, never dropped."""
        named = " ".join(code.lower().split())
        kind = self.kinds.get(named, EventKind.UNKNOWN_CODE)
        return DeviceEvent(at_us, kind, ingested_us, named, level_pct)
