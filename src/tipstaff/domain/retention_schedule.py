"""What of a person is due for erasure when, and why: pure. See `domain.retention`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.local_time import local_date
from tipstaff.domain.periods import Period, without
from tipstaff.domain.retention import Category, RetentionPolicy, Spell, due_after


class State(StrEnum):
    """Where a thing stands: kept by an order in force, kept for a term, due, held, not known."""

    STANDS = "stands"
    WAITS = "waits"
    DUE = "due"
    HELD = "held"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Timed:
    """Something that was so at a time: a stretch of a trail, or an answer about a crime's window.

    `key` names it: a device's key for a trail. Its period has some length.
    """

    category: Category
    key: str
    period: Period


@dataclass(frozen=True, slots=True)
class Kept:
    """A record without a time of its own. `order`: the order that it is; None: of the person.

    An order is kept as long as whatever rests on it, since it says how long that is kept.
    """

    category: Category
    key: str
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All that bears on one person. `held`: a legal hold is in force."""

    orders: tuple[Spell, ...] = ()
    timed: tuple[Timed, ...] = ()
    records: tuple[Kept, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One thing: when it is due (None: no day can be named) and why, in a sentence.

    `category` None is the person as a whole: everything that is left, and the name itself.
    """

    category: Category | None
    key: str
    state: State
    why: str
    due_at: datetime | None = None
    period: Period | None = None


NO_ORDER: Final = (
    "No order is on record, so it is not known what allowed this: record the order, or erase it by "
    "'tipstaff retention erase'."
)
HELD: Final = "A legal hold is in force."


def schedule(person: Person, policy: RetentionPolicy, now: datetime) -> tuple[Due, ...]:
    """Everything of a person, each with its day; the person as a whole comes last."""
    parts = [*_of_time(person, policy, now), *_of_records(person, policy)]
    whole = _latest(None, "", [*parts, _longest(person.orders, Category.CASE_RECORD, policy)])
    found = [_placed(part, now, held=person.held) for part in [*parts, whole]]
    return tuple(found)


def _placed(due: Due, now: datetime, *, held: bool) -> Due:
    """The same, once the clock and a hold have had their say."""
    if due.state is not State.WAITS or due.due_at is None or due.due_at > now:
        return due
    if held:
        return replace(due, state=State.HELD, why=f"{HELD} Without it: {due.why}")
    return replace(due, state=State.DUE)


def _of_time(person: Person, policy: RetentionPolicy, now: datetime) -> list[Due]:
    found: list[Due] = []
    for thing in person.timed:
        for piece in _cut(thing.period, person.orders, now):
            due = _at_time(person.orders, thing.category, piece, policy)
            last = found[-1] if found else None
            if last is not None and _joins(last, due, thing.key):
                period = Period(_start(last), piece.end)
                found[-1] = replace(last, period=period)
            else:
                found.append(replace(due, key=thing.key, period=piece))
    return found


def _joins(last: Due, due: Due, key: str) -> bool:
    same = (last.category, last.key, last.due_at, last.why)
    touches = last.period is not None and due.period is not None
    return (
        touches and same == (due.category, key, due.due_at, due.why) and _end(last) == _start(due)
    )


def _start(due: Due) -> datetime:
    assert due.period is not None  # noqa: S101 (things of time have one)
    return due.period.start


def _end(due: Due) -> datetime:
    assert due.period is not None  # noqa: S101 (things of time have one)
    return due.period.end


def _cut(period: Period, orders: Iterable[Spell], now: datetime) -> list[Period]:
    """The period up to `now`, cut where an order begins or ends."""
    end = min(period.end, now)
    if end <= period.start:
        return []
    inner = {at for order in orders for at in (order.start, order.end) if at is not None}
    cuts = [period.start, *sorted(at for at in inner if period.start < at < end), end]
    return [Period(one, other) for one, other in pairwise(cuts)]


def _at_time(
    orders: tuple[Spell, ...], category: Category, piece: Period, policy: RetentionPolicy
) -> Due:
    covering = tuple(order for order in orders if order.covers(piece.start))
    if covering or not orders:
        return replace(_longest(covering, category, policy), period=piece)
    due_at = due_after(piece.start, policy.uncovered)
    why = f"No order covers this time: kept for {policy.uncovered} in case one is recorded late."
    return Due(category, "", State.WAITS, why, due_at, piece)


def _longest(orders: tuple[Spell, ...], category: Category, policy: RetentionPolicy) -> Due:
    """What keeps a category longest among orders; not known where there is none."""
    if not orders:
        return Due(category, "", State.UNKNOWN, NO_ORDER)
    standing = next((order for order in orders if order.end is None), None)
    if standing is not None:
        why = f"An order that has no end ({BASIS_WORDS[standing.basis]}) covers it."
        return Due(category, "", State.STANDS, why)
    return max((_after(order, category, policy) for order in orders), key=_far)


def _after(order: Spell, category: Category, policy: RetentionPolicy) -> Due:
    term = policy.term(order.basis, category)
    assert order.end is not None  # noqa: S101 (those that stand were told before)
    due_at = due_after(order.end, term)
    ended = local_date(order.end).isoformat()
    why = f"Kept for {term} after the {BASIS_WORDS[order.basis]} ends, on {ended}."
    return Due(category, "", State.WAITS if due_at else State.STANDS, why, due_at)


def _far(due: Due) -> tuple[bool, float]:
    return (due.due_at is None, due.due_at.timestamp() if due.due_at else 0.0)


def _of_records(person: Person, policy: RetentionPolicy) -> list[Due]:
    found = []
    for record in person.records:
        own = tuple(order for order in person.orders if order.key == record.order)
        # A referral that came to nothing has no end of its own: it goes with the person's orders.
        due = _longest(own or person.orders, record.category, policy)
        if own:  # an order is kept as long as whatever rests on it
            due = max((_longest(own, each, policy) for each in Category), key=_far)
        found.append(replace(due, category=record.category, key=record.key))
    return found


def _latest(category: Category | None, key: str, parts: list[Due]) -> Due:
    """The person as a whole: due when the last part is."""
    open_ended = next((part for part in parts if part.due_at is None), None)
    last = open_ended or max(parts, key=_far)
    return replace(last, category=category, key=key, period=None)


def locked(orders: tuple[Spell, ...], period: Period, now: datetime) -> list[Period]:
    """What of `period` is under the data lock: every order for that time has ended, or none is.

    Of a person without any order on record nothing is: it is not known what allowed it.
    """
    open_still = [
        each
        for order in orders
        if order.end is None or order.end > now
        for each in without(_up_to(order, period), [_up_to(c, period) for c in order.relaxed_for])
    ]
    return without(period, open_still) if orders else []


def _up_to(order: Spell, period: Period) -> Period:
    """When the order was in force, as far as it bears on a period."""
    return Period(order.start, order.end or max(period.end, order.start))
