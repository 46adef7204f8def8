"""What a search for misuse works with: looks, what is known beside them, and the questions it asks.

A question is for a supervisor to ask, and no accusation: the log cannot tell why somebody looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Whom a member of staff may have a private interest in, by the audit's references.

    `own`: a record that is theirs. `neighbours`: wearers who live near their home. `namesakes`:
    wearers of the same family name. All empty where their home and name are not known.
    """

    own: frozenset[UUID] = frozenset()
    neighbours: frozenset[UUID] = frozenset()
    namesakes: frozenset[UUID] = frozenset()


def _not_known(_actor: UUID, _subject: UUID) -> bool | None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the log. What is not known is not asked about.

    `has_reason` says whether an actor has to do with a subject (a case, a run, an alert), None
    where that is not known. `closed_at` says since when no order of a subject is in force.
    `limited` are subjects of limited access.
    """

    staff: Mapping[UUID, StaffFacts] = field(default_factory=dict)
    has_reason: Callable[[UUID, UUID], bool | None] = _not_known
    closed_at: Mapping[UUID, datetime] = field(default_factory=dict)
    limited: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Staff:
    """One actor's looks in the period searched, and those before it, each in order of time."""

    actor: UUID
    looks: tuple[Look, ...]
    before: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a supervisor may ask of an actor: by which rule, in a sentence, about which entries."""

    rule: str
    actor: UUID
    sentence: str
    entries: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on each rule asks. The reasons stand beside; figures are in docs/validation."""

    #: Looks at persons before an actor's hours count as known, and days on which they were made.
    history_looks: int = 60
    history_days: int = 15
    #: An hour is unusual if less than this share of the actor's looks fell within an hour of it on
    #: the same kind of day: one look in three hundred is a late evening a quarter.
    usual_percent: float = 0.3
    #: People without a case, of all an actor asked for by name: covering for a colleague brings
    #: some, so it takes both a number and a share.
    without_reason: int = 12
    without_reason_percent: int = 25
    #: Days in a fortnight on which somebody without a case was looked at; and where cases are not
    #: known, days as many as hardly any duty brings.
    repeated_within: timedelta = timedelta(days=14)
    repeated_days: int = 4
    repeated_days_not_known: int = 11
    #: People asked for by name in a quarter of an hour: reading takes a minute, copying does not.
    burst_within: timedelta = timedelta(minutes=15)
    burst_people: int = 25
    #: Attempts of one day that were refused, or looks of one day that nothing says were answered:
    #: one is a slip of the hand or of the machine.
    refused_a_day: int = 3
    unanswered_a_day: int = 3
    #: After a case has closed its papers are still put in order for some weeks.
    closed_for: timedelta = timedelta(days=28)


LIMITS: Final = Limits()

#: A rule: an actor, what is known, the limits; its questions.
Rule = Callable[[Staff, Known, Limits], Iterator[Question]]


def asked(rule: str, staff: Staff, sentence: str, looks: list[Look]) -> Question:
    """A question about those looks."""
    return Question(rule, staff.actor, sentence, tuple(e for look in looks for e in look.entries))


def times(count: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
