"""Cases: a wearer with their orders, as a document brings them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tipstaff.domain.absences import Absence
from tipstaff.domain.assessments import Assessment
from tipstaff.domain.case_kinds import CaseValue
from tipstaff.domain.consents import Consent
from tipstaff.domain.order_checks import check_order
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.releases import Release, Visit
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.domain.wearer_checks import check_wearer
from tipstaff.domain.wearers import Wearer


class CaseCode(StrEnum):
    """Why a case is refused as a whole."""

    ORDER_REPEATED = "ORDER_REPEATED"
    RECORD_REPEATED = "RECORD_REPEATED"
    VALIDITY = "VALIDITY"


Beside = Consent | Assessment | Release | Visit | Absence


@dataclass(frozen=True, slots=True)
class Case:
    """A wearer with orders of theirs, and what else is on record beside them.

    What it says was so from `valid_from` up to, not including, `valid_to`; None: no
    beginning or end was given. `reason`: why it is told, where it changes what was told before.
    """

    wearer: Wearer
    orders: tuple[Order, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""
    consents: tuple[Consent, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    releases: tuple[Release, ...] = ()
    visits: tuple[Visit, ...] = ()
    absences: tuple[Absence, ...] = ()

    def values(self) -> tuple[CaseValue, ...]:
        """Everything in it, the wearer first."""
        beside = (record for _name, listed in self.beside() for record in listed)
        return (self.wearer, *self.orders, *beside)

    def beside(self) -> tuple[tuple[str, tuple[Beside, ...]], ...]:
        """The records beside the orders, by the names of their fields."""
        return (
            ("consents", self.consents),
            ("assessments", self.assessments),
            ("releases", self.releases),
            ("visits", self.visits),
            ("absences", self.absences),
        )


def check_case(case: Case, today: date) -> tuple[Problem, ...]:
    """Everything wrong with the wearer and each order by itself; `today`: in Great Britain.

    What the records beside them are judged against may be on record already: `case_rules`.
    """
    found = below("wearer", check_wearer(case.wearer, today))
    seen: set[str] = set()
    for index, order in enumerate(case.orders):
        where = f"orders[{index}]"
        found += below(where, check_order(order, case.wearer))
        if order.reference in seen:
            action = "give each order of a wearer a reference of its own"
            found.append(Problem(CaseCode.ORDER_REPEATED, f"{where}.reference", action))
        seen.add(order.reference)
    for name, records in case.beside():
        found += _repeated(name, records)
    return (*found, *validity_problems(case.valid_from, case.valid_to))


def _repeated(name: str, records: tuple[Beside, ...]) -> list[Problem]:
    references = [record.reference for record in records]
    action = "give each record of one kind a reference of its own"
    return [
        Problem(CaseCode.RECORD_REPEATED, f"{name}[{index}].reference", action)
        for index, reference in enumerate(references)
        if reference in references[:index]
    ]


def validity_problems(valid_from: datetime | None, valid_to: datetime | None) -> list[Problem]:
    """What is wrong with the period for which something is told."""
    if valid_from is not None and valid_from < SINCE_EVER:
        action = f"write a time from {SINCE_EVER.year} on, or leave it out"
        return [Problem(CaseCode.VALIDITY, "valid_from", action)]
    if valid_to is None or (valid_from is not None and valid_from < valid_to):
        return []
    action = "say from when it was so, and an end after that; or leave the end out"
    return [Problem(CaseCode.VALIDITY, "valid_to", action)]
