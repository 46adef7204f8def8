"""What must be on record before a child is monitored. A person of unknown age may be one."""

from __future__ import annotations

from collections.abc import Iterator

from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearers import ChildSafeguards, Wearer, is_child


def child_problems(order: Order, wearer: Wearer) -> Iterator[Problem]:
    """What is missing for a child, or for one who may be: their age counts on the first day."""
    child = is_child(wearer, wall_time(order.starts_at).date())
    if child is False:
        return
    if child is None and wearer.child is None:
        action = (
            "the wearer's date of birth is not known, so they may be a child: record it, "
            "or the safeguards of a child"
        )
        yield Problem(OrderCode.AGE_NOT_KNOWN, "wearer", action)
        return
    yield from _safeguard_problems(wearer.child or ChildSafeguards())


def _safeguard_problems(child: ChildSafeguards) -> Iterator[Problem]:
    if child.responsible_adult is None:
        action = "the wearer is a child: record the responsible adult first"
        yield Problem(OrderCode.CHILD_WITHOUT_ADULT, "wearer", action)
    if not child.best_interests.strip():
        action = "the wearer is a child: record how their best interests were weighed first"
        yield Problem(OrderCode.BEST_INTERESTS_NOT_RECORDED, "wearer", action)
    if child.exploitation is None:
        action = "the wearer is a child: record whether others may be exploiting them, yes or no"
        yield Problem(OrderCode.EXPLOITATION_NOT_CONSIDERED, "wearer", action)
