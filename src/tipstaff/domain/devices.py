"""Devices: what is known of a piece of equipment, as one fact says it. Nothing here is of a person.

Who wore a device when is no part of this: that is for activations to say, and holdings for what
is not worn by a wearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem


class DeviceKind(StrEnum):
    """What a device is for. A two-piece device is a bracelet and a receiver that stays near it."""

    TAG = "tag"
    TWO_PIECE = "two_piece"
    HOME_UNIT = "home_unit"
    VICTIMS_DEVICE = "victims_device"


@dataclass(frozen=True, slots=True, order=True)
class DeviceName:
    """A device as its supplier names it."""

    supplier: str
    device_id: str


#: Kinds that a wearer wears. Positions of the others are nobody's and are never searched.
WORN_KINDS: Final = frozenset({DeviceKind.TAG, DeviceKind.TWO_PIECE})


class DeviceState(StrEnum):
    """Where a device is. `WORN` is never told: it follows from who wore what."""

    IN_STOCK = "in_stock"
    ISSUED = "issued"
    WORN = "worn"
    RETURNED = "returned"
    LOST = "lost"
    DAMAGED = "damaged"
    RETIRED = "retired"


#: States in which a device can be given out.
TO_HAND: Final = frozenset({DeviceState.IN_STOCK, DeviceState.ISSUED, DeviceState.RETURNED})
LONGEST_INTERVAL_S: Final = 86_400


class DeviceCode(StrEnum):
    """Why what is told of a device is refused."""

    WORN_IS_NOT_TOLD = "WORN_IS_NOT_TOLD"
    INTERVAL = "INTERVAL"
    DEVICE_KNOWN = "DEVICE_KNOWN"
    DEVICE_NOT_KNOWN = "DEVICE_NOT_KNOWN"
    KIND_IN_USE = "KIND_IN_USE"
    TIME_TO_COME = "TIME_TO_COME"


@dataclass(frozen=True, slots=True)
class Description:
    """What a fact says of a device. `serial` and `firmware` are empty where they are not known.

    `reporting_s`: how many seconds apart it is meant to report, None where that is not known.
    `trial`: the trial in whose fleet it is, empty where it is in none.
    """

    kind: DeviceKind
    model: str
    serial: str = ""
    firmware: str = ""
    state: DeviceState = DeviceState.IN_STOCK
    reporting_s: int | None = None
    trial: str = ""


@dataclass(frozen=True, slots=True)
class DeviceTold:
    """What is told of a device: from `valid_from` up to, not including, `valid_to`.

    Without a beginning: the first time since ever, after that from now on. None as an end: without
    one.
    """

    supplier: str
    device_id: str
    description: Description
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""


def check_description(described: Description) -> tuple[Problem, ...]:
    """Everything wrong with a description."""
    found: list[Problem] = []
    if described.state is DeviceState.WORN:
        action = "record a fitting: that a device is worn follows from it"
        found.append(Problem(DeviceCode.WORN_IS_NOT_TOLD, "state", action))
    interval = described.reporting_s
    if interval is not None and not 1 <= interval <= LONGEST_INTERVAL_S:
        action = f"write whole seconds from 1 to {LONGEST_INTERVAL_S}, or leave it out"
        found.append(Problem(DeviceCode.INTERVAL, "reporting_s", action))
    return tuple(found)
