"""Curfews and attendances over columns: many of many wearers in one call, facts in sequence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.monitoring.fix_columns import FixAt, FixColumns, fix_at
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
    """Curfews and attendances to watch, each over its wearer's rows of fixes and of events.

    Places of job j are rows `place_starts[j]` up to the next of `address` and of the outlines;
    periods likewise, as `watches.Demanded` has them in `periods`.
    """

    fix_low: I64
    fix_high: I64
    event_low: I64
    event_high: I64
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
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, j: int, at: tuple[int, int, int],
    runs: int,
) -> tuple[int, int, int]:  # fmt: skip
    """When the next edge of a period, fix and event come; `at` are their rows."""
    period, i, k = at
    edge_us, fix_us, event_us = NEVER, NEVER, NEVER
    if period < jobs.period_starts[j + 1]:
        edge_us = jobs.periods[period, runs]
    if i < jobs.fix_high[j]:
        fix_us = fixes.at_us[i]
    if k < jobs.event_high[j]:
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
    j: int, fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, numbers: PresenceNumbers,
    horizon_us: int, states: PresenceStates, room: Room,
) -> None:  # fmt: skip
    """One job's happenings in sequence, from its state on."""
    job, attends, first = states.jobs[j], jobs.attends[j], jobs.place_starts[j]
    places = states.places[first : jobs.place_starts[j + 1]]
    east, north = np.empty(jobs.corners), np.empty(jobs.corners)
    period, i, k = (
        _period_left(jobs, j, job[HORIZON_US], job[RUNS]),
        jobs.fix_low[j],
        jobs.event_low[j],
    )
    while True:
        # An end, a start, a fix, an event, the clock: in this order at one instant.
        edge_us, fix_us, event_us = _upcoming(fixes, events, jobs, j, (period, i, k), job[RUNS])
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
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, numbers: PresenceNumbers,
    horizon_us: int, states: PresenceStates, room: Room,
) -> None:  # fmt: skip
    for j in range(len(jobs.attends)):
        _watch(j, fixes, events, jobs, numbers, horizon_us, states, room)


def watch_presence(
    fixes: FixColumns, events: UnitColumns, jobs: PresenceJobs, numbers: PresenceNumbers,
    horizon_us: int, states: PresenceStates,
) -> tuple[I64, PresenceStates]:  # fmt: skip
    """What is told of every job up to the horizon, a row each, and the states there.

    `fixes` and `events` are those after the horizon of `states`, which are left as they were.
    """
    size = 1024 + 4 * len(jobs.periods) + len(fixes.at_us) // 64
    while True:  # with too little room all is done again with enough
        after = PresenceStates(states.jobs.copy(), states.places.copy())
        room = Room(np.empty((size, TOLD_WIDTH), dtype=np.int64), np.zeros(1, dtype=np.int64))
        _watch_all(fixes, events, jobs, numbers, horizon_us, after, room)
        count = int(room.told[0])
        if count <= size:
            return room.rows[:count], after
        size = count


@njit(cache=True)
def timers(jobs: PresenceJobs, states: PresenceStates, numbers: PresenceNumbers) -> I64:
    """When each job next needs the clock, edges of periods aside; NEVER where it waits for none."""
    out = np.empty(len(jobs.attends), dtype=np.int64)
    for j in range(len(out)):
        places = states.places[jobs.place_starts[j] : jobs.place_starts[j + 1]]
        out[j] = timer(jobs.attends[j], states.jobs[j], places, numbers)
    return out
