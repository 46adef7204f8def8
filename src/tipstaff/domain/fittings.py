"""Fittings: that a device was put on a wearer, and taken off again, with who did it and how.

One is about a person and stays out of `repr`. The activation of the same reference is what
positions are attributed by; a fitting says what stands behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.devices import DeviceState
from tipstaff.domain.zones import Place


class StrapCheck(StrEnum):
    """Whether the strap was found to hold, and to tell when it is opened."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not_done"


class RemovalReason(StrEnum):
    """Why a device came off."""

    ORDER_ENDED = "order_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CUSTODY = "custody"
    SWAPPED = "swapped"
    FAULT = "fault"
    MEDICAL = "medical"
    CUT_OFF = "cut_off"
    LOST = "lost"
    OTHER = "other"


#: Where a device is after it came off; the others are returned.
STATE_AFTER: Final = {
    RemovalReason.LOST: DeviceState.LOST,
    RemovalReason.FAULT: DeviceState.DAMAGED,
    RemovalReason.CUT_OFF: DeviceState.DAMAGED,
}


class FittingCode(StrEnum):
    """Why a fitting, a removal, or a device for a home or a victim is refused."""

    TIME_TO_COME = "TIME_TO_COME"
    DEVICE_NOT_DESCRIBED = "DEVICE_NOT_DESCRIBED"
    DEVICE_NOT_TO_HAND = "DEVICE_NOT_TO_HAND"
    DEVICE_OF_OTHER_KIND = "DEVICE_OF_OTHER_KIND"
    DEVICE_IN_USE = "DEVICE_IN_USE"
    WEARS_ONE_ALREADY = "WEARS_ONE_ALREADY"
    WEARER_NOT_KNOWN = "WEARER_NOT_KNOWN"
    NO_ORDER_IN_FORCE = "NO_ORDER_IN_FORCE"
    ORDER_DOES_NOT_PROTECT = "ORDER_DOES_NOT_PROTECT"
    ADDRESS_NOT_KNOWN = "ADDRESS_NOT_KNOWN"
    STRAP_CHECK_FAILED = "STRAP_CHECK_FAILED"
    REFERENCE_TAKEN = "REFERENCE_TAKEN"
    NOT_WORN = "NOT_WORN"
    NOT_HELD = "NOT_HELD"


@dataclass(frozen=True, slots=True, repr=False)
class Fitted:
    """That it was put on: when, by whom, where.

    `baseline` is where it was then, as whoever fitted it says; None where nobody said.
    """

    at: datetime
    by: str
    place: str = ""
    strap_check: StrapCheck = StrapCheck.NOT_DONE
    baseline: Place | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Removed:
    """That it was taken off, or found to be off: when, by whom, why."""

    at: datetime
    by: str
    reason: RemovalReason
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Fitting:
    """A device on a wearer. `reference` is that of the activation.

    `order`: the reference of the order under which it was fitted. It, and `fitted`, are None where
    only the activation was sent, and nobody recorded the fitting itself. `annulled`: why it is now
    known that it never was.
    """

    reference: str
    wearer: str
    supplier: str
    device_id: str
    order: str | None = None
    fitted: Fitted | None = None
    removed: Removed | None = None
    annulled: str = ""
