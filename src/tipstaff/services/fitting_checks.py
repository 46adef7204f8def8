"""What must be so before a device goes on a wearer, into a home or to a victim."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.devices import TO_HAND, Description, DeviceKind
from tipstaff.domain.fittings import FittingCode
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.wearers import Wearer
from tipstaff.records import activations, case_versions, device_facts, devices
from tipstaff.services.access import Access
from tipstaff.services.limited_access import cleared

_ACTIONS: Final = {
    FittingCode.TIME_TO_COME: "record it when it has happened: the time is still to come",
    FittingCode.DEVICE_NOT_DESCRIBED: "say first what the device is: 'tipstaff devices register'",
    FittingCode.DEVICE_NOT_TO_HAND: "take one that is in stock, issued or returned",
    FittingCode.DEVICE_OF_OTHER_KIND: "take a device of the kind that this is for",
    FittingCode.DEVICE_IN_USE: "record first that it came off where it is now, or mend the time",
    FittingCode.WEARS_ONE_ALREADY: "record the removal of the one they wear, or swap the two",
    FittingCode.WEARER_NOT_KNOWN: "record the wearer first: no record of that reference is there",
    FittingCode.NO_ORDER_IN_FORCE: (
        "record the order first: at that time none of the wearer's was active and had begun"
    ),
    FittingCode.ORDER_DOES_NOT_PROTECT: "take an order with a proximity condition for this victim",
    FittingCode.ADDRESS_NOT_KNOWN: "take the reference of an address in the wearer's record",
    FittingCode.STRAP_CHECK_FAILED: "fit it anew, or another one, and check the strap again",
    FittingCode.REFERENCE_TAKEN: "take a reference that no activation of this supplier has",
    FittingCode.NOT_WORN: "check the device and the time: nobody is known to have worn it then",
    FittingCode.NOT_HELD: "check the device and the time: it is not known to have been there then",
}


class RefusedWork(Exception):  # noqa: N818 (undoes what was begun; it never leaves the services)
    """Something is wrong: what was begun is undone."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def refuse(code: FittingCode, where: str) -> RefusedWork:
    """What is wrong, and what to do about it."""
    return RefusedWork(Problem(code, where, _ACTIONS[code]))


@dataclass(frozen=True, slots=True)
class Whose:
    """A wearer's record and orders as they were at an instant, as is known now."""

    wearer: Wearer
    orders: tuple[Order, ...]


def not_to_come(at: datetime, now: datetime) -> None:
    """Refuse what has not happened yet."""
    if at > now:
        raise refuse(FittingCode.TIME_TO_COME, "at")


def device_ready(
    supplier: str, device_id: str, at: datetime, kinds: Collection[DeviceKind], now: datetime
) -> Description:
    """What the device is, one of these kinds and to hand at `at`; refused otherwise."""
    described = description_at(supplier, device_id, at, now)
    if described is None:
        raise refuse(FittingCode.DEVICE_NOT_DESCRIBED, "device_id")
    if described.kind not in kinds:
        raise refuse(FittingCode.DEVICE_OF_OTHER_KIND, "device_id")
    if described.state not in TO_HAND:
        raise refuse(FittingCode.DEVICE_NOT_TO_HAND, "device_id")
    return described


def description_at(
    supplier: str, device_id: str, at: datetime, now: datetime
) -> Description | None:
    """What the device is known to have been at `at`."""
    keys = devices.keys_of(supplier, [device_id])
    facts = device_facts.known_of(keys.values())
    shown = device_facts.shown(
        [fact for listed in facts.values() for fact in listed], valid_at=at, known_at=now
    )
    return None if shown is None else shown.description


def whose(access: Access, wearer: str, at: datetime, now: datetime) -> Whose:
    """The wearer's record and orders at `at`; one of limited access is nobody's."""
    found = case_versions.find(wearer, now=now)
    if found is None or (found.limited and not cleared(access)):
        raise refuse(FittingCode.WEARER_NOT_KNOWN, "wearer")
    told = case_versions.known_of(found.row, known_at=now)
    at_once = [case_versions.showing(s.versions, valid_at=at, known_at=now) for s in told]
    values = [fact.value for fact in at_once if fact is not None]
    people = [value for value in values if isinstance(value, Wearer)]
    if not people:
        raise refuse(FittingCode.WEARER_NOT_KNOWN, "wearer")
    return Whose(people[0], tuple(value for value in values if isinstance(value, Order)))


def order_in_force(known: Whose, at: datetime, order: str | None = None) -> Order:
    """The order in force at `at`: that of the reference, or the first; refused without one."""
    for found in known.orders:
        ends = found.ends_at is not None and found.ends_at <= at
        in_force = found.status is OrderStatus.ACTIVE and found.starts_at <= at and not ends
        if in_force and order in {None, found.reference}:
            return found
    raise refuse(FittingCode.NO_ORDER_IN_FORCE, "order")


def wears_no_other(wearer: str, period: Period, described: Description, now: datetime) -> None:
    """Refuse a second device of the kind: but in a trial two are worn side by side.

    A device of which nobody has said what it is counts as one of the kind.
    """
    for worn in activations.worn_in(period, wearer=wearer):
        other = description_at(worn.supplier, worn.device_id, worn.start, now)
        in_trial = bool(described.trial or (other is not None and other.trial))
        if (other is None or other.kind is described.kind) and not in_trial:
            raise refuse(FittingCode.WEARS_ONE_ALREADY, "wearer")


def fitting_of(wearer: str, reference: str) -> case_versions.VersionFact | None:
    """The last that was recorded of a fitting."""
    subject = case_versions.subject_of(wearer, Kind.FITTING, reference)
    facts = () if subject is None else case_versions.history(subject)
    return facts[-1] if facts else None
