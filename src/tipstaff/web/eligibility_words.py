"""What a clause of eligibility demands, in a sentence; and how two versions of a rule differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from inspect import getdoc
from typing import Any, Final

from tipstaff.domain.crimes import CRIME_TYPE_WORDS
from tipstaff.domain.eligibility import Clause, Rule
from tipstaff.domain.eligibility_clauses import (
    Age,
    Area,
    Basis,
    ChildSafeguards,
    LicenceLength,
    PlainFact,
)
from tipstaff.domain.eligibility_facts import FACT_WORDS, SENTENCE_WORDS
from tipstaff.domain.eligibility_findings import Demand
from tipstaff.domain.eligibility_sentences import KindOfSentence, Longest, Offence, SentenceLength
from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.terms import Term
from tipstaff.records.law import shipped_forces
from tipstaff.web.times import day_words


def demanded(demand: Demand) -> str:
    """The sentence; of a kind that has none here, what the kind says of itself."""
    words: Callable[[Any], str] | None = _WORDS.get(type(demand))
    return (getdoc(type(demand)) or "").partition("\n")[0] if words is None else words(demand)


def in_force_words(rule: Rule) -> str:
    """From when and until when; a rule ends on the day before the first on which it is not."""
    begun = "Always" if rule.start is None else f"From {day_words(rule.start)}"
    if rule.end is None:
        return begun
    until = f"before {day_words(rule.end)}"
    return until.capitalize() if rule.start is None else f"{begun}, {until}"


def stands(rule: Rule, today: date) -> str:
    """Whether it is in force, in a word or two."""
    if rule.in_force(today):
        return "In force"
    return "Not yet in force" if rule.start is not None and today < rule.start else "No longer"


@dataclass(frozen=True, slots=True)
class Compared:
    """A clause in two versions: None where a version lacks it; `what` became of it, in a word."""

    name: str
    before: Clause | None
    after: Clause | None

    @property
    def what(self) -> str:
        """Added, taken out, changed, or the same."""
        if self.before is None:
            return "Added"
        if self.after is None:
            return "Taken out"
        if (self.before.demand, self.before.standing) != (self.after.demand, self.after.standing):
            return "Changed"
        return "The same" if self.before.source == self.after.source else "Same, by another source"


def compare(before: Rule, after: Rule) -> list[Compared]:
    """Each clause of either version, in the order of the later one."""
    old = {one.name: one for one in before.clauses}
    new = {one.name: one for one in after.clauses}
    names = [*new, *(name for name in old if name not in new)]
    return [Compared(name, old.get(name), new.get(name)) for name in names]


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _offence(code: str) -> str:
    known = {one.value: words for one, words in CRIME_TYPE_WORDS.items()}
    return known.get(code, code)


def _force(identifier: str) -> str:
    return _names().get(identifier, identifier)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {one.identifier: one.name for one in shipped_forces()}


def _longest(one: Longest) -> str:
    more = "longer; one may be as long" if one.ties else "longer, or as long"
    return f"No sentence served beside it is {more}."


def _length(one: SentenceLength) -> str:
    least = Term(one.at_least_months, one.at_least_days)
    return f"The sentence is at least {least} long, from when it was imposed."


_WORDS: Final[dict[type[Demand], Callable[[Any], str]]] = {
    Age: lambda one: f"Aged {one.at_least_years} or over on the day.",
    Basis: lambda one: f"The legal basis is {_either(BASIS_WORDS[b] for b in one.allowed)}.",
    KindOfSentence: lambda one: (
        f"The sentence is {_either(SENTENCE_WORDS[kind] for kind in one.allowed)}."
    ),
    Offence: lambda one: f"The sentence is for {_either(map(_offence, one.listed))}.",
    Longest: _longest,
    SentenceLength: _length,
    LicenceLength: lambda one: (
        f"At least {one.at_least_days} days on licence are left, the first and the last counted."
    ),
    Area: lambda one: f"To live in the police area of {_either(map(_force, one.listed))}.",
    PlainFact: lambda one: FACT_WORDS[one.fact][0 if one.wanted else 1],
    ChildSafeguards: lambda _one: (
        "A child has a responsible adult named, and best interests are recorded."
    ),
}
