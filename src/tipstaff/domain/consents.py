"""Consents: who agreed to what, when, in which words, and when they took it back.

A consent is about the wearer's case, but not always the wearer's own: a householder agrees to a
curfew at their address, a victim to being protected by proximity. It is about people and stays out
of `repr`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain import search_facts
from tipstaff.domain.search_facts import Scope


class ConsentKind(StrEnum):
    """Who consents, and so to what."""

    VOLUNTARY = "voluntary"
    HOUSEHOLDER = "householder"
    VICTIM = "victim"


CONSENT_WORDS: Final[dict[ConsentKind, str]] = {
    ConsentKind.VOLUNTARY: "the wearer's consent to a voluntary tag",
    ConsentKind.HOUSEHOLDER: "the householder's consent to a curfew at their address",
    ConsentKind.VICTIM: "the victim's consent to being protected by proximity",
}


class WithdrawnBy(StrEnum):
    """How a consent was taken back. Any way will do; a written one is never asked for."""

    IN_PERSON = "in_person"
    IN_WRITING = "in_writing"
    BY_TELEPHONE = "by_telephone"
    BY_REMOVING_THE_TAG = "by_removing_the_tag"
    THROUGH_ANOTHER = "through_another"


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """What is consented to; nothing that is not named.

    `crime_types` and `forces` say for which crimes, where `crime_matching` is agreed at all.
    `agencies`: with whom what is collected may be shared.
    """

    collection: bool
    crime_matching: bool = False
    crime_types: Scope = field(default_factory=Scope)
    forces: Scope = field(default_factory=Scope)
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Withdrawal:
    """That a consent was taken back, from `at` on; `told_to` is who was told."""

    at: datetime
    how: WithdrawnBy
    told_to: str


@dataclass(frozen=True, slots=True, repr=False)
class Consent:
    """One consent. `reference` is unique among those of one wearer's case; `wearer` is theirs.

    `text`: id and version of the words that were put to the person, in `language`. `person`: the
    householder's name, or the victim's reference; empty for the wearer. `address`: of a
    householder, the reference in the wearer's record. `capacity_considered` and
    `interpreter_considered`: whether it was asked if the person could decide, and if they needed
    an interpreter; None: nobody wrote it down. In force from `given_at` up to `ends_at` (None: no
    end agreed), unless withdrawn or superseded before. `supersedes` is the reference of the one
    whose place it takes.
    """

    reference: str
    wearer: str
    kind: ConsentKind
    given_at: datetime
    written: bool
    taken_by: str
    text: str
    scope: ConsentScope
    person: str = ""
    address: str = ""
    language: str = "en"
    capacity_considered: bool | None = None
    interpreter_considered: bool | None = None
    ends_at: datetime | None = None
    withdrawn: Withdrawal | None = None
    supersedes: str = ""


def over_at(consent: Consent, others: Iterable[Consent] = ()) -> datetime | None:
    """From when on a consent is no longer in force: withdrawn, ended or superseded; None: never.

    `others` are those of the same case; one of them may have taken its place.
    """
    ends = [
        consent.ends_at,
        None if consent.withdrawn is None else consent.withdrawn.at,
        *(other.given_at for other in others if _takes_place_of(other, consent)),
    ]
    return min((end for end in ends if end is not None), default=None)


def in_force(consents: Iterable[Consent], kind: ConsentKind, at: datetime) -> tuple[Consent, ...]:
    """The consents of a kind that are in force at `at`, by reference."""
    every = tuple(consents)
    found = (c for c in every if c.kind is kind and c.given_at <= at)
    held = [c for c in found if (end := over_at(c, every)) is None or at < end]
    return tuple(sorted(held, key=lambda consent: consent.reference))


def wearers_own(consents: Iterable[Consent]) -> tuple[Consent, ...]:
    """Those that may be in the wearer's own export: no victim's, whose very existence is kept back.

    A householder lives with the wearer or let them in: their consent is no secret.
    """
    return tuple(c for c in consents if c.kind is not ConsentKind.VICTIM)


def search_consent(consents: Iterable[Consent], at: datetime) -> search_facts.Consent | None:
    """What matching asks of the wearer's consent about a crime at `at`; None: there was none.

    The one that was given last by then. Another that took its place ends it there, and what is
    taken back of that one, or was left out of it, is taken back of both. Consent given anew after
    a withdrawal covers no crime before it.
    """
    every = tuple(consents)
    given = [c for c in every if c.kind is ConsentKind.VOLUNTARY and c.given_at <= at]
    if not given:
        return None
    last = max(given, key=lambda consent: (consent.given_at, consent.reference))
    line = _line_of(last, every)
    ends = [last.ends_at, *(c.given_at for c in line[1:])]
    taken_back = [c.withdrawn.at for c in line if c.withdrawn is not None]
    return search_facts.Consent(
        written=last.written,
        crime_matching=all(c.scope.collection and c.scope.crime_matching for c in line),
        crime_types=_narrowed(c.scope.crime_types for c in line),
        forces=_narrowed(c.scope.forces for c in line),
        given_at=last.given_at,
        ends_at=min((end for end in ends if end is not None), default=None),
        withdrawn_at=min(taken_back, default=None),
    )


def _line_of(consent: Consent, every: Iterable[Consent]) -> list[Consent]:
    """The consent, and those that took its place one after another, however they go in a ring."""
    line = [consent]
    for held in line:
        line += [c for c in every if _takes_place_of(c, held) and c not in line]
    return line


def _narrowed(scopes: Iterable[Scope]) -> Scope:
    """What all of these cover."""
    limited = [scope.names for scope in scopes if not scope.everything]
    return Scope(frozenset.intersection(*limited)) if limited else Scope(everything=True)


def _takes_place_of(other: Consent, consent: Consent) -> bool:
    return other.supersedes == consent.reference and other.kind is consent.kind
