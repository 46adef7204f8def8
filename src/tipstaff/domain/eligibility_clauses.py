"""The kinds of clause an eligibility rule may have: one small class each, listed in `KINDS`.

A rule's file names a kind and gives its fields; a new rule of known kinds needs no code. `find`
answers met, not met or not known, with the reason in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tipstaff.domain.eligibility_facts import FACT_WORDS, Case, Fact, day_words
from tipstaff.domain.eligibility_findings import Demand, Finding, Result, found
from tipstaff.domain.eligibility_sentences import KindOfSentence, Longest, Offence, SentenceLength
from tipstaff.domain.legal_bases import BASIS_WORDS, LegalBasis
from tipstaff.domain.terms import ADULT_YEARS, reaches_age


@dataclass(frozen=True, slots=True)
class Age:
    """The person is at least so many years old on the day."""

    at_least_years: int

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the birthday; somebody born on 29 February ages on 1 March if need be."""
        n = self.at_least_years
        met = None
        if case.born_on is not None and on_date is not None:
            met = reaches_age(case.born_on, n) <= on_date
        return found(
            met, f"Aged {n} or over on the day.", f"Under {n} on the day.", "the age on the day"
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """The legal basis is one of these."""

    allowed: tuple[LegalBasis, ...]

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the basis on record."""
        del on_date
        if case.basis is None:
            return found(None, "", "", "the legal basis")
        words = BASIS_WORDS[case.basis]
        return found(
            case.basis in self.allowed,
            f"The legal basis is {words}.",
            f"The legal basis is {words}, which this rule leaves out.",
            "",
        )


@dataclass(frozen=True, slots=True)
class LicenceLength:
    """From the day there are at least so many days on licence, the first and the last counted."""

    at_least_days: int

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the day of release and the last day on licence."""
        least, last = self.at_least_days, case.licence_last_day
        if on_date is None or last is None:
            return found(None, "", "", f"whether {least} days on licence remain")
        days = max(0, (last - on_date).days + 1)
        told = f"{days} day{'' if days == 1 else 's'} on licence, to {day_words(last)}"
        return found(
            days >= least, f"{told}: at least {least}.", f"{told}: fewer than {least}.", ""
        )


@dataclass(frozen=True, slots=True)
class Area:
    """The person is to live in one of these police areas."""

    listed: tuple[str, ...]

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the police area to live in."""
        del on_date
        return found(
            None if case.area is None else case.area in self.listed,
            f"To live in {case.area}, an area in scope.",
            f"To live in {case.area}, an area out of scope.",
            "the police area to live in",
        )


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A plain fact is so, or (`wanted` false) is not so."""

    fact: Fact
    wanted: bool

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by what is on record."""
        del on_date
        known = case.fact(self.fact)
        so, not_so = FACT_WORDS[self.fact]
        yes, no = (so, not_so) if self.wanted else (not_so, so)
        met = None if known is None else known is self.wanted
        return found(met, yes, no, f"whether this is so: {so.rstrip('.')}")


@dataclass(frozen=True, slots=True)
class ChildSafeguards:
    """A child has a responsible adult named and best interests recorded; an adult needs neither."""

    def find(self, case: Case, on_date: date | None) -> Finding:
        """A safeguard that is surely missing settles it only for somebody who surely is a child."""
        adult = Age(ADULT_YEARS).find(case, on_date).result
        if adult is Result.MET:
            return Finding(Result.MET, "An adult on the day.")
        both = (case.responsible_adult, case.best_interests_recorded)
        met = True if all(both) else False if False in both else None
        if met is False and adult is Result.NOT_KNOWN:
            met = None
        return found(
            met,
            "A responsible adult is named and best interests are recorded, as a child needs.",
            "A child without a responsible adult named and best interests recorded.",
            "whether the safeguards for a child are in place, or the person is an adult",
        )


#: What a rule's file may call a clause.
KINDS: Final[Mapping[str, type[Demand]]] = {
    "age": Age,
    "basis": Basis,
    "kind_of_sentence": KindOfSentence,
    "offence": Offence,
    "longest_sentence": Longest,
    "sentence_length": SentenceLength,
    "licence_length": LicenceLength,
    "area": Area,
    "fact": PlainFact,
    "child_safeguards": ChildSafeguards,
}
