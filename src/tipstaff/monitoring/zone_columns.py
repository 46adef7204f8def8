"""The zone rule over columns: many zones of many wearers in one call, a wearer's facts in sequence.

What it finds is what `monitoring.rules.zone` finds, exactly; that module says what it means. A fix
whose error cannot reach the zone's box is known to say the utmost against it, without looking at
the outline: the same number comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.findings import Step, Why
from tipstaff.monitoring.fix_columns import FixAt, FixColumns, fix_at
from tipstaff.monitoring.job_spans import JobSpans
from tipstaff.monitoring.outline_rows import (
    OutlineAt,
    OutlineRows,
    beyond,
    box_round,
    lay_round,
    outline_at,
)
from tipstaff.monitoring.zone_evidence import (
    log_odds_of,
    relaxed,
    weight,
)
from tipstaff.monitoring.zone_lines import LineNumbers, line_crosses, line_told

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
I8 = NDArray[np.int8]

STEPS = (Step.BEGAN, Step.GREW, Step.ENDED)
WHYS = (
    Why.FIX_INSIDE,
    Why.FIX_OUTSIDE,
    Why.LINE_CROSSES,
    Why.INSIDE_AT_START,
    Why.PERIOD_ENDED,
)
_BEGAN, _GREW, _ENDED = 0, 1, 2
_INSIDE, _OUTSIDE, _LINE, _AT_START, _PERIOD = 0, 1, 2, 3, 4
_PROBABLE = 2
_NEVER: int = 1 << 62
#: The columns of `ZoneStates.kept`. All edges of periods up to the horizon have been taken.
(
    HORIZON_US, AS_OF_US, WITNESS_US, LOOKED_UP, BEFORE_US, BEFORE_CODE, BEFORE_OUTSIDE,
    RUN_US, BY_SATELLITE, HOLDS, HOLDS_SINCE_US, LEVEL, STANDS, REST_US, REST_CODE, WAITS_US, KEPT,
) = range(17)  # fmt: skip


class ZoneJobs(NamedTuple):
    """Zones to watch: outline j; periods by offsets."""

    keep_in: NDArray[np.bool_]
    needed: F64
    outlines: OutlineRows
    period_starts: I64
    period_from_us: I64
    period_to_us: I64
    goes_on: NDArray[np.bool_]


class ZoneStates(NamedTuple):
    """What is kept of each job between calls: whole numbers by the columns below, and log-odds.

    The same as `rules.zone.ZoneState`; times are -1 where there was none yet. What lies in them is
    all there is: two arrays, which can be written to a file and read again.
    """

    kept: I64
    odds: F64


class Findings(NamedTuple):
    """Room for findings: (job, time, step, level, why, since) in a row, and the log-odds."""

    whole: I64
    odds: F64


class ZoneNumbers(NamedTuple):
    """`monitoring.parameters.ZoneParameters` as kernels take them: log-odds for probabilities."""

    prior: float
    relax_s: float
    cap: float
    left: float
    left_probability: float
    line: LineNumbers


@dataclass(frozen=True, slots=True)
class ZoneSteps:
    """Findings in columns, by job and in order: codes index STEPS and WHYS."""

    job: I64
    at_us: I64
    step: I64
    level: I64
    why: I64
    since_us: I64
    log_odds: F64


@njit(cache=True)
def _said(fix: FixAt, errors: F64, place: OutlineAt, east: F64, north: F64) -> tuple[float, float]:
    """What a fix near the zone says of being inside, as log-odds, and P(inside)."""
    row = errors[fix.claim]
    error = (row[0], row[1], row[2], row[3], row[4], row[5])
    lay_round(fix, place, east, north)
    said, p = log_odds_of(east, north, place.rings, error)
    return said, p


@njit(cache=True)
def _may_pass(fix: FixAt, kept: I64, line_us: int) -> bool:
    """Whether a line from the satellite fix before to this one is to be drawn."""
    before_us = kept[BEFORE_US]
    if before_us < 0 or kept[HOLDS] == 0 or kept[BEFORE_OUTSIDE] == 0:
        return False
    return bool(fix.at_us - before_us <= line_us and kept[HOLDS_SINCE_US] <= before_us)


@njit(cache=True)
def _fade(kept: I64, odds: F64, at: int, numbers: ZoneNumbers) -> None:
    """Bring the log-odds to an instant."""
    if kept[AS_OF_US] >= 0:
        seconds = (at - kept[AS_OF_US]) / 1_000_000
        odds[0] = relaxed(odds[0], numbers.prior, seconds, numbers.relax_s)
    kept[AS_OF_US] = at


@njit(cache=True)
def _add(fix: FixAt, said: float, p: float, kept: I64, odds: F64, numbers: ZoneNumbers) -> None:
    """Add what a fix says, by how independent it is, and remember it."""
    at, network = fix.at_us, fix.network
    repeated = network and kept[LOOKED_UP] == fix.code
    share = 1.0
    if repeated:
        share = 0.0
    elif kept[WITNESS_US] >= 0:
        share = weight((at - kept[WITNESS_US]) / 1_000_000, fix.tau_s)
    was_left = odds[0] < numbers.left
    odds[0] = min(max(odds[0] + share * said, -numbers.cap), numbers.cap)
    if not repeated:
        kept[WITNESS_US] = at
    if network:
        kept[LOOKED_UP] = fix.code
    if fix.satellite:
        kept[BEFORE_US], kept[BEFORE_CODE] = at, fix.code
        kept[BEFORE_OUTSIDE] = p < numbers.left_probability
    if said > 0.0 and was_left and kept[LEVEL] == 0:
        kept[RUN_US], kept[BY_SATELLITE] = at, not network
    elif said > 0.0 and not network:
        kept[BY_SATELLITE] = 1


@njit(cache=True)
def _stood(said: float, needed: F64, left: float, kept: I64, odds: F64) -> None:
    """What would stand, after a fix, if the zone had always held."""
    if said < 0.0 and odds[0] < left:
        kept[STANDS] = 0
    elif said > 0.0:
        kept[STANDS] = max(kept[STANDS], _reached(odds[0], needed, kept[BY_SATELLITE]))


@njit(cache=True)
def _edge(job: int, at: int, needed: F64, goes_on: bool, kept: I64, odds: F64, out: Findings,
          count: int) -> int:  # fmt: skip
    """The hours end, or begin with what the evidence says by then."""
    if kept[HOLDS] == 1:
        level, kept[LEVEL], kept[HOLDS] = kept[LEVEL], 0, 0
        waits_us, kept[WAITS_US] = kept[WAITS_US], -1
        if level == 0:
            return _passing(job, at, waits_us, odds, out, count)
        return _put(out, count, (job, at, _ENDED, level, _PERIOD, _since(kept)), odds[0])
    kept[HOLDS], kept[HOLDS_SINCE_US] = 1, at
    kept[LEVEL] = _reached(odds[0], needed, kept[BY_SATELLITE])
    if goes_on:
        kept[LEVEL] = max(kept[LEVEL], kept[STANDS])
    if kept[LEVEL] == 0:
        return count
    return _put(out, count, (job, at, _BEGAN, kept[LEVEL], _AT_START, at), odds[0])


@njit(cache=True)
def _step(job: int, at: int, said: float, needed: F64, left: float, kept: I64, odds: F64,
          out: Findings, count: int) -> int:  # fmt: skip
    """The step that a fix makes while the hours hold."""
    level = kept[LEVEL]
    if level > 0 and said < 0.0 and odds[0] < left:
        kept[LEVEL] = 0
        return _put(out, count, (job, at, _ENDED, level, _OUTSIDE, _since(kept)), odds[0])
    reached = _reached(odds[0], needed, kept[BY_SATELLITE]) if said > 0.0 else 0
    if reached <= level:
        return count
    kept[LEVEL] = reached
    step = _GREW if level > 0 else _BEGAN
    return _put(out, count, (job, at, step, reached, _INSIDE, _since(kept)), odds[0])


@njit(cache=True)
def _passing(job: int, at: int, since_us: int, odds: F64, out: Findings, count: int) -> int:
    """What is told of a line that crosses: begun and ended; of none (-1) nothing."""
    if since_us >= 0:
        for step in (_BEGAN, _ENDED):
            count = _put(out, count, (job, at, step, 1, _LINE, since_us), odds[0])
    return count


@njit(cache=True)
def _since(kept: I64) -> int:
    """Since when what stands stands: the run of fixes, but never before the hours."""
    return int(max(kept[RUN_US], kept[HOLDS_SINCE_US]))


@njit(cache=True)
def _watch(
    n: int, fixes: FixColumns, jobs: ZoneJobs, spans: JobSpans, numbers: ZoneNumbers,
    states: ZoneStates, out: Findings, count: int,
) -> int:  # fmt: skip
    """One zone's facts in sequence, from its state on; findings go to `out` from `count` on."""
    job, horizon_us = spans.job[n], spans.until_us[n]
    place = outline_at(jobs.outlines, job)
    kept, odds = states.kept[n], states.odds[n]
    east, north = np.empty(len(place.latitude)), np.empty(len(place.latitude))
    keep_in, needed = jobs.keep_in[job], jobs.needed[job]
    period, last_period = _periods_left(jobs, job, kept[HORIZON_US], kept[HOLDS])
    i, stop = spans.fix_low[n], spans.fix_high[n]
    while True:
        # The end of a period, its start, or a fix, in this order at one instant.
        edge_us = _NEVER
        if period < last_period:
            holds = kept[HOLDS] == 1
            edge_us = jobs.period_to_us[period] if holds else jobs.period_from_us[period]
        fix_us = fixes.at_us[i] if i < stop else _NEVER
        at = min(edge_us, fix_us)
        if at > horizon_us or at == _NEVER:
            break
        if edge_us <= fix_us:
            _fade(kept, odds, at, numbers)
            goes_on = jobs.goes_on[period]
            period += kept[HOLDS]
            count = _edge(job, at, needed, goes_on, kept, odds, out, count)
            continue
        fix = fix_at(i, fixes)
        round_it = box_round(fix, place.box)
        said, p = fix.against, 0.0
        if not beyond(fix, round_it):
            said, p = _said(fix, fixes.errors, place, east, north)
        said = -said if keep_in else said
        passed_us = -1
        if not keep_in and fix.satellite:
            crossed = said < 0.0 and _may_pass(fix, kept, numbers.line.longest_us)
            if crossed:
                crossed = line_crosses(
                    fix, place, round_it, kept[BEFORE_CODE], numbers.line.bow, east, north
                )
            before = (kept[BEFORE_US], kept[BEFORE_CODE])
            passed_us = line_told(fix, crossed, before, kept[REST_US:KEPT], numbers.line)
        _fade(kept, odds, at, numbers)
        _add(fix, said, p, kept, odds, numbers)
        _stood(said, needed, numbers.left, kept, odds)
        i += 1
        if kept[HOLDS] == 0:
            continue
        had = count
        count = _step(job, at, said, needed, numbers.left, kept, odds, out, count)
        if kept[LEVEL] > 0 or count != had:
            kept[WAITS_US] = -1
        else:
            count = _passing(job, at, passed_us, odds, out, count)
    kept[HORIZON_US] = max(kept[HORIZON_US], horizon_us)
    return count


