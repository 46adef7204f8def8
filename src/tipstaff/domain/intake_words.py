"""What the gate at the intake is told, and what it can answer (see `intake_gate`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.consents import Consent
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch


class Verb(StrEnum):
    """What is done with a fix."""

    KEEP = "keep"
    DROP_COUNTED = "drop_counted"
    QUARANTINE = "quarantine"


class GateReason(StrEnum):
    """Why; counted, and shown with every import."""

    IN_FORCE = "in_force"
    HELD = "held"
    LATE_KEPT = "late_kept"
    LATE_AFTER_WITHDRAWAL = "late_after_withdrawal"
    LATE_AFTER_END = "late_after_end"
    ACTIVATION_ENDED = "activation_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ORDER_OVER = "order_over"
    ORDER_SUSPENDED = "order_suspended"
    DEVICE_OF_NOBODY = "device_of_nobody"
    NO_ORDER_KNOWN = "no_order_known"
    NO_CONSENT_KNOWN = "no_consent_known"
    ORDER_NOT_YET_ACTIVE = "order_not_yet_active"


#: What to do about fixes that are quarantined for each of these.
GATE_ACTIONS: Final[dict[GateReason, str]] = {
    GateReason.DEVICE_OF_NOBODY: "record who wore the device, or have the supplier stop sending it",
    GateReason.NO_ORDER_KNOWN: "record the wearer's order, or end the activation",
    GateReason.NO_CONSENT_KNOWN: "record the wearer's consent, or end the order",
    GateReason.ORDER_NOT_YET_ACTIVE: "record that the order is active, and from when",
}


class LateFixes(StrEnum):
    """What becomes of fixes that were lawful and come late."""

    DROP = "drop"
    KEEP = "keep_until_erasure"


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """A version of what becomes of late fixes. A used version is never changed."""

    policy_id: str
    version: int
    source: str
    after_withdrawal: LateFixes
    after_end: LateFixes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with a fix, and why."""

    verb: Verb
    reason: GateReason


@dataclass(frozen=True, slots=True)
class WearerFacts:
    """A wearer's orders by reference, each as its stretches in order; their consents.

    `held`: a legal hold keeps what there is of them.
    """

    orders: Mapping[str, tuple[StatusStretch, ...]] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Worn:
    """That a wearer (by reference) wore the device from `start` up to `end`."""

    start: datetime
    end: datetime
    wearer: str


@dataclass(frozen=True, slots=True, repr=False)
class WithVictim:
    """That a victim (by reference) had the device, whom an order of a wearer's protects."""

    start: datetime
    end: datetime
    victim: str
    wearer: str
    order: str


@dataclass(frozen=True, slots=True, repr=False)
class DeviceFacts:
    """Who wore a device when, or which victim had it, and the facts of the wearers."""

    worn: tuple[Worn, ...] = ()
    with_victims: tuple[WithVictim, ...] = ()
    wearers: Mapping[str, WearerFacts] = field(default_factory=dict)

    @property
    def had(self) -> tuple[Worn | WithVictim, ...]:
        """Every period in which somebody had it."""
        return (*self.worn, *self.with_victims)

    @property
    def hangs_on_time(self) -> bool:
        """Whether these are facts of an instant: consents and holds, read as they stand then."""
        every = self.wearers.values()
        orders = (order for facts in every for order in facts.orders.values())
        held = any(facts.held for facts in every)
        return bool(self.with_victims) or held or any(map(is_voluntary, orders))


def is_voluntary(timeline: tuple[StatusStretch, ...]) -> bool:
    """Whether an order is, or was at any time, one that its wearer chose."""
    return any(stretch.basis is LegalBasis.VOLUNTARY for stretch in timeline)
