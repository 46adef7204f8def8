"""What the withdrawal of a consent does to a case, at the instant from which it holds.

Voluntary: every voluntary order of the wearer ends then, and where one restores a licence, the
licence's conditions are again those from before the voluntary order began. Nothing else:
withdrawing only restores the original licence. A householder's or a victim's withdrawal changes no
order by itself; the orders that now lack a consent are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.consent_checks import ConsentCode
from tipstaff.domain.consents import Consent, ConsentKind, Withdrawal
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import NOT_YET_MADE, OVER, Decision, Officer, Order, OrderStatus
from tipstaff.domain.problems import Problem

#: The reason that the records give; the wearer needs none.
WHY: Final = "Consent was withdrawn."
_MICROSECOND = timedelta(microseconds=1)


def withdrawal_problems(
    consent: Consent | None, others: Iterable[Consent], at: datetime, now: datetime
) -> Iterator[Problem]:
    """Why a consent cannot be withdrawn at `at`. One that merely ran out can be.

    It still covers the crimes of its time until then.
    """
    if consent is None:
        action = "no consent of that reference is on record: check it"
        yield Problem(ConsentCode.CONSENT_NOT_KNOWN, "reference", action)
        return
    if consent.withdrawn is not None:
        action = "this consent was withdrawn before: nothing is left to do"
        yield Problem(ConsentCode.CONSENT_NOT_IN_FORCE, "reference", action)
    after = [c for c in others if c.supersedes == consent.reference and c.kind is consent.kind]
    if any(c.withdrawn is None for c in after):
        action = "another consent took its place: withdraw that one, it ends both"
        yield Problem(ConsentCode.CONSENT_NOT_IN_FORCE, "reference", action)
    if at > now:
        action = "a withdrawal holds at once: leave the time out, or give when it was told"
        yield Problem(ConsentCode.CONSENT_IN_FUTURE, "at", action)
    if at < consent.given_at:
        action = "a consent is withdrawn after it is given: check the time"
        yield Problem(ConsentCode.WITHDRAWN_BEFORE_GIVEN, "at", action)


def ended_orders(
    consent: Consent, orders: Iterable[Order], withdrawal: Withdrawal
) -> tuple[Order, ...]:
    """The voluntary orders as they are from the withdrawal on; not those that are over."""
    if consent.kind is not ConsentKind.VOLUNTARY:
        return ()
    return tuple(
        _ended(order, withdrawal)
        for order in orders
        if order.basis is LegalBasis.VOLUNTARY
        and order.status not in OVER | {OrderStatus.NOT_SUITABLE}
        and (order.ends_at is None or order.ends_at > withdrawal.at)
    )


def restored(licence: Order, original: Order) -> Order | None:
    """The licence with its original conditions; None where it is over, or has them anyway."""
    if licence.status in OVER or licence.conditions == original.conditions:
        return None
    return replace(licence, conditions=original.conditions)


def before(order: Order) -> datetime:
    """The last instant before an order begins: what a licence said then is the original."""
    return order.starts_at - _MICROSECOND


def _ended(order: Order, withdrawal: Withdrawal) -> Order:
    by = Officer(withdrawal.told_to, order.officer.organisation)
    if order.status in NOT_YET_MADE:
        made = Decision(OrderStatus.NOT_SUITABLE, by, withdrawal.at, WHY)
        return replace(order, status=OrderStatus.NOT_SUITABLE, decision=made)
    made = Decision(OrderStatus.ENDED, by, withdrawal.at, WHY)
    # An order that has not begun yet is over as it begins.
    ends = max(withdrawal.at, order.starts_at + _MICROSECOND)
    return replace(order, status=OrderStatus.ENDED, ends_at=ends, decision=made)