@njit(cache=True)
def _periods_left(jobs: ZoneJobs, job: int, horizon_us: int, holds: int) -> tuple[int, int]:
    """The first period after the horizon, or the one that holds; and one past the last.

    One that started before and does not hold was never seen to start, and is none.
    """
    edges = jobs.period_to_us if holds == 1 else jobs.period_from_us
    period, last_period = jobs.period_starts[job], jobs.period_starts[job + 1]
    while period < last_period and edges[period] <= horizon_us:
        period += 1
    return period, last_period


@njit(cache=True)
def _reached(log_odds: float, needed: F64, by_satellite: int) -> int:
    """How many levels the log-odds reach; network fixes alone never confirm."""
    reached = 0
    for i in range(3):
        if log_odds >= needed[i]:
            reached += 1
    return reached if by_satellite else min(reached, _PROBABLE)


@njit(cache=True)
def _put(
    out: Findings, count: int, row: tuple[int, int, int, int, int, int], log_odds: float
) -> int:
    """Write a finding where there is room, and count it in any case."""
    if count < len(out.odds):
        for i in range(6):
            out.whole[count, i] = row[i]
        out.odds[count] = log_odds
    return count + 1


@njit(cache=True)
def _watch_all(
    fixes: FixColumns, jobs: ZoneJobs, spans: JobSpans, numbers: ZoneNumbers,
    states: ZoneStates, out: Findings,
) -> int:  # fmt: skip
    count = 0
    for n in range(len(spans.job)):
        count = _watch(n, fixes, jobs, spans, numbers, states, out, count)
    return count


