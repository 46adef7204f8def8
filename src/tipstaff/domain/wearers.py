"""Wearers: what is known of the person who wears a tag, as one version of their record says it.

All of it is about a person: nothing here shows itself in `repr`, so that no log or traceback can
carry it. Protected characteristics are not part of a wearer: they are kept apart, for equality
monitoring alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipstaff.domain.identifiers import Identifier
from tipstaff.domain.terms import ADULT_YEARS, reaches_age
from tipstaff.domain.zones import Place


class NeedKind(StrEnum):
    """What has to be thought of when a person is fitted, visited or written to."""

    HEARING = "hearing"
    SIGHT = "sight"
    MOBILITY = "mobility"
    READING = "reading"
    LEARNING = "learning"
    MENTAL_HEALTH = "mental_health"
    PHYSICAL_HEALTH = "physical_health"
    SKIN_OR_LIMB = "skin_or_limb"
    POWER_SUPPLY = "power_supply"
    OTHER = "other"


class RiskKind(StrEnum):
    """What may befall those who visit a person, or the person."""

    VIOLENCE = "violence"
    WEAPONS = "weapons"
    DOMESTIC_ABUSE = "domestic_abuse"
    SELF_HARM = "self_harm"
    ANIMALS = "animals"
    VISIT_IN_PAIRS = "visit_in_pairs"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A name as it is written; `family` is empty where a person has one name only."""

    given: str
    family: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A place where a wearer may live. Curfews name it by `reference`, never by its text.

    `place` is None where nobody has found its coordinates yet. `needs_householder`: a curfew there
    needs the co-operation of somebody else, whose home it is.
    """

    reference: str
    lines: tuple[str, ...]
    postcode: str = ""
    place: Place | None = None
    needs_householder: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Need:
    """A need, with what to do about it."""

    kind: NeedKind
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Risk:
    """A risk flag, with what to do about it."""

    kind: RiskKind
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ResponsibleAdult:
    """Who answers for a child, what they are to the child, and how to reach them."""

    name: str
    relation: str
    contact: str


@dataclass(frozen=True, slots=True, repr=False)
class ChildSafeguards:
    """What must be on record before a child is monitored.

    `best_interests`: how the child's best interests were weighed; empty where nobody wrote it down.
    `exploitation`: whether the child may be exploited by others (county lines); None: nobody asked.
    """

    responsible_adult: ResponsibleAdult | None = None
    best_interests: str = ""
    exploitation: bool | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Wearer:
    """A wearer's record. `reference` is the one that activations know them by.

    The first of `names` is the one in use. `language` is a tag of BCP 47, `en` or `cy`; an
    `interpreter` is needed where it is true. `born_on` is None where it is not known.
    """

    reference: str
    names: tuple[Name, ...]
    born_on: date | None = None
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    language: str = "en"
    interpreter: bool = False
    needs: tuple[Need, ...] = ()
    risks: tuple[Risk, ...] = ()
    limited_access: bool = False
    child: ChildSafeguards | None = None


def is_child(wearer: Wearer, day: date) -> bool | None:
    """Whether the wearer is under 18 on `day`; None where the date of birth is not known."""
    if wearer.born_on is None:
        return None
    return day < reaches_age(wearer.born_on, ADULT_YEARS)
