"""What changed between two versions of an order: computed, never typed in by somebody.

Each change has a path into the order, as the checks and documents write it, except that conditions
are named by their references: `conditions[c1].timetable.last_day`. The order in which an order
lists its conditions says nothing, so a change of that alone is none.

A list of several values (rows of a timetable, days of review) changes by what was taken out of it
and what was put in. Where only its sequence changed, both are the whole list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from tipstaff.domain.conditions import Condition, kind_of
from tipstaff.domain.legal_bases import CONDITION_WORDS
from tipstaff.domain.orders import Decision, Officer, Order, SchemeRule
from tipstaff.domain.variation_words import MISSING, sentence_of
from tipstaff.domain.zones import Area, Place, Polygon

_WHOLE: Final = (Area, Polygon, Decision, Officer, SchemeRule)


@dataclass(frozen=True, slots=True, repr=False)
class Variation:
    """One change: where, what stood there, what stands there now, and both in a sentence.

    `MISSING` stands for nothing, before or after. It is about a person and stays out of `repr`.
    """

    path: str
    before: Any
    after: Any
    sentence: str


def variations(before: Order, after: Order) -> tuple[Variation, ...]:
    """Every change from one version to the next, in the order of the fields; () for equal ones."""
    return tuple(_order_changes(before, after))


def _order_changes(before: Order, after: Order) -> Iterator[Variation]:
    for field in fields(Order):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name == "conditions":
            yield from _condition_changes(old, new)
        else:
            yield from _changes(field.name, old, new, "")


def _condition_changes(
    before: tuple[Condition, ...], after: tuple[Condition, ...]
) -> Iterator[Variation]:
    old = {condition.reference: condition for condition in before}
    new = {condition.reference: condition for condition in after}
    for reference in [*old, *(name for name in new if name not in old)]:
        was, now = old.get(reference, MISSING), new.get(reference, MISSING)
        about = _about(old.get(reference) or new[reference])
        path = f"conditions[{reference}]"
        if type(was) is type(now):
            yield from _changes(path, was, now, about)
        else:
            yield _change(path, was, now, about)


def _about(condition: Condition) -> str:
    return f"Condition {condition.reference} ({CONDITION_WORDS[kind_of(condition)]})"


def _changes(path: str, was: Any, now: Any, about: str) -> Iterator[Variation]:
    """The changes of a value: of each of its parts, where both have the same parts."""
    if was == now:
        return
    if isinstance(was, tuple) and isinstance(now, tuple) and not isinstance(was, Place):
        yield _list_change(path, was, now, about)
    elif _has_parts(was) and type(was) is type(now):
        for field in fields(was):
            old, new = getattr(was, field.name), getattr(now, field.name)
            yield from _changes(f"{path}.{field.name}", old, new, about)
    else:
        yield _change(path, was, now, about)


def _has_parts(value: Any) -> bool:
    """Some change as a whole: of a drawing nobody can read which of its corners moved."""
    return is_dataclass(value) and not isinstance(value, _WHOLE)


def _list_change(path: str, was: tuple[Any, ...], now: tuple[Any, ...], about: str) -> Variation:
    out, put = Counter(was) - Counter(now), Counter(now) - Counter(was)
    if not out and not put:
        return _change(path, was, now, about)
    return _change(path, tuple(out.elements()), tuple(put.elements()), about)


def _change(path: str, was: Any, now: Any, about: str) -> Variation:
    return Variation(path, was, now, sentence_of(path, was, now, about))
