"""Protocols: how severe an alert is, who is told of it, how, in what time, and what comes next.

All of it is data with a version (`formats.protocol_files`): a table of severity, harm by level, and
for each kind of finding its steps. A step tells one recipient by one means, so long after the alert
opened, unless somebody has got so far with it by then: that is how what nobody answers escalates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.transitions import AlertState
from tipstaff.domain.zones import Harm


class Severity(IntEnum):
    """How soon a person has to look."""

    INFORMATION = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class Recipient(StrEnum):
    """Who is told, by their part; who that is, is for the service to know."""

    OPERATOR = "operator"
    SHIFT_LEAD = "shift_lead"
    CASE_MANAGER = "case_manager"
    POLICE = "police"
    VICTIM_LIAISON = "victim_liaison"
    EQUIPMENT_DESK = "equipment_desk"
    MATCH_DESK = "match_desk"
    INTELLIGENCE_TEAM = "intelligence_team"


class Means(StrEnum):
    """How somebody is told."""

    QUEUE = "queue"
    EMAIL = "email"
    TEXT = "text"
    WEBHOOK = "webhook"


class Queue(StrEnum):
    """To whose list an alert comes."""

    LIVE = "live"
    CASE_MANAGER = "case_manager"


@dataclass(frozen=True, slots=True)
class ProtocolStep:
    """Tell `to` by `means`, `after` the alert opened, unless it is `unless` or further by then.

    For alerts of the `queue`, at least as severe as `at_least`; with `while_on` only while what it
    is about goes on, as far as is known. `words`: what is to be done.
    """

    name: str
    to: Recipient
    means: Means
    after: timedelta
    words: str
    unless: AlertState | None = None
    at_least: Severity = Severity.INFORMATION
    queue: Queue = Queue.LIVE
    while_on: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is done about a kind of finding. `harm` is of kinds without a zone of their own.

    `always_live`: reaches the live queue however late it came to be known, and is never paused.
    """

    kind: FindingKind
    harm: Harm
    steps: tuple[ProtocolStep, ...]
    always_live: bool = False


@dataclass(frozen=True, slots=True)
class Protocols:
    """One version of all protocols. The table has a severity for each harm and level."""

    protocols_id: str
    version: int
    title: str
    source: str
    severities: Mapping[tuple[Harm, Level], Severity]
    kinds: Mapping[FindingKind, Protocol]

    def severity(self, kind: FindingKind, level: Level, harm: Harm | None) -> Severity:
        """How severe it is; `harm` that of the zone, None where there is no zone."""
        return self.severities[(self.harm(kind, harm), level)]

    def harm(self, kind: FindingKind, harm: Harm | None) -> Harm:
        """The harm that counts: the zone's, else the kind's."""
        return self.kinds[kind].harm if harm is None else harm

    def is_guarded(self, kind: FindingKind, harm: Harm | None) -> bool:
        """Whether it always reaches the live queue and is never paused: straps, and high harm."""
        return self.kinds[kind].always_live or self.harm(kind, harm) is Harm.HIGH


#: What came to be known longer after it happened than this is marked late.
LATE: Final = timedelta(minutes=15)
#: What came to be known longer after it happened than this goes to the case manager.
OLD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Revealed:
    """When something happened, when it came to be known, and whether by a correction.

    A correction is one of an order, a zone or an activation, made afterwards.
    """

    happened_at: datetime
    known_at: datetime
    by_correction: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """To which queue an alert comes, and whether it is marked late."""

    queue: Queue
    late: bool


def route(protocols: Protocols, kind: FindingKind, harm: Harm | None, known: Revealed) -> Route:
    """Where a new alert goes. However old it is, it goes somewhere."""
    age = known.known_at - known.happened_at
    late = age > LATE or known.by_correction
    aside = age > OLD or known.by_correction
    if aside and not protocols.is_guarded(kind, harm):
        return Route(Queue.CASE_MANAGER, late)
    return Route(Queue.LIVE, late)
