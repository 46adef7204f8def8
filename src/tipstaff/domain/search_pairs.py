"""Who may be searched for which crime: many crimes and many wearers at once.

Each answer is that of `searchable.may_search`, asked of every order of the wearer. What differs
from pair to pair is time alone, and that is compared in columns; so the policy is asked once for
each combination of like orders and like crimes, and not for each pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.local_time import local_date
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.search_facts import CrimeFacts, OrderFacts
from tipstaff.domain.search_reasons import Reason
from tipstaff.domain.searchable import SearchPolicy, may_search
from tipstaff.domain.terms import ADULT_YEARS, reaches_age

I8 = NDArray[np.int8]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: What stands for each reason, by its place here: permission first, then the refusals, those that
#: come nearest to permission before the others. Of several orders the first in this list answers.
REASONS: Final[tuple[Reason, ...]] = (
    Reason.PERMITTED,
    Reason.VICTIMS_DEVICE,
    Reason.CONSENT_WITHDRAWN,
    Reason.CONSENT_NOT_IN_FORCE,
    Reason.CONSENT_DOES_NOT_COVER,
    Reason.CONSENT_NOT_WRITTEN,
    Reason.NO_CONSENT,
    Reason.CHILD,
    Reason.AGE_NOT_KNOWN,
    Reason.NO_SEARCHED_CONDITION,
    Reason.ZONE_ONLY,
    Reason.CURFEW_ONLY,
    Reason.CONDITIONS_NOT_KNOWN,
    Reason.CRIME_TOO_EARLY,
    Reason.RULE_NOT_IN_FORCE,
    Reason.FORCE_NOT_SERVED,
    Reason.CRIME_TYPE_NOT_SEARCHED,
    Reason.OTHER_SCHEME,
    Reason.BASIS_NOT_SEARCHED,
    Reason.BASIS_NOT_KNOWN,
    Reason.ORDER_NOT_IN_FORCE,
)
CODE_OF: Final[dict[Reason, int]] = {reason: code for code, reason in enumerate(REASONS)}

#: Child or adult, consent in force or not: cases of each kind of order.
_CASES: Final = 4
_NOT_ASKED: Final = -1
_FOREVER_US: Final = np.iinfo(np.int64).max
_LONG_AGO: Final = datetime(1900, 1, 1, tzinfo=UTC)
_AN_ADULT: Final = date(1900, 1, 1)
_NEVER_ADULT: Final = date(9999, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class Person:
    """A wearer, as the law of searching sees them.

    `orders`: each for the time in which it was in force and said the same; `on_record`: there are
    orders, in force at some time or never. `victim`: somebody's order protects them, so that a
    device of theirs may be a victim's.
    """

    orders: tuple[OrderFacts, ...] = ()
    on_record: bool = False
    victim: bool = False


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the policy says of C crimes and W people.

    `codes` (C, W): places in `REASONS`. `used` (S,): whether an order permitted anything; orders
    are counted through all people, in order.
    """

    codes: I8
    used: Bools


@dataclass(frozen=True, slots=True)
class _Columns:
    """The orders of all people in a row: whose, when in force, what they are like."""

    owner: I64
    start_us: I64
    end_us: I64
    adult_on: I64
    given_us: I64
    consent_end_us: I64
    like: I64
    kinds: tuple[OrderFacts, ...]

    @classmethod
    def of(cls, people: Sequence[Person]) -> _Columns:
        orders = [order for person in people for order in person.orders]
        kinds: dict[OrderFacts, int] = {}
        like = [kinds.setdefault(_timeless(order), len(kinds)) for order in orders]

        def column(value: Callable[[OrderFacts], int]) -> I64:
            return np.array([value(order) for order in orders], np.int64)

        return cls(
            owner=np.repeat(np.arange(len(people)), [len(person.orders) for person in people]),
            start_us=column(lambda o: to_micros(o.start)),
            end_us=column(lambda o: _micros(o.end)),
            adult_on=column(_adult_on),
            given_us=column(lambda o: to_micros(o.consent.given_at) if o.consent else 0),
            consent_end_us=column(lambda o: _micros(o.consent.ends_at if o.consent else None)),
            like=np.array(like, np.int64),
            kinds=tuple(kinds),
        )


