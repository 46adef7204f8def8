"""What is wrong with an order, told to the person who entered it; nothing is put right silently.

What is only referred, or found suitable, is no order yet: conditions may still be missing from it.
Those that are there are judged all the same, and so are a child's safeguards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tipstaff.domain.child_checks import child_problems
from tipstaff.domain.condition_checks import condition_value_problems
from tipstaff.domain.condition_rules import CONDITIONS, condition_problems, refusal
from tipstaff.domain.conditions import Curfew, Trail, kind_of
from tipstaff.domain.curfew_days import curfew_hours, never_holds
from tipstaff.domain.curfews import hdc_problems
from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import NOT_YET_MADE, OVER, Order
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.terms import add_months
from tipstaff.domain.timetable_checks import order_date_problems
from tipstaff.domain.wall_time import FIRST_DAY, LAST_DAY, wall_time
from tipstaff.domain.wearers import Wearer

_MICROSECOND = timedelta(microseconds=1)


def check_order(order: Order, wearer: Wearer) -> tuple[Problem, ...]:
    """Everything wrong with an order for this wearer; () where nothing is.

    Whether the scheme's rule exists, and whether the wearer is eligible under it, is not asked
    here: the first needs the shipped rules, the second the facts of the sentence.
    """
    unreal = tuple(_time_problems(order))
    if unreal:
        return unreal
    dates = _date_problems(order)
    each = tuple(_each_condition(order, wearer))
    return (
        *_wearer_problems(order, wearer),
        *dates,
        *_law_problems(order),
        *each,
        *([] if dates or each else _length_problems(order)),
        *_review_problems(order),
        *child_problems(order, wearer),
    )


def _wearer_problems(order: Order, wearer: Wearer) -> Iterator[Problem]:
    if order.wearer != wearer.reference:
        action = "the order names another wearer: put the reference right"
        yield Problem(OrderCode.OTHER_WEARER, "wearer", action)


def _time_problems(order: Order) -> Iterator[Problem]:
    for where in ("starts_at", "ends_at", "served_at"):
        moment: datetime | None = getattr(order, where)
        if moment is not None and not FIRST_DAY <= moment.date() <= LAST_DAY:
            yield _out_of_range(where)


def _out_of_range(where: str) -> Problem:
    action = f"write a day from {FIRST_DAY} to {LAST_DAY}; leave an unknown one out"
    return Problem(OrderCode.TIME_OUT_OF_RANGE, where, action)


def _date_problems(order: Order) -> list[Problem]:
    problems = order_date_problems(order.starts_at, order.ends_at)
    if order.status in OVER and order.ends_at is None:
        action = f"an order that is {order.status} has an end: say when it ended"
        problems.append(Problem(OrderCode.OVER_WITHOUT_END, "ends_at", action))
    return [
        Problem(p.code, "ends_at" if p.where == "ends" else p.where, p.action) for p in problems
    ]


def _law_problems(order: Order) -> Iterator[Problem]:
    """Conditions that the basis refuses, each by name; those without which it is no order."""
    for index, condition in enumerate(order.conditions):
        rule = refusal(order.basis, kind_of(condition))
        if rule is not None:
            told = condition_problems(order.basis, [kind_of(condition)])[0]
            action = f"{told.sentence} ({rule.code}; {rule.citation}) Leave it out."
            yield Problem(OrderCode.CONDITION_REFUSED, f"conditions[{index}]", action)
    if order.status in NOT_YET_MADE:
        return
    held = {kind_of(condition) for condition in order.conditions}
    if not held:
        action = "an order demands something: give at least one condition"
        yield Problem(OrderCode.NO_CONDITION, "conditions", action)
    for kind, rule in CONDITIONS[order.basis].required.items():
        if kind not in held:
            action = f"{rule.words} ({rule.code}; {rule.citation}) Add it."
            yield Problem(OrderCode.CONDITION_MISSING, "conditions", action)


def _each_condition(order: Order, wearer: Wearer) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, condition in enumerate(order.conditions):
        where = f"conditions[{index}]"
        yield from below(where, condition_value_problems(condition, wearer))
        if condition.reference in seen:
            action = "give each condition of an order a reference of its own"
            yield Problem(OrderCode.CONDITION_REPEATED, f"{where}.reference", action)
        seen.add(condition.reference)


def _length_problems(order: Order) -> Iterator[Problem]:
    """A curfew that never holds, too few hours of home detention curfew, too long a trail."""
    outside = [n for n, c in enumerate(order.conditions) if never_holds(order, c)]
    for index in outside:
        action = "this curfew has no day within the order: put the dates right"
        where = f"conditions[{index}].timetable"
        yield Problem(OrderCode.CURFEW_OUTSIDE_ORDER, where, action)
    curfews = any(isinstance(c, Curfew) for c in order.conditions)
    if order.basis is LegalBasis.HOME_DETENTION_CURFEW and curfews and not outside:
        yield from below("conditions", hdc_problems(curfew_hours(order)))
    months = CONDITIONS[order.basis].most_trail_months
    if months is None:
        return
    for index, condition in enumerate(order.conditions):
        if isinstance(condition, Trail):
            yield from below(f"conditions[{index}]", _trail_problems(order, condition, months))


def _trail_problems(order: Order, trail: Trail, months: int) -> Iterator[Problem]:
    first = wall_time(order.starts_at).date()
    most = add_months(first, months)
    # The first day without a trail; the order's own last day still has one.
    ends = [] if trail.until is None else [trail.until]
    if order.ends_at is not None:
        ends.append(wall_time(order.ends_at - _MICROSECOND).date() + timedelta(days=1))
    rule = CONDITIONS[order.basis].ground
    if not ends:
        action = f"say until when: {ConditionKind.TRAIL} is {months} months at most here"
        yield Problem(OrderCode.TRAIL_WITHOUT_END, "until", f"{action} ({rule.citation})")
    elif min(ends) > most:
        action = f"a trail lasts {months} months at most here: end it on {most} at the latest"
        yield Problem(OrderCode.TRAIL_TOO_LONG, "until", f"{action} ({rule.citation})")


def _review_problems(order: Order) -> Iterator[Problem]:
    first = wall_time(order.starts_at).date()
    last = None if order.ends_at is None else wall_time(order.ends_at).date()
    for index, day in enumerate(order.reviews):
        where = f"reviews[{index}]"
        if not FIRST_DAY <= day <= LAST_DAY:
            yield _out_of_range(where)
        elif day < first or (last is not None and day > last):
            action = "set the review between the order's first and last day"
            yield Problem(OrderCode.REVIEW_OUTSIDE_ORDER, where, action)
        if day in order.reviews[:index]:
            yield Problem(OrderCode.REVIEW_REPEATED, where, "give each day of review once")
