"""What of an order, of a consent and of a crime decides who may be searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Scope:
    """Names that are covered: those listed, or `everything`. Nothing by default."""

    names: frozenset[str] = frozenset()
    everything: bool = False

    def covers(self, name: str) -> bool:
        """Whether `name` is covered."""
        return self.everything or name in self.names


@dataclass(frozen=True, slots=True)
class Consent:
    """A wearer's consent and what it covers; instants are aware UTC.

    In force from `given_at` up to `ends_at` (None: no end agreed), unless withdrawn before.
    """

    written: bool
    crime_matching: bool
    crime_types: Scope
    forces: Scope
    given_at: datetime
    ends_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order a wearer was monitored under at the crime's time.

    In force from `start` up to `end` (None: no end yet), aware UTC. `scheme` is the id of the
    eligibility rule under which the order was made, if any. None for what is not known.
    """

    basis: LegalBasis | None
    conditions: frozenset[ConditionKind] | None
    start: datetime
    end: datetime | None
    born_on: date | None
    victims_device: bool
    scheme: str | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class CrimeFacts:
    """What of a crime and of the search decides.

    Its type, the force that investigates, its window; `searched_at` is when the search is really
    made, also where an earlier answer is made again: consent withdrawn since then counts.
    """

    crime_type: str
    force: str
    window: Period
    searched_at: datetime
