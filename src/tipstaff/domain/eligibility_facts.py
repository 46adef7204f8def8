"""What eligibility rules ask of a person. None means that nobody has said yet; it is never a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.terms import Term

#: Not from the calendar module, whose names follow the machine's language.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class SentenceKind(StrEnum):
    """Kinds of custodial sentence, as far as the rules tell them apart."""

    STANDARD_DETERMINATE = "standard_determinate"
    EXTENDED_DETERMINATE = "extended_determinate"
    PARTICULAR_CONCERN = "particular_concern"
    DETENTION_AND_TRAINING = "detention_and_training"
    INDETERMINATE = "indeterminate"
    OTHER = "other"


SENTENCE_WORDS: Final[dict[SentenceKind, str]] = {
    SentenceKind.STANDARD_DETERMINATE: "a standard determinate sentence",
    SentenceKind.EXTENDED_DETERMINATE: "an extended determinate sentence",
    SentenceKind.PARTICULAR_CONCERN: "a sentence for offenders of particular concern",
    SentenceKind.DETENTION_AND_TRAINING: "a detention and training order",
    SentenceKind.INDETERMINATE: "an indeterminate sentence",
    SentenceKind.OTHER: "a sentence of another kind",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One custodial sentence: what for, of which kind, how long, imposed when.

    `offence` is a code of the national crime file where it is one of its types, else another word.
    """

    offence: str | None = None
    kind: SentenceKind | None = None
    term: Term | None = None
    imposed_on: date | None = None


class Fact(StrEnum):
    """Facts that are plainly so or not; each is a field of `Case` of the same name."""

    FIXED_ADDRESS = "fixed_address"
    MONITORED_IN_FULL = "monitored_in_full"
    UNSUITABLE = "unsuitable"
    WRITTEN_CONSENT = "written_consent"
    REFERRED = "referred"
    MANAGED_TOGETHER = "managed_together"
    TEMPORARY_RELEASE_GRANTED = "temporary_release_granted"
    MONITORING_IN_LICENCE = "monitoring_in_licence"


#: For each fact: the sentence where it is so, and the one where it is not.
FACT_WORDS: Final[dict[Fact, tuple[str, str]]] = {
    Fact.FIXED_ADDRESS: ("The person has a fixed address.", "The person has no fixed address."),
    Fact.MONITORED_IN_FULL: (
        "The person was monitored for the full period under this sentence.",
        "The person was not monitored for the full period under this sentence.",
    ),
    Fact.UNSUITABLE: (
        "Health or circumstances make monitoring inappropriate.",
        "Nothing in health or circumstances makes monitoring inappropriate.",
    ),
    Fact.WRITTEN_CONSENT: (
        "The wearer's written consent is in force.",
        "No written consent of the wearer is in force.",
    ),
    Fact.REFERRED: ("The person was referred.", "The person was not referred."),
    Fact.MANAGED_TOGETHER: (
        "Police and probation manage the person together (IOM).",
        "Police and probation do not manage the person together (IOM).",
    ),
    Fact.TEMPORARY_RELEASE_GRANTED: (
        "The governor granted temporary release.",
        "Temporary release was not granted.",
    ),
    Fact.MONITORING_IN_LICENCE: (
        "The licence has a condition of monitoring.",
        "The licence has no condition of monitoring.",
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a person whose eligibility is asked for.

    `sentence` is the one for which the person would be tagged; of several listed ones, the longest.
    `beside` are the others being served at the same time: () where there are none, None where
    nobody has looked. `licence_last_day` is the last day on licence, that day included. `area` is
    the police area to live in, by its identifier. For children (under 18): whether a responsible
    adult is named, and whether the child's best interests were recorded.
    """

    born_on: date | None = None
    basis: LegalBasis | None = None
    sentence: Sentence = Sentence()
    beside: tuple[Sentence, ...] | None = None
    licence_last_day: date | None = None
    area: str | None = None
    fixed_address: bool | None = None
    monitored_in_full: bool | None = None
    unsuitable: bool | None = None
    written_consent: bool | None = None
    referred: bool | None = None
    managed_together: bool | None = None
    temporary_release_granted: bool | None = None
    monitoring_in_licence: bool | None = None
    responsible_adult: bool | None = None
    best_interests_recorded: bool | None = None

    def fact(self, fact: Fact) -> bool | None:
        """Whether `fact` is so; None where it is not known."""
        known: bool | None = getattr(self, fact.value)
        return known


def day_words(day: date) -> str:
    """A date as people write it: 26 October 2022."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
