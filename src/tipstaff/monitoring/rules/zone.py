"""Zones: is the wearer where they must not be, as the reference says it.

Evidence for the forbidden state (inside an exclusion zone, outside an inclusion zone) adds up and
fades as `monitoring.zone_evidence` says, whether the zone holds at the time or not. While it holds:

- it is suspected, probable or confirmed once the log-odds reach that level's, and never less until
  it ends; network fixes alone never confirm;
- it begins with the hours, if the evidence says so then; where they go on after a change of the
  zone, if evidence that nothing has spoken against since has ever said so of the new shape;
- it ends with a fix that speaks against it and brings the probability below `left`, or when the
  hours end. Time without fixes ends nothing;
- a line between two satellite fixes outside that crosses the zone is suspected, begun and ended,
  when `rules.lines` tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import from_e7
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.domain.zones import Harm
from tipstaff.monitoring import zone_evidence as evidence
from tipstaff.monitoring.facts import Fact, Fix
from tipstaff.monitoring.fix_error import error_of, laid
from tipstaff.monitoring.parameters import EngineParameters, ZoneParameters
from tipstaff.monitoring.rules import lines
from tipstaff.monitoring.rules.lines import LineState
from tipstaff.monitoring.watches import ZoneWatch


@dataclass(frozen=True, slots=True, repr=False)
class ZoneState:
    """What is kept of a zone between facts; times in µs, None where there was none yet.

    `witness_us` is the last independent fix, `looked_up` the last network coordinate, `before` the
    last satellite fix. `run_us` is the first fix of those that speak for the forbidden state,
    `by_satellite` whether one of them is a satellite's. `level` is 0 while nothing stands;
    `stands` is what it would be if the zone had always held.
    """

    log_odds: float
    as_of_us: int | None = None
    witness_us: int | None = None
    looked_up: tuple[int, int] | None = None
    before: Fix | None = None
    before_outside: bool = False
    run_us: int = 0
    by_satellite: bool = False
    holds_since_us: int | None = None
    level: int = 0
    stands: int = 0
    line: LineState = field(default_factory=LineState)


def new_state(_watch: ZoneWatch, parameters: EngineParameters) -> ZoneState:
    """Nothing known."""
    return ZoneState(evidence.logit(parameters.zone.prior))


def due(_state: ZoneState, _parameters: EngineParameters) -> int | None:
    """A zone needs the clock for its hours alone."""
    return None


def tick(
    state: ZoneState, _at_us: int, _watch: ZoneWatch, _parameters: EngineParameters
) -> tuple[ZoneState, list[Finding]]:
    """Nothing follows from time alone."""
    return state, []


def thresholds(parameters: ZoneParameters, harm: Harm) -> tuple[float, float, float]:
    """The log-odds of the three levels: earlier for high harm, later for low."""
    shift = parameters.harm_shift * (int(Harm.MEDIUM) - int(harm))
    one, two, three = (evidence.logit(level) + shift for level in parameters.levels)
    return one, two, three


def start(
    state: ZoneState, at_us: int, watch: ZoneWatch, parameters: EngineParameters
) -> tuple[ZoneState, list[Finding]]:
    """The hours begin: what the evidence says by now stands from now on."""
    state = replace(_faded(state, at_us, parameters.zone), holds_since_us=at_us)
    level = _level(state, watch, parameters.zone)
    if at_us in watch.goes_on:
        level = max(level, state.stands)
    if level == 0:
        return state, []
    found = _finding(watch, at_us, Step.BEGAN, level, Why.INSIDE_AT_START, at_us, state.log_odds)
    return replace(state, level=level), [found]


def end(
    state: ZoneState, at_us: int, watch: ZoneWatch, parameters: EngineParameters
) -> tuple[ZoneState, list[Finding]]:
    """The hours end, and with them whatever stood."""
    state = _faded(state, at_us, parameters.zone)
    line = replace(state.line, waits_us=None)
    over = replace(state, holds_since_us=None, level=0, line=line)
    if state.level == 0:
        return over, _passing(watch, at_us, state.line.waits_us, state.log_odds)
    why, since = Why.PERIOD_ENDED, _since(state)
    return over, [_finding(watch, at_us, Step.ENDED, state.level, why, since, state.log_odds)]


def take(
    state: ZoneState, fact: Fact, watch: ZoneWatch, parameters: EngineParameters
) -> tuple[ZoneState, list[Finding]]:
    """A fact: of a fix, what it says is added; others say nothing of zones."""
    return _add(state, fact, watch, parameters) if isinstance(fact, Fix) else (state, [])


def _add(
    state: ZoneState, fix: Fix, watch: ZoneWatch, parameters: EngineParameters
) -> tuple[ZoneState, list[Finding]]:
    """Fade, weigh, add; then see which step that is."""
    zone = parameters.zone
    error = error_of(fix, parameters.error)
    inside, p = evidence.log_odds_of(*laid(fix, watch.outline), watch.outline.starts, error.row)
    said = -inside if watch.keep_in else inside
    line, passed_us = _line(state, fix, watch, zone, said)
    network = error.network
    repeated = network and state.looked_up == (fix.lat_e7, fix.lon_e7)
    share = _weight(state, fix.at_us, error.tau_s, repeated=repeated)
    faded = _faded(state, fix.at_us, zone)
    log_odds = min(max(faded.log_odds + share * said, -zone.cap), zone.cap)
    added = replace(
        faded,
        log_odds=log_odds,
        witness_us=faded.witness_us if repeated else fix.at_us,
        looked_up=(fix.lat_e7, fix.lon_e7) if network else faded.looked_up,
        before=fix if fix.mechanism == Mechanism.GPS else faded.before,
        line=line,
        before_outside=p < zone.left if fix.mechanism == Mechanism.GPS else faded.before_outside,
    )
    added = _run(added, fix, said, network=network, was_left=_is_left(faded, zone))
    added = _stood(added, said, watch, zone)
    stepped, found = _step(added, fix.at_us, said, watch, zone)
    if stepped.level > 0 or found:
        return replace(stepped, line=replace(line, waits_us=None)), found
    return stepped, _passing(watch, fix.at_us, passed_us, log_odds)


def _passing(watch: ZoneWatch, at_us: int, since_us: int | None, log_odds: float) -> list[Finding]:
    """What is told of a line that crosses: begun and ended."""
    if since_us is None:
        return []
    return [
        _finding(watch, at_us, step, 1, Why.LINE_CROSSES, since_us, log_odds)
        for step in (Step.BEGAN, Step.ENDED)
    ]


def _weight(state: ZoneState, at_us: int, tau_s: float, *, repeated: bool) -> float:
    if repeated:
        return 0.0
    if state.witness_us is None:
        return 1.0
    return evidence.weight((at_us - state.witness_us) / MICROSECONDS, tau_s)


def _faded(state: ZoneState, at_us: int, zone: ZoneParameters) -> ZoneState:
    if state.as_of_us is None:
        return replace(state, as_of_us=at_us)
    seconds = (at_us - state.as_of_us) / MICROSECONDS
    prior = evidence.logit(zone.prior)
    log_odds = evidence.relaxed(state.log_odds, prior, seconds, zone.relax_s)
    return replace(state, log_odds=log_odds, as_of_us=at_us)


def _is_left(state: ZoneState, zone: ZoneParameters) -> bool:
    return state.log_odds < evidence.logit(zone.left)


def _run(state: ZoneState, fix: Fix, said: float, *, network: bool, was_left: bool) -> ZoneState:
    """The run of fixes that speak for the forbidden state: anew after it had been left."""
    if said <= 0.0:
        return state
    if was_left and state.level == 0:
        return replace(state, run_us=fix.at_us, by_satellite=not network)
    return replace(state, by_satellite=state.by_satellite or not network)


def _stood(state: ZoneState, said: float, watch: ZoneWatch, zone: ZoneParameters) -> ZoneState:
    """What would stand, after a fix, if the zone had always held."""
    if said < 0.0 and _is_left(state, zone):
        return replace(state, stands=0)
    level = _level(state, watch, zone) if said > 0.0 else 0
    return replace(state, stands=max(state.stands, level))


def _level(state: ZoneState, watch: ZoneWatch, zone: ZoneParameters) -> int:
    reached = sum(state.log_odds >= needed for needed in thresholds(zone, watch.harm))
    return reached if state.by_satellite else min(reached, int(Level.PROBABLE))


def _step(
    state: ZoneState, at_us: int, said: float, watch: ZoneWatch, zone: ZoneParameters
) -> tuple[ZoneState, list[Finding]]:
    if state.holds_since_us is None:
        return state, []
    if state.level and said < 0.0 and _is_left(state, zone):
        over = replace(state, level=0)
        why, since = Why.FIX_OUTSIDE, _since(state)
        return over, [_finding(watch, at_us, Step.ENDED, state.level, why, since, state.log_odds)]
    level = _level(state, watch, zone) if said > 0.0 else 0
    if level <= state.level:
        return state, []
    step = Step.GREW if state.level else Step.BEGAN
    found = _finding(watch, at_us, step, level, Why.FIX_INSIDE, _since(state), state.log_odds)
    return replace(state, level=level), [found]


def _since(state: ZoneState) -> int:
    """Since when what stands stands: the run of fixes, but never before the hours."""
    return max(state.run_us, state.holds_since_us or 0)


def _line(
    state: ZoneState, fix: Fix, watch: ZoneWatch, zone: ZoneParameters, said: float
) -> tuple[LineState, int | None]:
    """What is known of lines after a fix, and the start of the one that is told."""
    if watch.keep_in or fix.mechanism != Mechanism.GPS:
        return state.line, None
    crosses = _passes(state, fix, watch, zone, said)
    return lines.told(state.line, fix, state.before, zone, crosses=crosses)


def _passes(
    state: ZoneState, fix: Fix, watch: ZoneWatch, zone: ZoneParameters, said: float
) -> bool:
    """Whether the line from the satellite fix before crosses the zone, both lying outside it."""
    before = state.before
    if before is None or said >= 0.0:
        return False
    since = state.holds_since_us
    if since is None or since > before.at_us or not state.before_outside:
        return False
    if fix.at_us - before.at_us > zone.line_s * MICROSECONDS:
        return False
    east, north = laid(fix, watch.outline)
    back_lat, back_lon = from_e7(before.lat_e7), from_e7(before.lon_e7)
    x, y = np.empty(1), np.empty(1)
    here_lat, here_lon = float(from_e7(fix.lat_e7)), float(from_e7(fix.lon_e7))
    evidence.lay(here_lat, here_lon, np.array([back_lat]), np.array([back_lon]), x, y)
    outline = (east, north, watch.outline.starts)
    return bool(evidence.passes(float(x[0]), float(y[0]), zone.line_bow, *outline))


def _finding(
    watch: ZoneWatch, at_us: int, step: Step, level: int, why: Why, since_us: int, log_odds: float
) -> Finding:
    return Finding(
        at=from_micros(at_us),
        kind=FindingKind.ZONE,
        condition=watch.condition,
        step=step,
        level=Level(level),
        why=why,
        since=from_micros(since_us),
        probability=evidence.expit(log_odds),
    )
