"""Kinds of case record: whatever is kept of a wearer as versions with two clocks.

A record belongs to one wearer and has a reference among those of its kind; the wearer's own record
has none, there is one of it. A new kind is a value here, its codec, and a line in
`formats.case_forms`.
"""

from __future__ import annotations

from enum import StrEnum

from tipstaff.domain.fittings import Fitting
from tipstaff.domain.orders import Order
from tipstaff.domain.plan_work import Contact, Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.domain.wearers import Wearer


class Kind(StrEnum):
    """What a subject of versions is."""

    WEARER = "wearer"
    ORDER = "order"
    FITTING = "fitting"
    PLAN = "plan"
    REVIEW = "review"
    TASK = "task"
    CONTACT = "contact"


#: Every value that is kept as versions. All but `Wearer` have `wearer` and `reference`.
CaseValue = Wearer | Order | Fitting | Plan | Review | Task | Contact


def wearer_of(value: CaseValue) -> str:
    """The reference of the wearer whom the value is about."""
    return value.reference if isinstance(value, Wearer) else value.wearer


def name_of(value: CaseValue) -> str:
    """The value's reference among those of its kind; empty for the wearer's own record."""
    return "" if isinstance(value, Wearer) else value.reference
