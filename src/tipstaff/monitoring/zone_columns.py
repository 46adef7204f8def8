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

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.periods import from_micros
from tipstaff.monitoring.zone_evidence import (
    crosses,
    doubt,
    expit,
    lay,
    log_odds_of,
    logit,
    relaxed,
    weight,
)

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


class FixColumns(NamedTuple):
    """Fixes sorted by wearer and time, one an instant; `errors` rows as `errors_of_fixes` has.

    `to_north`, `to_east`, `slope` are `zone_evidence.scales` of each.
    """

    at_us: I64
    latitude: F64
    longitude: F64
    code: I64
    satellite: NDArray[np.bool_]
    network: NDArray[np.bool_]
    errors: F64
    tau_s: F64
    reach_m: F64
    to_north: F64
    to_east: F64
    slope: F64


class ZoneJobs(NamedTuple):
    """Zones to watch: rows `fix_low` to `fix_high` of fixes; outlines and periods by offsets.

    Places of job j are rows `place_starts[j]` up to the next of `ring_lat` and `ring_lon`; its
    rings are entries `ring_starts[j]` up to the next, plus one, of `rings`, counted from its first
    place. `box` is (south, north, west, east) in degrees.
    """

    fix_low: I64
    fix_high: I64
    keep_in: NDArray[np.bool_]
    needed: F64
    box: F64
    place_starts: I64
    ring_lat: F64
    ring_lon: F64
    ring_starts: I64
    rings: I64
    period_starts: I64
    period_from_us: I64
    period_to_us: I64


class ZoneNumbers(NamedTuple):
    """`monitoring.parameters.ZoneParameters` as kernels take them: log-odds for probabilities."""

    prior: float
    relax_s: float
    cap: float
    left: float
    left_probability: float
    line_us: int


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
def _watch(
    job: int, fixes: FixColumns, jobs: ZoneJobs, numbers: ZoneNumbers, horizon_us: int,
    whole: I64, odds: F64, count: int,
) -> int:  # fmt: skip
    """One zone's facts in sequence; findings go to `whole` and `odds` from `count` on."""
    low, high = jobs.place_starts[job], jobs.place_starts[job + 1]
    ring_lat, ring_lon = jobs.ring_lat[low:high], jobs.ring_lon[low:high]
    rings = jobs.rings[jobs.ring_starts[job] : jobs.ring_starts[job + 1]]
    east, north = np.empty(high - low), np.empty(high - low)
    south_edge, north_edge, west_edge, east_edge = jobs.box[job]
    keep_in = jobs.keep_in[job]
    sign = -1.0 if keep_in else 1.0
    period, last_period = jobs.period_starts[job], jobs.period_starts[job + 1]

    log_odds = numbers.prior
    as_of, witness, looked_up = -1, -1, -1
    before, before_outside = -1, False
    run, by_satellite = 0, False
    holds, holds_since, level = False, 0, 0

    i, stop = jobs.fix_low[job], jobs.fix_high[job]
    while True:
        # The next thing: the end of a period, its start, or a fix, in this order at one instant.
        edge_us = np.int64(1) << 62
        if period < last_period:
            edge_us = jobs.period_to_us[period] if holds else jobs.period_from_us[period]
        fix_us = fixes.at_us[i] if i < stop else np.int64(1) << 62
        at = min(edge_us, fix_us)
        if at > horizon_us or at == np.int64(1) << 62:
            break
        if as_of >= 0:
            log_odds = relaxed(log_odds, numbers.prior, (at - as_of) / 1_000_000, numbers.relax_s)
        as_of = at
        if edge_us <= fix_us:
            if holds:
                if level > 0:
                    count = _put(
                        whole, odds, count, (job, at, _ENDED, level, _PERIOD, run), log_odds
                    )
                holds, level = False, 0
                period += 1
                continue
            holds, holds_since = True, at
            reached = _reached(log_odds, jobs.needed[job], by_satellite)
            if reached > 0:
                level = reached
                count = _put(whole, odds, count, (job, at, _BEGAN, level, _AT_START, at), log_odds)
            continue

        # What the fix says.
        lat, lon = fixes.latitude[i], fixes.longitude[i]
        row = fixes.errors[i]
        error = (row[0], row[1], row[2], row[3], row[4], row[5])
        to_north, to_east, slope = fixes.to_north[i], fixes.to_east[i], fixes.slope[i]
        turn = 360.0 * np.rint((lon - ring_lon[0]) / 360.0)
        up = max(south_edge - lat, lat - north_edge, 0.0) * to_north
        side = max(west_edge + turn - lon, lon - east_edge - turn, 0.0) * to_east * 0.99
        p = 0.0
        if up * up + side * side > fixes.reach_m[i] * fixes.reach_m[i]:
            said = logit(doubt(error))
        else:
            lay(lat, lon, ring_lat, ring_lon, east, north)
            said, p = log_odds_of(east, north, rings, error)
        said *= sign

        # Whether the line from the satellite fix before crosses the zone.
        passed = False
        if not keep_in and before >= 0 and fixes.satellite[i] and said < 0.0 and holds:
            near = fixes.at_us[i] - fixes.at_us[before] <= numbers.line_us
            if near and before_outside and holds_since <= fixes.at_us[before]:
                lay(lat, lon, ring_lat, ring_lon, east, north)
                back_up = fixes.latitude[before] - lat
                back = fixes.longitude[before] - lon
                back -= 360.0 * np.rint(back / 360.0)
                passed = crosses(
                    back * (to_east + slope * back_up / 2.0), back_up * to_north, east, north, rings
                )

        network = fixes.network[i]
        repeated = network and looked_up == fixes.code[i]
        share = 1.0
        if repeated:
            share = 0.0
        elif witness >= 0:
            share = weight((at - witness) / 1_000_000, fixes.tau_s[i])
        was_left = log_odds < numbers.left
        since_us = fixes.at_us[before] if before >= 0 else 0
        log_odds = min(max(log_odds + share * said, -numbers.cap), numbers.cap)
        if not repeated:
            witness = at
        if network:
            looked_up = fixes.code[i]
        if fixes.satellite[i]:
            before, before_outside = i, p < numbers.left_probability
        if said > 0.0:
            if was_left and level == 0:
                run, by_satellite = at, not network
            else:
                by_satellite = by_satellite or not network
        i += 1
        if not holds:
            continue
        if level > 0 and said < 0.0 and log_odds < numbers.left:
            count = _put(whole, odds, count, (job, at, _ENDED, level, _OUTSIDE, run), log_odds)
            level = 0
            continue
        reached = _reached(log_odds, jobs.needed[job], by_satellite) if said > 0.0 else 0
        if reached > level:
            step = _GREW if level > 0 else _BEGAN
            since = max(run, holds_since)
            level = reached
            count = _put(whole, odds, count, (job, at, step, level, _INSIDE, since), log_odds)
        elif passed and level == 0:
            for step in (_BEGAN, _ENDED):
                count = _put(whole, odds, count, (job, at, step, 1, _LINE, since_us), log_odds)
    return count


