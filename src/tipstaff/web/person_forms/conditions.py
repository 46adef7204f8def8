"""Conditions of a person's orders to choose among: in words, and by what a form sends back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tipstaff.domain.conditions import Condition
from tipstaff.domain.orders import Order
from tipstaff.services.case_view import CaseView
from tipstaff.web.acts import Options
from tipstaff.web.cases import orders_known
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.person_forms.form import choices

#: Between the two references of a value: in no reference, and a browser sends it as it is.
_BETWEEN: Final = "\t"


@dataclass(frozen=True, slots=True)
class Demanded:
    """A condition as a form has it: its value, its words, and the order that demands it."""

    value: str
    words: str
    order: Order
    condition: Condition


def conditions_of(
    found: CaseView, of: Callable[[Order], bool] = lambda _order: True
) -> list[Demanded]:
    """The conditions of the orders that are asked for, in the order of recording."""
    return [
        Demanded(
            _BETWEEN.join((order.reference, one.reference)),
            f"{condition_words(one)[0]} ({_named(order.reference, one.reference)})",
            order,
            one,
        )
        for order in orders_known(found)
        if of(order)
        for one in order.conditions
    ]


def among(known: list[Demanded]) -> Options:
    """The choices of a field."""
    return choices([(one.value, one.words) for one in known])


def chosen(value: str) -> tuple[str, str]:
    """The references of the order and of the condition that were chosen."""
    order, _, condition = value.partition(_BETWEEN)
    return order, condition


def words_of_condition(found: CaseView, order: str, reference: str, *, hours: bool = False) -> str:
    """A condition by its references, in words; by them alone where it is not on record."""
    held = (each.conditions for each in orders_known(found) if each.reference == order)
    one = next((each for each in next(held, ()) if each.reference == reference), None)
    if one is None:
        return _named(order, reference)
    words, times = condition_words(one)
    told = f"{words}: {'; '.join(times)}" if hours and times else words
    return f"{told} ({_named(order, reference)})"


def _named(order: str, condition: str) -> str:
    return f"{condition} of order {order}"
