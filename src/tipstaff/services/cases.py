"""Record wearers and orders, one at a time: each a new version, never an edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tipstaff.domain.cases import validity_problems
from tipstaff.domain.order_checks import check_order
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import OVER, Order
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearer_checks import check_wearer
from tipstaff.domain.wearers import Wearer
from tipstaff.records import wearers
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_reach import force_problems, not_usable, standing_of, take_on
from tipstaff.services.case_recording import RecordedCase, clock, record_told, today_at, told
from tipstaff.services.case_rules import Known, When, known_of, lacking, problems_of, rule_known
from tipstaff.services.limited_access import sees
from tipstaff.services.recording import changing


def record_wearer(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: Wearer,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record what is known of a wearer. When it holds: see `records.cases.Told`.

    What it makes wrong with their orders (an address that is gone, a child without a responsible
    adult) is told and does not hinder it: what has come to be known has to be on record. A new
    wearer is assigned to whoever records them, unless they reach everybody; a reference that stands
    for somebody out of reach is refused as one that cannot be used.
    """
    access = admit_to(actor, purpose, authority, "record_wearer")
    what = told(wearer, reason, valid_from, valid_to)
    wrong = (*check_wearer(wearer, today_at(clock())), *validity_problems(valid_from, valid_to))
    with changing(access, extent={"of": "wearer"}) as looked:
        now = clock()
        told_of = standing_of(access, [wearer.reference])
        problems = (*not_usable(told_of, wearer.reference), *wrong)
        done = record_told(access, what, problems, looked, now)
        if problems:
            return done
        take_on(access, told_of.new, now)
        if not sees(access, wearer.reference):
            return done
        return replace(done, consequences=_orders_with(wearer, now))


def record_order(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    order: Order,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record an order of a wearer whose record is there. When it holds: see `records.cases.Told`.

    A variation is the order told anew, with its reason, from the day on which it was varied. Its
    status moves along `domain.order_life` only, and an active order needs the consents and the
    assessment that it rests on.
    """
    access = admit_to(actor, purpose, authority, "record_order")
    what = told(order, reason, valid_from, valid_to)
    problems = validity_problems(valid_from, valid_to)
    with changing(access, extent={"of": "order"}) as looked:
        wearers.lock(order.wearer)
        now = clock()
        when = When(now, valid_from, valid_to)
        found = (*problems, *_order_problems(access, order, when))
        return record_told(access, what, found, looked, now)


def rule_problems(order: Order) -> tuple[Problem, ...]:
    """What is wrong with the scheme's rule that an order names: there must be that version."""
    if order.rule is None or rule_known(order):
        return ()
    action = "name a rule and a version that docs/reference/law.md lists, or leave it out"
    return (Problem(OrderCode.RULE_NOT_KNOWN, "rule", action),)


def _order_problems(access: Access, order: Order, when: When) -> tuple[Problem, ...]:
    """What is wrong with an order. A wearer who may not be seen is one who is not known."""
    told_of = standing_of(access, [order.wearer])
    known = known_of([order.wearer], when.now)[order.wearer]
    if order.wearer in told_of.barred:
        known = Known()
    beside = problems_of(order, known, when)
    if known.wearer is None:
        return beside
    forces = force_problems(access, told_of, order)
    return (*forces, *check_order(order, known.wearer), *rule_problems(order), *beside)


def _orders_with(wearer: Wearer, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with the wearer's orders that are not over, now that the record says this."""
    known = known_of([wearer.reference], now)[wearer.reference]
    found: list[Problem] = []
    for order in known.orders.values():
        if order.status not in OVER:
            where = f"orders[{order.reference}]"
            found += below(where, (*check_order(order, wearer), *lacking(order, known, now)))
    return tuple(found)


def orders_lacking(known: Known, now: datetime) -> tuple[Problem, ...]:
    """What the wearer's active orders lack beside them, told as a consequence of what changed."""
    return tuple(
        problem
        for order in known.orders.values()
        for problem in below(f"orders[{order.reference}]", lacking(order, known, now))
    )
