"""Attendance and appointments: was the wearer at the venue in its hours, as the reference says it.

Told at the end of each period: attended where they were there for `stay_s` in all; missed where
they cannot have been, had they been there whenever nothing is known; else there is no telling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.findings import Finding, FindingKind, Level, Outcome, Step, Told, Why
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.monitoring.facts import Fact
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import stays as whereabouts
from tipstaff.monitoring.rules.stays import Stays
from tipstaff.monitoring.watches import AttendanceWatch


@dataclass(frozen=True, slots=True, repr=False)
class AttendanceState:
    """What is kept of an attendance."""

    stays: Stays


def new_state(watch: AttendanceWatch, _parameters: EngineParameters) -> AttendanceState:
    """Nothing known."""
    return AttendanceState(whereabouts.new_stays(watch.places))


def due(state: AttendanceState, parameters: EngineParameters) -> int | None:
    """When the venue falls silent."""
    return whereabouts.silent_at(state.stays, parameters)


def start(
    state: AttendanceState, at_us: int, watch: AttendanceWatch, _parameters: EngineParameters
) -> tuple[AttendanceState, list[Told]]:
    """The hours start; who came early is there."""
    return AttendanceState(whereabouts.begun(state.stays, at_us, watch)), []


def end(
    state: AttendanceState, at_us: int, watch: AttendanceWatch, parameters: EngineParameters
) -> tuple[AttendanceState, list[Told]]:
    """The hours end: what came of them."""
    if state.stays.period is None:  # its start was never seen
        return state, []
    stays = whereabouts.counted(state.stays, at_us)
    outcome = _outcome(stays, round(parameters.presence.stay_s * MICROSECONDS))
    kind, condition = FindingKind.ATTENDANCE, watch.condition
    told: list[Told] = []
    if outcome is not Outcome.KEPT:
        told += _findings(stays, at_us, watch, outcome)
    told.append(whereabouts.outcome_of(stays, at_us, kind, condition, outcome))
    return AttendanceState(Stays(stays.places)), told


def take(
    state: AttendanceState, fact: Fact, watch: AttendanceWatch, parameters: EngineParameters
) -> tuple[AttendanceState, list[Told]]:
    """A fact: what is known of the venue."""
    return replace(state, stays=whereabouts.taken(state.stays, fact, watch, parameters)), []


def tick(
    state: AttendanceState, at_us: int, _watch: AttendanceWatch, parameters: EngineParameters
) -> tuple[AttendanceState, list[Told]]:
    """The clock: the venue falls silent."""
    return replace(state, stays=whereabouts.silenced(state.stays, at_us, parameters)), []


def _outcome(stays: Stays, stay_us: int) -> Outcome:
    if stays.home_us >= stay_us:
        return Outcome.KEPT
    return Outcome.BROKEN if stays.home_us + stays.unknown_us < stay_us else Outcome.UNKNOWN


def _findings(stays: Stays, at_us: int, watch: AttendanceWatch, outcome: Outcome) -> list[Finding]:
    """A finding that begins and ends with the hours' end."""
    missed = outcome is Outcome.BROKEN
    kind = FindingKind.ATTENDANCE if missed else FindingKind.WHEREABOUTS
    why = Why.NOT_ATTENDED if missed else Why.NOT_KNOWN
    since = from_micros(at_us if stays.period is None else stays.period.start_us)
    at, level = from_micros(at_us), Level.CONFIRMED
    return [
        Finding(at, kind, watch.condition, step, level, why, since)
        for step in (Step.BEGAN, Step.ENDED)
    ]
