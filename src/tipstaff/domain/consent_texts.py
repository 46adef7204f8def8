"""The words in which a consent is asked for, and the copy that is left with the person.

A text has an id and a version. A consent names the one that was put to the person, so a version
that was used is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tipstaff.domain.consents import Consent, ConsentKind
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.wall_time import wall_time

#: Every text answers these, in this order.
SECTIONS: Final = ("agree", "collected", "seen", "gain", "cost", "stop", "stopped")


class Language(StrEnum):
    """The languages in which every text is there."""

    ENGLISH = "en"
    WELSH = "cy"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs: always, and by whether crime matching was agreed."""

    name: str
    heading: str
    always: tuple[str, ...]
    if_matching: tuple[str, ...] = ()
    if_not_matching: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in one language. `notice` stands above it; `words` are those for codes and gaps."""

    title: str
    sections: tuple[Section, ...]
    words: Mapping[str, str]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of a text, put to people from the day `start` up to, not including, `end`."""

    text_id: str
    version: int
    kind: ConsentKind
    start: date
    source: str
    wordings: Mapping[Language, Wording]
    end: date | None = None

    @property
    def name(self) -> str:
        """How a consent names it."""
        return f"{self.text_id}-{self.version}"

    def used_on(self, day: date) -> bool:
        """Whether it may be put to people on `day`."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, repr=False)
class Copy:
    """A person's copy: a title, a notice (or none), sections of paragraphs, and what it was."""

    language: Language
    title: str
    notice: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    footer: str


def copy_of(consent: Consent, text: ConsentText, language: Language) -> Copy:
    """The copy of a consent: what was agreed, in the very words of its version."""
    wording = text.wordings[language]
    filled = _filled(consent, wording.words)
    matching = consent.scope.crime_matching
    sections = tuple(
        (
            section.heading,
            tuple(
                paragraph.format(**filled)
                for paragraph in (
                    *section.always,
                    *(section.if_matching if matching else section.if_not_matching),
                )
            ),
        )
        for section in wording.sections
    )
    footer = f"{consent.reference} · {text.name} · {language}"
    return Copy(language, wording.title, wording.notice, sections, footer)


def _filled(consent: Consent, words: Mapping[str, str]) -> dict[str, str]:
    """What stands in the gaps of a text. Days are those of the clock on the wall."""
    given = wall_time(consent.given_at).date()
    ends = words["no_end"]
    if consent.ends_at is not None:
        ends = words["end"].format(day=_day(wall_time(consent.ends_at).date()))
    return {
        "given": _day(given),
        "ends": ends,
        "agencies": ", ".join(consent.scope.agencies) or words["nobody"],
        "crimes": _names(consent.scope.crime_types, words),
        "forces": _names(consent.scope.forces, words),
    }


def _day(day: date) -> str:
    """Day, month, year in figures: read alike in both languages."""
    return f"{day:%d/%m/%Y}"


def _names(scope: Scope, words: Mapping[str, str]) -> str:
    if scope.everything:
        return words["any"]
    return ", ".join(sorted(words.get(name, name) for name in scope.names))
