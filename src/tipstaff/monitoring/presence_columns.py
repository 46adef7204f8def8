"""Curfews and attendances over columns: many of many wearers in one call, facts in sequence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.monitoring.fix_columns import FixAt, FixColumns, fix_at
from tipstaff.monitoring.job_spans import JobSpans
from tipstaff.monitoring.outline_rows import OutlineRows, beyond, box_of, box_round, outline_at
from tipstaff.monitoring.place_columns import (
    NEVER,
    PresenceNumbers,
    new_places,
    take_event,
    take_fix,
    word,
)
from tipstaff.monitoring.presence_evidence import NEITHER, SAYS_AWAY
from tipstaff.monitoring.presence_judging import (
    HORIZON_US,
    RUNS,
    TOLD_WIDTH,
    Room,
    begin,
    end,
    new_jobs,
    taken,
    tick,
    timer,
)

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class UnitColumns(NamedTuple):
    """Events of home units by wearer, in the order of taking; `address` is a number for each."""

    at_us: I64
    kind: I64
    address: I64


class PresenceJobs(NamedTuple):
    """Curfews and attendances to watch.

    Places of job j are rows `place_starts[j]` up to the next of `address` and of the outlines;
    periods likewise, as `watches.Demanded` has them in `periods`.
    """

    attends: NDArray[np.bool_]
    place_starts: I64
    address: I64
    outlines: OutlineRows
    corners: int
    period_starts: I64
    periods: I64


class PresenceStates(NamedTuple):
    """What is kept of jobs and of their places between calls: all there is, in two arrays."""

    jobs: I64
    places: I64


def new_presence(jobs: PresenceJobs) -> PresenceStates:
    """States of jobs of which nothing is known."""
    return PresenceStates(new_jobs(len(jobs.attends)), new_places(int(jobs.place_starts[-1])))


@njit(inline="always")
def _upcoming(
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, spans: JobSpans, n: int,
    at: tuple[int, int, int], runs: int,
) -> tuple[int, int, int]:  # fmt: skip
    """When the next edge of a period, fix and event come; `at` are their rows."""
    period, i, k = at
    edge_us, fix_us, event_us = NEVER, NEVER, NEVER
    if period < jobs.period_starts[spans.job[n] + 1]:
        edge_us = jobs.periods[period, runs]
    if i < spans.fix_high[n]:
        fix_us = fixes.at_us[i]
    if k < spans.event_high[n]:
        event_us = events.at_us[k]
    return edge_us, fix_us, event_us


@njit(cache=True)
def _fix(
    fix: FixAt, errors: F64, outlines: OutlineRows, first: int, places: I64,
    numbers: PresenceNumbers, east: F64, north: F64,
) -> None:  # fmt: skip
    """A fix, told to every place."""
    for p in range(len(places)):
        if beyond(fix, box_round(fix, box_of(outlines.box, first + p))):
            said = SAYS_AWAY if fix.against <= numbers.away_odds else NEITHER
        else:
            outline = outline_at(outlines, first + p)
            n = len(outline.latitude)
            said = word(fix, errors, outline, numbers, east[:n], north[:n])
        take_fix(fix, said, places[p], numbers)


@njit(cache=True)
def _event(
    k: int, events: UnitColumns, jobs: PresenceJobs, first: int, places: I64,
    numbers: PresenceNumbers,
) -> None:  # fmt: skip
    """An event, told to the place of its unit."""
    for p in range(len(places)):
        if jobs.address[first + p] == events.address[k]:
            take_event(events.at_us[k], events.kind[k], places[p], numbers)


@njit(cache=True)
def _watch(
    n: int, fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, spans: JobSpans,
    numbers: PresenceNumbers, states: PresenceStates, own_places: I64, room: Room,
) -> None:  # fmt: skip
    """One job's happenings in sequence, from its state on."""
    j, horizon_us = spans.job[n], spans.until_us[n]
    job, attends, first = states.jobs[n], jobs.attends[j], jobs.place_starts[j]
    places = states.places[own_places[n] : own_places[n + 1]]
    east, north = np.empty(jobs.corners), np.empty(jobs.corners)
    period, i, k = (
        _period_left(jobs, j, job[HORIZON_US], job[RUNS]),
        spans.fix_low[n],
        spans.event_low[n],
    )
    while True:
        # An end, a start, a fix, an event, the clock: in this order at one instant.
        edge_us, fix_us, event_us = _upcoming(
            fixes, events, jobs, spans, n, (period, i, k), job[RUNS]
        )
        at = min(edge_us, fix_us, event_us)
        timer_us = timer(attends, job, places, numbers)
        if min(at, timer_us) > horizon_us or min(at, timer_us) == NEVER:
            break
        if timer_us < at:
            tick(timer_us, j, attends, job, places, numbers, room)
        elif edge_us == at and job[RUNS] == 1:
            end(at, j, attends, job, numbers, room)
            period += 1
        elif edge_us == at:
            begin(jobs.periods[period], job, places)
        elif fix_us == at:
            fix = fix_at(i, fixes)
            _fix(fix, fixes.errors, jobs.outlines, first, places, numbers, east, north)
            i += 1
            taken(at, j, attends, job, places, room)
        else:
            _event(k, events, jobs, first, places, numbers)
            k += 1
            taken(at, j, attends, job, places, room)
    job[HORIZON_US] = max(job[HORIZON_US], horizon_us)


