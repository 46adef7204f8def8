"""Alerts made in a line, under the shipped protocols, with minutes for times."""

from __future__ import annotations

from datetime import timedelta

from told_findings import when

from tipstaff.domain.alerts import Alert, AlertOutcome, EpisodeNow, Evidence, decided
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.notices import Notice, NoticeKey, notices_due
from tipstaff.domain.pauses import Pause
from tipstaff.domain.protocols import Queue, Revealed, Route, route
from tipstaff.domain.transitions import Act
from tipstaff.domain.zones import Harm
from tipstaff.records.shipped_monitoring import shipped_protocols

PROTOCOLS = shipped_protocols()
LIVE = Route(Queue.LIVE, late=False)


def told(
    revision: int,
    level: Level = Level.PROBABLE,
    evidence: Evidence = Evidence.STANDS,
    goes_on: bool = True,
) -> EpisodeNow:
    return EpisodeNow(7, revision, level, evidence, goes_on)


def alert(
    kind: FindingKind = FindingKind.ZONE,
    harm: Harm | None = Harm.MEDIUM,
    level: Level = Level.PROBABLE,
    minute: float = 0,
    on: Route = LIVE,
) -> Alert:
    first = told(1, level)
    return Alert(1, "w1", kind, harm, on, when(minute), first, first)


def did(
    one: Alert,
    act: Act,
    minute: float = 1,
    words: str = "as seen",
    outcome: AlertOutcome | None = None,
) -> Alert:
    after = decided(one, act, "operator-1", when(minute), words, outcome)
    assert isinstance(after, Alert), after
    return after


def closed(one: Alert, outcome: AlertOutcome = AlertOutcome.GENUINE) -> Alert:
    return did(did(one, Act.ACKNOWLEDGE), Act.CLOSE, 2, outcome=outcome)


def due(
    one: Alert, minute: float, sent: tuple[NoticeKey, ...] = (), pauses: tuple[Pause, ...] = ()
) -> tuple[Notice, ...]:
    return notices_due(one, PROTOCOLS, sent, when(minute), pauses)


def in_words(notices: tuple[Notice, ...]) -> list[str]:
    return [
        f"{notice.key.step} {notice.key.recipient} r{notice.key.revision}" for notice in notices
    ]


def keys(notices: tuple[Notice, ...]) -> tuple[NoticeKey, ...]:
    return tuple(notice.key for notice in notices)


def routed(
    kind: FindingKind, harm: Harm | None, age_min: float, by_correction: bool = False
) -> Route:
    known = when(0) + timedelta(minutes=age_min)
    return route(PROTOCOLS, kind, harm, Revealed(when(0), known, by_correction))
