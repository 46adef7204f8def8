"""Curfews: is the wearer at home in the hours of the timetable, as the reference says it.

Each period is judged from its start and the grace on, by what is known then, not by what changes
(T1). While it runs:

- AWAY begins an absence: out at the start, left during, or found away after nothing was known.
  It ends with HOME, or with the period; time without words ends nothing. Where the curfew goes on
  after a change, it begins anew if that is the last that was known;
- UNKNOWN begins a finding about our knowledge, which asks for a position, and ends no absence.

At its end every period has an outcome: broken where an absence was found, kept where all of it is
known and none was, else unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.findings import Finding, FindingKind, Level, Outcome, Step, Told, Why
from tipstaff.domain.periods import from_micros
from tipstaff.monitoring.facts import Fact
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import stays as whereabouts
from tipstaff.monitoring.rules.presence import Where
from tipstaff.monitoring.rules.stays import Stays
from tipstaff.monitoring.watches import CurfewWatch


@dataclass(frozen=True, slots=True, repr=False)
class CurfewState:
    """What is kept of a curfew. `level` is 0 while no absence stands.

    `known` is what was last known in the period. `missing_us`: since when nothing is, if a finding
    of that stands. `late`: the absence that stands is one of the start.
    """

    stays: Stays
    judged: bool = False
    known: Where = Where.UNKNOWN
    level: int = 0
    since_us: int = 0
    late: bool = False
    broken: bool = False
    missing_us: int | None = None


def new_state(watch: CurfewWatch, _parameters: EngineParameters) -> CurfewState:
    """Nothing known."""
    return CurfewState(whereabouts.new_stays(watch.places))


def due(state: CurfewState, parameters: EngineParameters) -> int | None:
    """When a place falls silent, or the period is first judged."""
    silent = whereabouts.silent_at(state.stays, parameters)
    period = state.stays.period
    if period is None or state.judged or period.judge_us >= period.end_us:
        return silent
    return period.judge_us if silent is None else min(silent, period.judge_us)


def start(
    state: CurfewState, at_us: int, watch: CurfewWatch, _parameters: EngineParameters
) -> tuple[CurfewState, list[Told]]:
    """A period starts; nothing is judged before its grace is over."""
    stays = whereabouts.begun(state.stays, at_us, watch)
    return CurfewState(stays, known=stays.where), []


def end(
    state: CurfewState, at_us: int, watch: CurfewWatch, _parameters: EngineParameters
) -> tuple[CurfewState, list[Told]]:
    """The period ends, and with it whatever stood."""
    if state.stays.period is None:  # its start was never seen
        return state, []
    stays = whereabouts.counted(state.stays, at_us)
    told: list[Told] = []
    if state.level:
        told.append(_absence(state, at_us, watch, Step.ENDED, _end_why(stays)))
    if state.missing_us is not None:
        told.append(_missing(state.missing_us, at_us, watch, Step.ENDED, Why.PERIOD_ENDED))
    outcome = Outcome.KEPT if stays.unknown_us == 0 else Outcome.UNKNOWN
    outcome = Outcome.BROKEN if state.broken else outcome
    kind, condition = FindingKind.CURFEW, watch.condition
    told.append(whereabouts.outcome_of(stays, at_us, kind, condition, outcome))
    return CurfewState(Stays(stays.places)), told


def take(
    state: CurfewState, fact: Fact, watch: CurfewWatch, parameters: EngineParameters
) -> tuple[CurfewState, list[Told]]:
    """A fact: what is known of each place, then what that means while a period runs."""
    stays = whereabouts.taken(state.stays, fact, watch, parameters)
    return _judge(replace(state, stays=stays), fact.at_us, watch)


def tick(
    state: CurfewState, at_us: int, watch: CurfewWatch, parameters: EngineParameters
) -> tuple[CurfewState, list[Told]]:
    """The clock: places fall silent, and the grace is over."""
    state = replace(state, stays=whereabouts.silenced(state.stays, at_us, parameters))
    period = state.stays.period
    if period is not None and period.judge_us <= at_us:
        state = replace(state, judged=True)
    return _judge(state, at_us, watch, at_start=period is not None and period.judge_us == at_us)


def _judge(
    state: CurfewState, at_us: int, watch: CurfewWatch, *, at_start: bool = False
) -> tuple[CurfewState, list[Told]]:
    if state.stays.period is None:
        return state, []
    where, known = state.stays.where, state.known
    told: list[Told] = []
    if where is not Where.UNKNOWN:
        state = replace(state, known=where)
    if not state.judged:
        return state, []
    if (where is Where.UNKNOWN) != (state.missing_us is not None):
        state, told = _know(state, at_us, watch)
    if where is Where.HOME and state.level:
        why = Why.RETURNED_LATE if state.late else Why.RETURNED
        told.append(_absence(state, at_us, watch, Step.ENDED, why))
        state = replace(state, level=0)
    if where is Where.AWAY or (at_start and _goes_on_away(state.stays)):
        state, found = _away(state, at_us, watch, known=known, at_start=at_start)
        told += found
    return state, told


def _goes_on_away(stays: Stays) -> bool:
    """Whether a curfew goes on after a change while nothing is known but that they were away."""
    period = stays.period
    if period is None or not period.goes_on or stays.where is not Where.UNKNOWN:
        return False
    return whereabouts.last_known(stays.places, period.places) is Where.AWAY


def _know(state: CurfewState, at_us: int, watch: CurfewWatch) -> tuple[CurfewState, list[Told]]:
    """Nothing is known from now on, or something is again."""
    if state.missing_us is None:
        found = _missing(at_us, at_us, watch, Step.BEGAN, Why.NOT_KNOWN)
        return replace(state, missing_us=at_us), [found]
    found = _missing(state.missing_us, at_us, watch, Step.ENDED, Why.KNOWN_AGAIN)
    return replace(state, missing_us=None), [found]


def _away(
    state: CurfewState, at_us: int, watch: CurfewWatch, *, known: Where, at_start: bool
) -> tuple[CurfewState, list[Told]]:
    """AWAY while the period is judged: an absence begins, or is surer than it was."""
    period = state.stays.period
    if period is None:
        return state, []
    level = int(whereabouts.away_level(state.stays.places, period.places))
    if level <= state.level:
        return state, []
    if state.level:
        grown = replace(state, level=level)
        return grown, [_absence(grown, at_us, watch, Step.GREW, Why.SURER)]
    why = Why.OUT_AT_START if at_start else Why.FOUND_AWAY
    if known is Where.HOME and not at_start:
        why = Why.LEFT_DURING
    since = max(whereabouts.away_since(state.stays.places, period.places), period.start_us)
    state = replace(state, level=level, since_us=since, late=at_start, broken=True)
    return state, [_absence(state, at_us, watch, Step.BEGAN, why)]


def _end_why(stays: Stays) -> Why:
    if stays.where is not Where.AWAY:
        return Why.PERIOD_ENDED
    throughout = stays.home_us == 0 and stays.unknown_us == 0
    return Why.OUT_THROUGHOUT if throughout else Why.OUT_AT_END


def _absence(state: CurfewState, at_us: int, watch: CurfewWatch, step: Step, why: Why) -> Finding:
    at, since = from_micros(at_us), from_micros(state.since_us)
    level = Level(state.level)
    return Finding(at, FindingKind.CURFEW, watch.condition, step, level, why, since)


def _missing(since_us: int, at_us: int, watch: CurfewWatch, step: Step, why: Why) -> Finding:
    at, since = from_micros(at_us), from_micros(since_us)
    kind, level = FindingKind.WHEREABOUTS, Level.CONFIRMED
    return Finding(at, kind, watch.condition, step, level, why, since)