@njit(cache=True)
def _period_left(jobs: PresenceJobs, j: int, horizon_us: int, runs: int) -> int:
    """The first period that ends after the horizon, and starts after it unless it runs."""
    period = int(jobs.period_starts[j])
    while period < jobs.period_starts[j + 1] and jobs.periods[period, runs] <= horizon_us:
        period += 1
    return period


@njit(cache=True)
def _watch_all(
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, spans: JobSpans,
    numbers: PresenceNumbers, states: PresenceStates, own_places: I64, room: Room,
) -> None:  # fmt: skip
    for n in range(len(spans.job)):
        _watch(n, fixes, events, jobs, spans, numbers, states, own_places, room)


def watch_presence(
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, spans: JobSpans,
    numbers: PresenceNumbers, states: PresenceStates,
) -> tuple[I64, PresenceStates]:  # fmt: skip
    """What is told of the jobs of the spans up to their ends, a row each, and the states there.

    `states` are those of these jobs and their places alone, in the order of the spans, and are left
    as they were. `fixes` and `events` are those after the horizon of each.
    """
    own_places = places_of(jobs, spans.job)
    size = 1024 + 8 * len(spans.job) + len(fixes.at_us) // 64
    while True:  # with too little room all is done again with enough
        after = PresenceStates(states.jobs.copy(), states.places.copy())
        room = Room(np.empty((size, TOLD_WIDTH), dtype=np.int64), np.zeros(1, dtype=np.int64))
        _watch_all(fixes, events, jobs, spans, numbers, after, own_places, room)
        count = int(room.told[0])
        if count <= size:
            return room.rows[:count], after
        size = count


def places_of(jobs: PresenceJobs, which: I64) -> I64:
    """Where the places of each of these jobs begin, when they lie one after the other."""
    starts = np.zeros(len(which) + 1, dtype=np.int64)
    np.cumsum(jobs.place_starts[which + 1] - jobs.place_starts[which], out=starts[1:])
    return starts


def timers(jobs: PresenceJobs, which: I64, states: PresenceStates, numbers: PresenceNumbers) -> I64:
    """When each of these jobs next needs the clock, edges aside; NEVER where it waits for none."""
    return _timers(jobs.attends[which], states, places_of(jobs, which), numbers)


@njit(cache=True)
def _timers(
    attends: NDArray[np.bool_], states: PresenceStates, starts: I64, numbers: PresenceNumbers
) -> I64:
    out = np.empty(len(attends), dtype=np.int64)
    for n in range(len(out)):
        places = states.places[starts[n] : starts[n + 1]]
        out[n] = timer(attends[n], states.jobs[n], places, numbers)
    return out
