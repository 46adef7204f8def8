"""Cases: a wearer with their orders, as a document brings them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tipstaff.domain.order_checks import check_order
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.domain.wearer_checks import check_wearer
from tipstaff.domain.wearers import Wearer


class CaseCode(StrEnum):
    """Why a case is refused as a whole."""

    ORDER_REPEATED = "ORDER_REPEATED"
    VALIDITY = "VALIDITY"


@dataclass(frozen=True, slots=True)
class Case:
    """A wearer and orders of theirs.

    What it says was so from `valid_from` up to, not including, `valid_to`; None: no
    beginning or end was given. `reason`: why it is told, where it changes what was told before.
    """

    wearer: Wearer
    orders: tuple[Order, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""


def check_case(case: Case, today: date) -> tuple[Problem, ...]:
    """Everything wrong with a case; `today` is the day in Great Britain."""
    found = below("wearer", check_wearer(case.wearer, today))
    seen: set[str] = set()
    for index, order in enumerate(case.orders):
        where = f"orders[{index}]"
        found += below(where, check_order(order, case.wearer))
        if order.reference in seen:
            action = "give each order of a wearer a reference of its own"
            found.append(Problem(CaseCode.ORDER_REPEATED, f"{where}.reference", action))
        seen.add(order.reference)
    return (*found, *validity_problems(case.valid_from, case.valid_to))


def validity_problems(valid_from: datetime | None, valid_to: datetime | None) -> list[Problem]:
    """What is wrong with the period for which something is told."""
    if valid_from is not None and valid_from < SINCE_EVER:
        action = f"write a time from {SINCE_EVER.year} on, or leave it out"
        return [Problem(CaseCode.VALIDITY, "valid_from", action)]
    if valid_to is None or (valid_from is not None and valid_from < valid_to):
        return []
    action = "say from when it was so, and an end after that; or leave the end out"
    return [Problem(CaseCode.VALIDITY, "valid_to", action)]