def permissions(
    policy: SearchPolicy, crimes: Sequence[CrimeFacts], people: Sequence[Person]
) -> Permissions:
    """What the policy says of every crime and every one of these people."""
    columns = _Columns.of(people)
    unless = np.array([_without_order(person) for person in people], np.int8)
    codes = np.empty((len(crimes), len(people)), np.int8)
    used = np.zeros(len(columns.owner), np.bool_)
    answers: dict[tuple[object, ...], I8] = {}
    firsts = sorted({rule.crimes_from for rule in policy.rules if rule.crimes_from})
    for row, crime in zip(codes, crimes, strict=True):
        day = local_date(crime.window.start)
        reached = tuple(day >= first for first in firsts)
        key = (crime.crime_type, crime.force, crime.searched_at, reached)
        known = answers.setdefault(key, np.full(_CASES * len(columns.kinds), _NOT_ASKED, np.int8))
        row[:] = unless
        held, case = _in_force(columns, crime, day)
        for each in np.unique(case[known[case] == _NOT_ASKED]).tolist():
            known[each] = CODE_OF[may_search(policy, _example(columns, each, crime), crime).reason]
        np.minimum.at(row, columns.owner[held], known[case])
        used[held] |= known[case] == CODE_OF[Reason.PERMITTED]
    return Permissions(codes, used)


def _in_force(columns: _Columns, crime: CrimeFacts, day: date) -> tuple[I64, I64]:
    """The orders in force for the whole of a window, and the case of each.

    A case is what the order is like, whether the wearer is an adult, whether the consent is in
    force.
    """
    first, last = to_micros(crime.window.start), to_micros(crime.window.end)
    held = np.flatnonzero((columns.start_us <= first) & (columns.end_us > last))
    adult = columns.adult_on[held] <= day.toordinal()
    agreed = (columns.given_us[held] <= first) & (columns.consent_end_us[held] > last)
    return held, _CASES * columns.like[held] + 2 * adult + agreed


def _example(columns: _Columns, case: int, crime: CrimeFacts) -> OrderFacts:
    """An order of that case, as it stands to a crime like this one."""
    kind, rest = divmod(case, _CASES)
    adult, agreed = divmod(rest, 2)
    return _at(columns.kinds[kind], crime.window, adult=bool(adult), agreed=bool(agreed))


def _timeless(order: OrderFacts) -> OrderFacts:
    """The order without what is compared in columns; the policy cannot tell two such apart."""
    consent = order.consent
    if consent is not None:
        consent = replace(consent, given_at=_LONG_AGO, ends_at=None)
    born_on = None if order.born_on is None else _AN_ADULT
    return replace(order, start=_LONG_AGO, end=None, born_on=born_on, consent=consent)


def _at(kind: OrderFacts, window: Period, *, adult: bool, agreed: bool) -> OrderFacts:
    """An order of that kind, of a child or an adult, with a consent in force or not."""
    consent = kind.consent
    if consent is not None and not agreed:
        consent = replace(consent, given_at=window.end + timedelta(days=1))
    born_on = kind.born_on
    if born_on is not None and not adult:
        born_on = local_date(window.start)
    return replace(kind, born_on=born_on, consent=consent)


def _without_order(person: Person) -> int:
    """The answer where no order was in force for the whole window."""
    if person.victim:
        return CODE_OF[Reason.VICTIMS_DEVICE]
    return CODE_OF[Reason.ORDER_NOT_IN_FORCE if person.on_record else Reason.BASIS_NOT_KNOWN]


def _adult_on(order: OrderFacts) -> int:
    """The day from which on the wearer is an adult, as an ordinal; unknown is asked as a child."""
    if order.born_on is None:
        return _NEVER_ADULT
    return reaches_age(order.born_on, ADULT_YEARS).toordinal()


def _micros(end: datetime | None) -> int:
    return _FOREVER_US if end is None else to_micros(end)
