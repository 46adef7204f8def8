"""Terms of months and days as English law counts them, and the days on which ages are reached.

A term of months from a date ends on the corresponding date of a later month, or on that month's
last day where it has no such date (Dodds v Walker [1981] 1 WLR 1027). So a term of months has no
fixed length in days: three months are 89 to 92. Two terms are compared from the date on which they
begin; where nobody knows that date, they are compared from every date, and the answer may be open.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

#: Every start that can matter between the years 1901 and 2099, where each fourth is a leap year.
_STARTS: Final = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1))
_MOST_MONTHS: Final = 1200

#: Below this age a person is a child.
ADULT_YEARS: Final = 18


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: calendar months, and days after them. Neither is negative."""

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if self.months < 0 or self.days < 0:
            raise ValueError("a term cannot be negative")
        if self.months > _MOST_MONTHS or self.days > 31 * _MOST_MONTHS:
            raise ValueError("a term is longer than a hundred years")

    def after(self, start: date) -> date:
        """The date on which the term, begun on `start`, has run."""
        return add_months(start, self.months) + timedelta(days=self.days)

    def __str__(self) -> str:
        parts = [(self.months, "month"), (self.days, "day")]
        told = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n]
        return " and ".join(told) or "0 days"


def add_months(start: date, months: int) -> date:
    """The corresponding date `months` later, or the last day of that month where it has none."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def reaches_age(born_on: date, years: int) -> date:
    """The first day on which somebody is `years` old; born on 29 February: 1 March, if need be."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


@lru_cache(maxsize=4096)
def orderings(one: Term, other: Term, start: date | None) -> frozenset[int]:
    """How `one` may stand to `other`: -1 shorter, 0 equal, 1 longer.

    Exactly one where `start` is given or does not matter; more than one where it does and is None.
    """
    if one == other:
        return frozenset({0})
    starts = _STARTS if start is None else (start,)
    lengths = ((one.after(day), other.after(day)) for day in starts)
    return frozenset((a > b) - (a < b) for a, b in lengths)
