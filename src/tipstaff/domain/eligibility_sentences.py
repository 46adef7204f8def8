"""The kinds of clause that look at the sentence for which a person would be tagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tipstaff.domain.eligibility_facts import SENTENCE_WORDS, Case, SentenceKind
from tipstaff.domain.eligibility_findings import Finding, found, possible
from tipstaff.domain.terms import Term, orderings


@dataclass(frozen=True, slots=True)
class KindOfSentence:
    """The sentence is of one of these kinds."""

    allowed: tuple[SentenceKind, ...]

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the sentence for which the person would be tagged."""
        del on_date
        kind = case.sentence.kind
        if kind is None:
            return found(None, "", "", "the kind of sentence")
        words = SENTENCE_WORDS[kind]
        return found(kind in self.allowed, f"It is {words}.", f"It is {words}: left out.", "")


@dataclass(frozen=True, slots=True)
class Offence:
    """The sentence is for one of these offences."""

    listed: tuple[str, ...]

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Decided by the sentence for which the person would be tagged."""
        del on_date
        offence = case.sentence.offence
        return found(
            None if offence is None else offence in self.listed,
            "The sentence is for a listed offence.",
            "The sentence is for an offence that is not listed.",
            "what the sentence is for",
        )


@dataclass(frozen=True, slots=True)
class Longest:
    """No sentence served beside it is longer; with `ties`, one may be as long."""

    ties: bool

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Each other sentence is compared; one that is surely longer settles it."""
        del on_date
        or_equal = " or equal longest" if self.ties else ""
        return found(
            self._met(case),
            f"The sentence is the longest{or_equal} of those served.",
            f"The sentence is not the longest{or_equal} of those served.",
            "whether the sentence is the longest of those served",
        )

    def _met(self, case: Case) -> bool | None:
        if case.beside is None:
            return None
        term, start = case.sentence.term, case.sentence.imposed_on
        wanted = frozenset({0, 1}) if self.ties else frozenset({1})
        each = [
            None
            if term is None or other.term is None
            else possible(orderings(term, other.term, start), wanted)
            for other in case.beside
        ]
        if False in each:
            return False
        return None if None in each else True


@dataclass(frozen=True, slots=True)
class SentenceLength:
    """The sentence is at least so many months and days long, counted from when it was imposed."""

    at_least_months: int = 0
    at_least_days: int = 0

    def find(self, case: Case, on_date: date | None) -> Finding:
        """Open where it hangs on the calendar and nobody knows when the sentence was imposed."""
        del on_date
        least = Term(self.at_least_months, self.at_least_days)
        term = case.sentence.term
        met = None
        if term is not None:
            met = possible(orderings(term, least, case.sentence.imposed_on), frozenset({0, 1}))
        return found(
            met,
            f"The sentence of {term} is not shorter than {least}.",
            f"The sentence of {term} is shorter than {least}.",
            f"whether the sentence is at least {least}",
        )
