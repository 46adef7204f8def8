"""How long what may be kept, by legal basis: policies, and the day on which each thing is due.

A policy is data. For each basis it says how long each category is kept after an order's end: a term
of calendar months and days from the local day on which the order ended, that last day kept whole.
So a thing is due at the first instant of the local day after the term has run.

Where several orders bear on a thing, the longest speaks: what an order that stands covers is kept.
Where no order covers the time of a thing, it was collected without a basis, and is due a short
`uncovered` term after that began. Where a person has no order on record at all, nothing is known
and nothing is scheduled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.local_time import local_date
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.terms import Term
from tipstaff.domain.wall_time import LAST_DAY, first_reached


class Category(StrEnum):
    """Kinds of data that are kept for different lengths of time."""

    TRAIL = "trail"
    DEVICE_EVENTS = "device_events"
    ANSWERS = "answers"
    CONTACT_LOG = "contact_log"
    CASE_RECORD = "case_record"
    CONSENT_PROOF = "consent_proof"


CATEGORY_WORDS: Final[Mapping[Category, str]] = {
    Category.TRAIL: "positions, in the archive, in runs and in quarantine",
    Category.DEVICE_EVENTS: "events that devices reported",
    Category.ANSWERS: "what matching said of the wearer",
    Category.CONTACT_LOG: "contacts and tasks",
    Category.CASE_RECORD: "names, identifiers, addresses, orders, activations",
    Category.CONSENT_PROOF: "proof of consent",
}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long each category is kept after the end of an order on one of `bases`.

    `choice`: the figures are the controller's to set, and the law does not name them.
    """

    rule_id: str
    bases: frozenset[LegalBasis]
    keep: Mapping[Category, Term]
    source: str
    choice: bool


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """A version of the policy. A used version is never changed; the next one is added.

    `start`: the first day on which it is in force. `locked`: the categories that nobody reads once
    their order has ended, but for the purposes `open_to`. `unknown_device_h`: how long messages
    are kept of devices that nobody is known to wear.
    """

    policy_id: str
    version: int
    title: str
    source: str
    start: date
    locked: frozenset[Category]
    open_to: frozenset[Purpose]
    uncovered: Term
    unknown_device_h: int
    rules: tuple[RetentionRule, ...]

    @property
    def name(self) -> str:
        """How proofs name it."""
        return f"{self.policy_id}-{self.version}"

    def term(self, basis: LegalBasis, category: Category) -> Term:
        """How long a category is kept after an order on `basis`; every basis has a rule."""
        return next(rule.keep[category] for rule in self.rules if basis in rule.bases)


@dataclass(frozen=True, slots=True)
class Spell:
    """An order as it bears on keeping: in force from `start` up to, not including, `end`.

    `end` None: no end is set, it stands. `key` names the order's record. `relaxed_for`: the
    voluntary orders for which this licence was relaxed. What was collected while one of them ran
    was collected by choice, as the gate at the intake has it: the licence does not keep it.
    """

    key: str
    basis: LegalBasis
    start: datetime
    end: datetime | None = None
    relaxed_for: tuple[Spell, ...] = ()

    def covers(self, instant: datetime) -> bool:
        """Whether what was collected at that instant rests on the order."""
        in_force = self.start <= instant and (self.end is None or instant < self.end)
        return in_force and not any(chosen.covers(instant) for chosen in self.relaxed_for)


def due_after(instant: datetime, term: Term) -> datetime | None:
    """When what ended at `instant` is due: the local day after the term. None: never, so far off.

    A later `instant` never gives an earlier answer.
    """
    last = local_date(instant)
    if last.year + term.months // 12 + term.days // 365 >= LAST_DAY.year - 2:
        return None
    day = term.after(last) + timedelta(days=1)
    return first_reached(datetime.combine(day, time()))
