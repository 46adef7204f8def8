"""Findings and visits in words, for tests of episodes and alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.monitoring.episodes import Episode
from tipstaff.monitoring.visits import Visit

ZERO = datetime(2026, 3, 2, tzinfo=UTC)
_LEVELS = {"s": Level.SUSPECTED, "p": Level.PROBABLE, "c": Level.CONFIRMED}
_WHY = {Step.BEGAN: Why.FIX_INSIDE, Step.GREW: Why.FIX_INSIDE, Step.ENDED: Why.FIX_OUTSIDE}


def when(minute: float) -> datetime:
    return ZERO + timedelta(minutes=minute)


def minute_of(instant: datetime) -> str:
    return f"{(instant - ZERO) / timedelta(minutes=1):g}"


def finding(words: str, kind: FindingKind = FindingKind.ZONE, condition: str = "z1") -> Finding:
    """ "MINUTE STEP LEVEL [SINCE] [WHY]": `10 began s`, `20 ended c 10 period_ended`."""
    minute, named, level, *rest = words.split()
    step = Step(named)
    since = when(float(rest[0] if rest else minute))
    why = Why(rest[1]) if len(rest) > 1 else _WHY[step]
    return Finding(when(float(minute)), kind, condition, step, _LEVELS[level], why, since)


def found(*lines: str, kind: FindingKind = FindingKind.ZONE) -> list[Finding]:
    return [finding(line, kind) for line in lines]


def visit_in_words(visit: Visit) -> str:
    """ "BEGAN-ENDED LEVEL END"; nothing after the dash where it goes on."""
    ended = "" if visit.ended is None else minute_of(visit.ended)
    return f"{minute_of(visit.began)}-{ended} {visit.level.name.lower()} {visit.end}"


def episode_in_words(one: Episode) -> str:
    """The number, its revision, its visit, and what became of it."""
    more = f" into {one.into}" if one.into else ""
    more += f" split from {one.split_from}" if one.split_from else ""
    return f"{one.number} r{one.revision} {one.state} {visit_in_words(one.visit)}{more}"
