"""Orders of a court or a prison: recorded with what they demand; the hours of their curfews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import uuid4

from django.utils import timezone

from tipstaff.domain.conditions import Condition, Curfew, Trail
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OVER, Officer, Order, OrderStatus
from tipstaff.domain.problems import Problem
from tipstaff.domain.timetables import Hours, Row, Timetable, Weekday
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.order_json import ORDER
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.cases import record_order
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.cases import addresses_of, order_of, orders_known
from tipstaff.web.person_forms.conditions import words_of_condition
from tipstaff.web.person_forms.fittings import now
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.person_forms.orders import AGREED
from tipstaff.web.state_words import said
from tipstaff.web.written import WrittenCode, unkept

_BASES: Final = [(one.value, said(one)) for one in LegalBasis if one not in AGREED]
_CURFEW, _TRAIL, _ZONE = "curfew", "trail", "zone"
_DEMANDS: Final = (
    (_CURFEW, "To stay at home at set hours"),
    (_TRAIL, "That whereabouts are monitored"),
    (_ZONE, "A zone, which is drawn next"),
)
_DAYS: Final = [(one.name.lower(), one.name.capitalize()) for one in Weekday]
_NEW: Final = "+"
_KEEP: Final = "keep"
_OTHERS: Final = ((_KEEP, "They stay as they are"), ("none", "There is no curfew on them"))
_HOURS: Final = (
    Field("from", "Curfew from", Kind.HOUR),
    Field("to", "Curfew to", Kind.HOUR, hint="Earlier than its beginning: on the next day"),
    Field("days", "On nights that begin on", Kind.SEVERAL, options=choices(_DAYS)),
)


def _make(found: CaseView, wearer: str, _about: str) -> Act:
    taken = {one.reference for one in found.orders}

    def do(who: Who, given: Given) -> Done:
        wrong = tuple(_wrong(given, taken))
        if wrong:
            return Done(wrong)
        order = _order(wearer, given)
        done = unkept(ORDER, order) or record_order(**who, order=order).problems
        return Done(done, _words(order, given))

    fields = (
        Field("basis", "What it is", Kind.CHOICE, options=choices(_BASES)),
        Field("issued_by", "Which court or prison made it"),
        Field("reference", "Its number, as it is written on it", needed=False,
              hint="None: one is made for it"),
        Field("officer", "Who answers for it", where="officer.name"),
        Field("organisation", "Their organisation", where="officer.organisation"),
        Field("force", "Force"),
        Field("starts_at", "In force from", Kind.MOMENT),
        Field("ends_at", "Until", Kind.MOMENT, needed=False),
        Field("served_at", "When the person was told of it", Kind.MOMENT, needed=False,
              hint="No breach can be told before."),
        Field("review", "First review by", Kind.DAY, needed=False, where="reviews"),
        Field("demands", "What it demands", Kind.SEVERAL, options=choices(_DEMANDS),
              where="conditions"),
        _address(found),
        *(replace(one, needed=False) for one in _HOURS),
    )  # fmt: skip
    known = orders_known(found)
    filled = {"starts_at": now(), "days": [day for day, _words in _DAYS]}
    if known:
        filled["force"] = [known[-1].force]
    return Act(
        "order", "record_order", "Record an order of a court or prison", "Record it", do,
        "The order was recorded.", "person", fields, back_values=to_the_person(wearer),
        about=(("Person", wearer),), filled=filled,
    )  # fmt: skip


def _address(found: CaseView) -> Field:
    known = choices(addresses_of(found))
    return Field("address", "At which address", Kind.CHOICE, options=known, needed=False)


def _wrong(given: Given, taken: Iterable[str]) -> Iterable[Problem]:
    """What no check of an order would tell: it would be taken for another, or for no curfew."""
    if given.text("reference") in taken:
        yield _problem("reference", "an order of theirs has that number: change that one instead")
    if _CURFEW in given.several("demands"):
        yield from _no_hours(given)


def _no_hours(given: Given) -> Iterable[Problem]:
    for name, words in (("address", "choose the address of the curfew"),
                        ("from", "enter when the curfew begins"),
                        ("to", "enter when the curfew ends"),
                        ("days", "choose the days of the curfew")):  # fmt: skip
        if not given.text(name):
            yield _problem(name, words)


def _problem(where: str, action: str) -> Problem:
    return Problem(WrittenCode.NOT_AS_WRITTEN, where, action)


def _order(wearer: str, given: Given) -> Order:
    starts, review = given.the_moment("starts_at"), given.day("review")
    demands = given.several("demands")
    conditions: list[Condition] = []
    if _CURFEW in demands:
        first = wall_time(starts).date()
        conditions.append(Curfew(_CURFEW, Timetable(_rows(given), first)))
    if _TRAIL in demands:
        conditions.append(Trail(_TRAIL))
    return Order(
        given.text("reference") or f"ord-{uuid4().hex[:8]}", wearer,
        given.the(LegalBasis, "basis"), given.text("issued_by"), starts,
        Officer(given.text("officer"), given.text("organisation")), given.text("force"),
        OrderStatus.ACTIVE if conditions else OrderStatus.SUITABLE, given.moment("ends_at"),
        given.moment("served_at"), reviews=() if review is None else (review,),
        conditions=tuple(conditions),
    )  # fmt: skip


def _rows(given: Given) -> tuple[Row, ...]:
    start, end = given.hour("from"), given.hour("to")
    if start is None or end is None:
        raise ValueError("hours that nobody looked at")
    hours = Hours(start, end, (given.text("address"),))
    return tuple(Row(one, hours) for one in Weekday if one.name.lower() in given.several("days"))


def _words(order: Order, given: Given) -> str:
    told = ["The order was recorded."]
    if order.status is OrderStatus.SUITABLE:
        told.append("It is not in force yet: draw its zone, then record that it is made.")
    elif _ZONE in given.several("demands"):
        told.append("Draw its zone next.")
    if order.starts_at > timezone.now():
        told.append("It shows among the orders from its beginning on.")
    return " ".join(told)


def curfews_of(order: Order) -> list[Curfew]:
    """The curfews of an order."""
    return [one for one in order.conditions if isinstance(one, Curfew)]


def curfew_words(order: Order) -> str:
    """What the form of a curfew is called where it is offered."""
    return f"{'Change a' if curfews_of(order) else 'Add a'} curfew of order {order.reference}"


def _curfew(found: CaseView, wearer: str, about: str) -> Act | None:
    order = order_of(found, about)
    if order is None or order.status in OVER or not addresses_of(found):
        return None
    held = curfews_of(order)

    def do(who: Who, given: Given) -> Done:
        wrong = tuple(_no_hours(given))
        if wrong:
            return Done(wrong)
        at = given.the_moment("at")
        changed = _with_curfew(order, given, wall_time(at).date())
        why, problems = given.text("reason"), unkept(ORDER, changed)
        done = problems or record_order(**who, order=changed, reason=why, valid_from=at).problems
        return Done(done)

    which = [(one.reference, words_of_condition(found, about, one.reference, hours=True))
             for one in held]  # fmt: skip
    fields = (
        Field("condition", "Which curfew", Kind.ONE, where="conditions",
              options=choices([*which, (_NEW, "A further curfew")])),
        replace(_address(found), needed=True),
        *_HOURS,
        *([Field("others", "The other days of that curfew", Kind.ONE, options=choices(_OTHERS))]
          if held else []),
        Field("at", "From when on", Kind.MOMENT, where="valid_from"),
        Field("reason", "Why the order is changed", Kind.WORDS, hint="By whose decision"),
    )  # fmt: skip
    return Act(
        "curfew", "record_order", curfew_words(order), "Record it", do,
        "The curfew was recorded. It is watched from then on.", "person", fields,
        back_values=to_the_person(wearer),
        about=(("Person", wearer), ("Order", f"{said(order.basis)}, {order.reference}")),
        filled=_as_it_is(found, held),
    )  # fmt: skip


def _as_it_is(found: CaseView, held: Sequence[Curfew]) -> dict[str, list[str]]:
    every = [day for day, _words in _DAYS]
    filled = {"at": now(), "days": every, "others": [_KEEP], "condition": [_NEW]}
    known = addresses_of(found)
    if len(known) == 1:
        filled["address"] = [known[0][0]]
    if len(held) == 1 and held[0].timetable.rows:
        rows = held[0].timetable.rows
        first = rows[0].hours
        filled |= {
            "condition": [held[0].reference], "address": list(first.addresses[:1]),
            "from": [f"{first.start:%H:%M}"], "to": [f"{first.end:%H:%M}"],
            "days": [one.weekday.name.lower() for one in rows if one.hours == first],
        }  # fmt: skip
    return filled


def _with_curfew(order: Order, given: Given, first: date) -> Order:
    rows, wanted = _rows(given), given.text("condition")
    if wanted == _NEW:
        fresh = Curfew(f"cur-{uuid4().hex[:8]}", Timetable(rows, first))
        return replace(order, conditions=(*order.conditions, fresh))
    days = {one.weekday for one in rows}
    keep = given.text("others") == _KEEP
    return replace(order, conditions=tuple(
        replace(one, timetable=_changed(one.timetable, rows, days if keep else set(Weekday)))
        if isinstance(one, Curfew) and one.reference == wanted else one
        for one in order.conditions
    ))  # fmt: skip


def _changed(held: Timetable, rows: tuple[Row, ...], days: Iterable[Weekday]) -> Timetable:
    """The timetable with other rows on those days."""
    left = tuple(one for one in held.rows if one.weekday not in days)
    return replace(held, rows=tuple(sorted((*left, *rows), key=lambda one: one.weekday)))


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("order", "record_order", _make),
    PersonForm("curfew", "record_order", _curfew),
)
