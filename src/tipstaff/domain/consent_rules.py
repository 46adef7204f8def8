"""Which consents an order needs before anybody is monitored under it.

- A voluntary order needs the wearer's consent.
- A curfew at an address of somebody else's needs the householder's, where their record says so
  (`Address.needs_householder`).
- Proximity that protects a victim needs the victim's prior consent (Council of Europe,
  CM/Rec(2014)4). Protection from another wearer is between two orders and needs none.

Only what is active is judged: of a referral, or an order that is over, nothing is collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tipstaff.domain.conditions import Condition, Curfew, Protected, Proximity
from tipstaff.domain.consent_checks import ConsentCode
from tipstaff.domain.consents import Consent, ConsentKind, in_force
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.problems import Problem
from tipstaff.domain.wearers import Wearer

_MICROSECOND = timedelta(microseconds=1)


def needs_consent(order: Order, wearer: Wearer) -> bool:
    """Whether the order needs anybody's consent at all."""
    return any(True for _ in consent_problems(order, wearer, (), order.starts_at))


def asked_at(order: Order, valid_from: datetime) -> datetime:
    """The instant at which consent must be in force, of a version that holds from `valid_from`.

    The version's own beginning, brought into the time in which the order is in force.
    """
    at = max(valid_from, order.starts_at)
    return at if order.ends_at is None else min(at, order.ends_at - _MICROSECOND)


def consent_problems(
    order: Order, wearer: Wearer, consents: Iterable[Consent], at: datetime
) -> Iterator[Problem]:
    """Every consent that an active order lacks at `at`."""
    if order.status is not OrderStatus.ACTIVE:
        return
    given = tuple(consents)
    if order.basis is LegalBasis.VOLUNTARY and not in_force(given, ConsentKind.VOLUNTARY, at):
        action = "record the wearer's consent to a voluntary tag first: none is in force"
        yield Problem(ConsentCode.NO_VOLUNTARY_CONSENT, "", action)
    agreed = {c.address for c in in_force(given, ConsentKind.HOUSEHOLDER, at)}
    protected = {c.person for c in in_force(given, ConsentKind.VICTIM, at)}
    for index, condition in enumerate(order.conditions):
        where = f"conditions[{index}]"
        if _shared_addresses(condition, wearer) - agreed:
            action = "record the consent of each householder whose address the curfew names first"
            yield Problem(ConsentCode.NO_HOUSEHOLDER_CONSENT, f"{where}.timetable", action)
        if _victim(condition) is not None and _victim(condition) not in protected:
            action = "record the victim's consent first: protection is not put on anybody"
            yield Problem(ConsentCode.NO_VICTIM_CONSENT, f"{where}.person", action)


def _shared_addresses(condition: Condition, wearer: Wearer) -> set[str]:
    if not isinstance(condition, Curfew):
        return set()
    table = condition.timetable
    hours = [*(row.hours for row in table.rows), table.release_day]
    named = {name for each in hours if each is not None for name in each.addresses}
    named.update(name for one_off in table.one_offs for name in one_off.addresses)
    return {a.reference for a in wearer.addresses if a.needs_householder} & named


def _victim(condition: Condition) -> str | None:
    if isinstance(condition, Proximity) and condition.protects is Protected.VICTIM:
        return condition.person
    return None
