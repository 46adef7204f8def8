"""Messages of the inbox as facts of lives: whose a message is follows from the time it is of.

A tag's message is of whoever wore it then; one whose clock is wrong, of whoever wears it now, and
nothing of it is taken to be so. A home unit's is of every tag of the wearer at whose address it
stood.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import numpy as np

from tipstaff.domain.device_clocks import ClockFault
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import MessageKind, Received
from tipstaff.monitoring.brought_on import LiveFact
from tipstaff.monitoring.errors_of_fixes import nominal_cm
from tipstaff.monitoring.events import DeviceEvent, EventCodes
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.home_unit import unit_event
from tipstaff.monitoring.lives import Life, UnitName, address_of_unit, units_of
from tipstaff.monitoring.place_columns import NEVER
from tipstaff.monitoring.watchroom import Arrived
from tipstaff.services.error_models import instance_error_model

#: Where suppliers write how full a battery is, in per cent.
_LEVELS: Final = ("level_pct", "batteryLevel", "batt")
Codes = Callable[[str, str], EventCodes]


@dataclass(frozen=True, slots=True)
class Directory:
    """Whose each device is: lives by the tag, and by the home unit that speaks of them.

    `worn`: of each tag from when to when (µs) it is of which life, by the life's key.
    """

    tags: Mapping[UnitName, Sequence[Life]]
    units: Mapping[UnitName, Sequence[Life]]
    worn: Mapping[UnitName, Sequence[tuple[int, int, str]]]

    @classmethod
    def of(cls, lives: Iterable[Life]) -> Directory:
        """A directory of these lives."""
        listed = list(lives)
        tags: dict[UnitName, list[Life]] = {}
        for life in listed:
            tags.setdefault((life.supplier, life.device_id), []).append(life)
        worn = {name: [_span(life) for life in own] for name, own in tags.items()}
        return cls(tags, units_of(listed), worn)


def _span(life: Life) -> tuple[int, int, str]:
    end = life.period.end
    end_us = NEVER if end is None else to_micros(end)
    return to_micros(life.period.start), end_us, str(life.life)


def arrivals(
    messages: Sequence[Received], directory: Directory, codes: Codes
) -> dict[str, list[Arrived]]:
    """The facts of each life, by its key, in the order of coming in. Nobody's are left out."""
    found: defaultdict[str, list[Arrived]] = defaultdict(list)
    for message, radius_cm in zip(messages, _radii(messages), strict=True):
        doubted = message.clock != ClockFault.NONE
        at_us = message.received_us if doubted else message.time_us
        if message.kind == MessageKind.FIX:
            worn = directory.worn.get((message.supplier, message.device_id), ())
            for start_us, end_us, key in worn:
                if start_us <= at_us < end_us:
                    found[key].append(Arrived(_fix(message, radius_cm), doubted))
        else:
            for life, fact in _of_event(message, from_micros(at_us), directory, codes):
                found[str(life.life)].append(Arrived(fact, doubted))
    for own in found.values():
        own.sort(key=attrgetter("fact.ingested_us"))
    return found


def _of_event(
    message: Received, at: datetime, directory: Directory, codes: Codes
) -> Iterator[tuple[Life, LiveFact]]:
    name = (message.supplier, message.device_id)
    worn = [life for life in directory.tags.get(name, ()) if life.period.contains(at)]
    event = event_of(message, codes)
    yield from ((life, event) for life in worn)
    for life in directory.units.get(name, ()):
        address = address_of_unit(life, name, at)
        if address is not None and life.period.contains(at):
            yield life, event
            told = unit_event(event, address)
            if told is not None:
                yield life, told


def _fix(message: Received, radius_cm: int) -> Fix:
    return Fix(
        message.time_us,
        message.lat_e7 or 0,
        message.lon_e7 or 0,
        message.mechanism or 0,
        radius_cm,
        message.received_us,
    )


def _radii(messages: Sequence[Received]) -> list[int]:
    """The 95% radius of each, cm; -1 where none is stated."""
    stated = [-1 if m.precision_cm is None else m.precision_cm for m in messages]
    level = [-1 if m.precision_level_pct is None else m.precision_level_pct for m in messages]
    nu = instance_error_model().nu
    found = nominal_cm(np.array(stated, dtype=np.int64), np.array(level, dtype=np.int64), nu)
    return [int(one) for one in found.tolist()]


def event_of(message: Received, codes: Codes) -> DeviceEvent:
    """An event's message as the engine takes it."""
    listed = codes(message.supplier, message.feed)
    level = level_of(message.body or "")
    return listed.event(message.code or "", message.time_us, message.received_us, level)


def level_of(body: str) -> int:
    """How full a battery is said to be, in whole per cent; -1 where it is not said."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        return -1
    if not isinstance(value, dict):
        return -1
    places = [value, value.get("attributes")]
    said = (p.get(name) for p in places if isinstance(p, dict) for name in _LEVELS)
    level = next((one for one in said if isinstance(one, int | float)), -1)
    return round(level) if 0 <= level <= 100 else -1