def new_states(jobs: int, numbers: ZoneNumbers) -> ZoneStates:
    """States of zones of which nothing is known."""
    kept = np.full((jobs, KEPT), -1, dtype=np.int64)
    kept[:, [BEFORE_OUTSIDE, RUN_US, BY_SATELLITE, HOLDS, HOLDS_SINCE_US, LEVEL, STANDS]] = 0
    kept[:, LOOKED_UP] = _NEVER
    return ZoneStates(kept, np.full((jobs, 1), numbers.prior))


def watch_zones(
    fixes: FixColumns, jobs: ZoneJobs, spans: JobSpans, numbers: ZoneNumbers, states: ZoneStates
) -> tuple[ZoneSteps, ZoneStates]:
    """What the rule finds for the jobs of the spans up to their ends, and the states there.

    `states` are those of these jobs alone, in the order of the spans, and are left as they were.
    `fixes` are those after the horizon of each.
    """
    room = 1024 + 8 * len(spans.job) + len(fixes.at_us) // 64
    while True:  # with too little room all is done again with enough
        after = ZoneStates(states.kept.copy(), states.odds.copy())
        out = Findings(np.empty((room, 6), dtype=np.int64), np.empty(room))
        count = _watch_all(fixes, jobs, spans, numbers, after, out)
        if count <= room:
            columns = [np.ascontiguousarray(out.whole[:count, i]) for i in range(6)]
            job, at, step, level, why, since = columns
            return ZoneSteps(job, at, step, level, why, since, out.odds[:count]), after
        room = count