@njit(cache=True)
def _reached(log_odds: float, needed: F64, by_satellite: bool) -> int:
    reached = 0
    for i in range(3):
        if log_odds >= needed[i]:
            reached += 1
    return reached if by_satellite else min(reached, _PROBABLE)


@njit(cache=True)
def _put(
    whole: I64, odds: F64, count: int, row: tuple[int, int, int, int, int, int], log_odds: float
) -> int:
    """Write a finding where there is room, and count it in any case."""
    if count < len(odds):
        for i in range(6):
            whole[count, i] = row[i]
        odds[count] = log_odds
    return count + 1


@njit(cache=True)
def _watch_all(
    fixes: FixColumns, jobs: ZoneJobs, numbers: ZoneNumbers, horizon_us: int, whole: I64, odds: F64
) -> int:
    count = 0
    for job in range(len(jobs.keep_in)):
        count = _watch(job, fixes, jobs, numbers, horizon_us, whole, odds, count)
    return count


def watch_zones(
    fixes: FixColumns, jobs: ZoneJobs, numbers: ZoneNumbers, horizon_us: int
) -> ZoneSteps:
    """What the rule finds for every job up to the horizon, from the beginning."""
    room = 1024
    while True:
        whole, odds = np.empty((room, 6), dtype=np.int64), np.empty(room)
        count = _watch_all(fixes, jobs, numbers, horizon_us, whole, odds)
        if count <= room:
            columns = [np.ascontiguousarray(whole[:count, i]) for i in range(6)]
            return ZoneSteps(*columns, odds[:count])
        room = count


def findings_of(steps: ZoneSteps, conditions: list[str]) -> list[list[Finding]]:
    """The findings of each job, as values; `conditions` are the references by job."""
    out: list[list[Finding]] = [[] for _ in conditions]
    for i in range(len(steps.job)):
        job = int(steps.job[i])
        out[job].append(
            Finding(
                at=from_micros(int(steps.at_us[i])),
                kind=FindingKind.ZONE,
                condition=conditions[job],
                step=STEPS[int(steps.step[i])],
                level=Level(int(steps.level[i])),
                why=WHYS[int(steps.why[i])],
                since=from_micros(int(steps.since_us[i])),
                probability=expit(float(steps.log_odds[i])),
            )
        )
    return out
