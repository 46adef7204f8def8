"""May a message be taken in? Asked of every message, before it is stored.

A gate is a callable, so that the law of orders and consent can stand in for what is here: who wore
the device. It answers for each (device, time) with one of three verbs and a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.periods import to_micros
from tipstaff.records import had_devices
from tipstaff.services.remembered import remembered


class Verb(StrEnum):
    """What is done with a message."""

    KEEP = "keep"
    DROP_COUNTED = "drop_counted"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with a message, and why."""

    verb: Verb
    reason: str


#: Of each device's name and time in microseconds, in order: the verdict. It is told the supplier
#: and when the messages were received.
Gate = Callable[[str, Sequence[tuple[str, int]], datetime], Sequence[Verdict]]

_KEPT: Final = Verdict(Verb.KEEP, "in_force")
_NOBODY: Final = Verdict(Verb.QUARANTINE, "device_of_nobody")


def worn_or_held(
    supplier: str, asked: Sequence[tuple[str, int]], received_at: datetime
) -> list[Verdict]:
    """Keep what a device sends while an activation, or a holding, says that somebody has it."""
    del received_at
    names = {device for device, _time in asked}
    had = remembered("had", supplier, names, lambda new: _periods(supplier, new))
    return [
        _KEPT if any(start <= time < end for start, end in had[device]) else _NOBODY
        for device, time in asked
    ]


def _periods(supplier: str, devices: set[str]) -> dict[str, list[tuple[int, int]]]:
    found = had_devices.periods_of(supplier, devices)
    return {
        device: [(to_micros(p.start), to_micros(p.end)) for p in found.get(device, ())]
        for device in devices
    }
