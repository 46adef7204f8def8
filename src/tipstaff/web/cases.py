"""What is on record of a person, for the pages about them."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404, HttpRequest

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.orders import Order
from tipstaff.domain.wearers import Wearer
from tipstaff.services.case_view import CaseView, show_case
from tipstaff.web.callers import calling

_Value = TypeVar("_Value")


def case_of(request: HttpRequest, wearer: str) -> CaseView:
    """What is on record of a person; 404 for one who is not to be seen."""
    found = show_case(**calling(request, "show_case"), wearer=wearer)
    if found is None:
        raise Http404
    return found


def record_of(found: CaseView) -> Wearer | None:
    """The person's own record as it shows now."""
    value = None if found.wearer is None else found.wearer.value
    return value if isinstance(value, Wearer) else None


def addresses_of(found: CaseView) -> list[tuple[str, str]]:
    """The addresses of the person's record, for a choice, by the references that pages show."""
    record = record_of(found)
    return [(one.reference, one.reference) for one in (record.addresses if record else ())]


def orders_of(found: CaseView) -> list[tuple[Order, int]]:
    """The orders that show now, each with how many versions it has."""
    shown = []
    for one in found.orders:
        value = None if one.shown is None else one.shown.value
        if isinstance(value, Order):
            shown.append((value, len(one.changes)))
    return shown


def orders_known(found: CaseView) -> list[Order]:
    """Every order that is on record, those to come too: as it shows now, or as told last."""
    versions = ((one.shown or one.changes[-1].version).value for one in found.orders)
    return [one for one in versions if isinstance(one, Order)]


def order_of(found: CaseView, reference: str) -> Order | None:
    """The order of that reference as it shows now; None: none does."""
    return next((one for one, _ in orders_of(found) if one.reference == reference), None)


def shown_of(found: CaseView, kind: Kind) -> list[CaseValue]:
    """Records of a kind as they show now."""
    return [r.shown.value for r in found.records if r.kind is kind and r.shown is not None]


def all_of(found: CaseView, kind: type[_Value]) -> list[_Value]:
    """Records of a type as they show now."""
    values = (r.shown.value for r in found.records if r.shown is not None)
    return [one for one in values if isinstance(one, kind)]
