"""How each kind of case record is kept: its codec, and from when on the first version holds.

A stored text is canonical JSON, one text for one value, so that equal values have equal digests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.fittings import Fitting
from tipstaff.domain.orders import Order
from tipstaff.domain.plan_work import Contact, Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.domain.wall_time import first_reached
from tipstaff.domain.wearers import Wearer
from tipstaff.formats.fitting_json import FITTING
from tipstaff.formats.json_codecs import Codec
from tipstaff.formats.json_source import BROKEN, Reading, canonical_json, parse_json
from tipstaff.formats.order_json import ORDER
from tipstaff.formats.plan_json import CONTACT, PLAN, REVIEW, TASK
from tipstaff.formats.wearer_json import WEARER


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one kind are kept.

    `holds_from(value, now)`: from when on what is told of it for the first time is taken to be so,
    where nobody said.
    """

    kind: Kind
    make: type[CaseValue]
    codec: Codec
    holds_from: Callable[[Any, datetime], datetime]


def _since_ever(_wearer: Wearer, _now: datetime) -> datetime:
    return SINCE_EVER


def _from_start(order: Order, now: datetime) -> datetime:
    return min(order.starts_at, now)


def _from_first_day(plan: Plan, now: datetime) -> datetime:
    return _day_or_now(plan.starts_on, now)


def _from_held(review: Review, now: datetime) -> datetime:
    return _day_or_now(review.held_on, now)


def _from_set(task: Task, now: datetime) -> datetime:
    return _day_or_now(task.set_on, now)


def _from_made(contact: Contact, now: datetime) -> datetime:
    return min(contact.at, now)


def _day_or_now(day: date, now: datetime) -> datetime:
    """The beginning of a day in Great Britain, or now if that is earlier."""
    told = max(day, SINCE_EVER.date())
    return min(first_reached(datetime.combine(told, time.min)), now)


def _from_fitting(fitting: Fitting, now: datetime) -> datetime:
    known = [part.at for part in (fitting.fitted, fitting.removed) if part is not None]
    return min([*known, now])


#: Every kind, in the order in which a case shows them.
FORMS: Final = (
    Form(Kind.WEARER, Wearer, WEARER, _since_ever),
    Form(Kind.ORDER, Order, ORDER, _from_start),
    Form(Kind.PLAN, Plan, PLAN, _from_first_day),
    Form(Kind.REVIEW, Review, REVIEW, _from_held),
    Form(Kind.TASK, Task, TASK, _from_set),
    Form(Kind.CONTACT, Contact, CONTACT, _from_made),
    Form(Kind.FITTING, Fitting, FITTING, _from_fitting),
)
_BY_KIND: Final = {form.kind: form for form in FORMS}
_BY_TYPE: Final = {form.make: form for form in FORMS}
#: No identifier that was once accepted is to come from a year that is still to come.
_ANY_YEAR: Final = 9999


def kind_of_value(value: CaseValue) -> Kind:
    """The kind of a value."""
    return _BY_TYPE[type(value)].kind


def holds_from(value: CaseValue, now: datetime) -> datetime:
    """From when on a value that is told for the first time is taken to be so."""
    return _BY_TYPE[type(value)].holds_from(value, now)


def text_of(value: CaseValue) -> str:
    """The one text of a value."""
    return canonical_json(_BY_TYPE[type(value)].codec.write(value))


def value_of(kind: str, text: str) -> CaseValue:
    """The value of a text that `text_of` wrote; ValueError where it is none of that kind."""
    reading = Reading(_ANY_YEAR)
    read = _BY_KIND[Kind(kind)].codec.read(parse_json(text.encode()), "", reading)
    if read is BROKEN:
        raise ValueError(f"a stored record cannot be read: {len(reading.faults)} faults")
    value: CaseValue = read
    return value


def plain(value: CaseValue) -> dict[str, Any]:
    """A value as plain values, for a program to show."""
    written: dict[str, Any] = _BY_TYPE[type(value)].codec.write(value)
    return written


def can_be_kept(value: CaseValue) -> bool:
    """Whether the value comes back from its text: not so with text of several lines, or too long.

    What was read from a document always can.
    """
    try:
        return value_of(kind_of_value(value), text_of(value)) == value
    except ValueError:
        return False


def says_limited_access(text: str) -> bool:
    """Whether the text of a wearer's record says limited access: without reading all of it."""
    values = parse_json(text.encode())
    return not isinstance(values, dict) or values.get("limited_access", False) is not False
