"""What a home unit tells: whether it hears the tag, and whether it can be believed.

A unit's word stands for a while and is then no word any more: units repeat what they hear.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


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
