"""Silence for many devices at once: the rule of `monitoring.rules.silence` over columns.

It finds exactly what the reference finds. Two passes: the first follows each device through its
facts and writes down beginnings, growths and ends; the second looks, for each silence that ended,
for the fact with which nothing of it was left untold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, FindingKind, Step, Why
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch, found, once, order_of, us
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.rules.silence import gap_us, quiet_us, recent_us, unplaced_us

I64 = NDArray[np.int64]
#: Rows of a step: job, instant, since, level, which step; and the stretch that an end leaves open.
_JOB, _AT, _SINCE, _LEVEL, _STEP, _FROM, _TO, _FIRST = range(8)
_WIDTH: Final = 8
_BEGAN, _GREW, _ENDED, _OVER, _FILLED = range(5)
_STEPS: Final = (Step.BEGAN, Step.GREW, Step.ENDED, Step.ENDED, Step.FILLED)
_MOST_LEVEL: Final = 3
_NEVER: Final = np.iinfo(np.int64).max


class FactColumns(NamedTuple):
    """Facts by job and coming in: when each came, of when it is, and whether it tells of then.

    `starts` are the rows at which jobs begin, one more than jobs.
    """

    came_us: I64
    at_us: I64
    tells: NDArray[np.bool_]
    starts: I64


class SilenceJobs(NamedTuple):
    """For each job its period, and µs: allowed unheard, unplaced (-1: not asked), as a gap; between
    uploads; and within which it was heard of late.
    """

    begin_us: I64
    end_us: I64
    quiet_us: I64
    unplaced_us: I64
    gap_us: I64
    upload_us: I64
    recent_us: I64


def fact_columns(
    facts: Sequence[Sequence[DeviceFact]],
    watches: Sequence[DeviceWatch],
    parameters: DeviceParameters,
) -> FactColumns:
    """Columns of facts of many devices, the facts of one watch each."""
    came, at, tells, starts = [], [], [], [0]
    ahead = us(parameters.silence.ahead_s)
    for of_one, watch in zip(facts, watches, strict=True):
        ordered = sorted(once(of_one), key=lambda fact: (fact.ingested_us, order_of(fact)))
        placed = watch.plan.position_s is not None
        came += [fact.ingested_us for fact in ordered]
        at += [fact.at_us for fact in ordered]
        tells += [
            fact.at_us - fact.ingested_us <= ahead and (not placed or isinstance(fact, Fix))
            for fact in ordered
        ]
        starts.append(len(came))
    return FactColumns(
        np.array(came, dtype=np.int64),
        np.array(at, dtype=np.int64),
        np.array(tells, dtype=np.bool_),
        np.array(starts, dtype=np.int64),
    )


def silence_jobs(watches: Sequence[DeviceWatch], parameters: DeviceParameters) -> SilenceJobs:
    """A job for each watch, which has one period."""
    unplaced = [unplaced_us(watch, parameters) for watch in watches]
    return SilenceJobs(
        np.array([watch.periods[0][0] for watch in watches], dtype=np.int64),
        np.array([watch.periods[0][1] for watch in watches], dtype=np.int64),
        np.array([quiet_us(watch, parameters) for watch in watches], dtype=np.int64),
        np.array([-1 if allowed is None else allowed for allowed in unplaced], dtype=np.int64),
        np.array([gap_us(watch, parameters) for watch in watches], dtype=np.int64),
        np.array([us(watch.plan.upload_s) for watch in watches], dtype=np.int64),
        np.array([recent_us(watch, parameters) for watch in watches], dtype=np.int64),
    )


def silences(
    columns: FactColumns,
    jobs: SilenceJobs,
    watches: Sequence[DeviceWatch],
    parameters: DeviceParameters,
    known_us: int,
) -> list[list[Finding]]:
    """What both rules about silence find for each job up to `known_us`."""
    times = np.array([1, *parameters.silence.grows], dtype=np.int64)
    out: list[list[Finding]] = [[] for _ in watches]
    for kind in (FindingKind.SILENCE, FindingKind.NO_POSITION):
        placed = kind is FindingKind.NO_POSITION
        rows = _followed(columns, jobs, times, known_us, placed)
        for row in [*rows, *_fillings(columns, jobs, rows, known_us)]:
            watch = watches[int(row[_JOB])]
            at, since, level, step = (int(row[i]) for i in (_AT, _SINCE, _LEVEL, _STEP))
            why = _why(step, placed=placed)
            out[int(row[_JOB])].append(found(watch, kind, at, _STEPS[step], level, why, since))
    return out


def _why(step: int, *, placed: bool) -> Why:
    began = Why.NO_POSITION_KNOWN if placed else Why.NOT_HEARD
    over = Why.POSITION_AGAIN if placed else Why.HEARD_AGAIN
    return (began, began, over, Why.PERIOD_ENDED, Why.FILLED_LATE)[step]


@njit(cache=True)
def _due(
    state: tuple[int, int, int, int, int], job: int, jobs: SilenceJobs, times: I64, placed: bool
) -> int:
    """When a device is next overdue; never where it cannot be."""
    heard, told, since, level, back = state
    if level >= _MOST_LEVEL:
        return _NEVER
    if not placed:
        return int(heard + times[level] * jobs.quiet_us[job])
    after = since if level else told
    at = max(after + times[level] * jobs.unplaced_us[job], back + jobs.upload_us[job], heard)
    return int(at) if at <= heard + jobs.recent_us[job] else _NEVER


@njit(cache=True)
def _grown(rows: I64, used: int) -> I64:
    """The rows, with room for one more."""
    if used < len(rows):
        return rows
    wider = np.empty((2 * len(rows), _WIDTH), dtype=np.int64)
    wider[:used] = rows
    return wider


@njit(cache=True)
def _ticked(
    state: tuple[int, int, int, int, int],
    until: int,
    job: int,
    jobs: SilenceJobs,
    times: I64,
    placed: bool,
    rows: I64,
    used: int,
) -> tuple[tuple[int, int, int, int, int], I64, int]:
    """Let the clock run: silent, and silent for longer."""
    heard, told, since, level, back = state
    while True:
        at = _due((heard, told, since, level, back), job, jobs, times, placed)
        if at > until or at == _NEVER:
            return (heard, told, since, level, back), rows, used
        if level == 0:
            since = told if placed else heard
        rows = _grown(rows, used)
        step = _GREW if level else _BEGAN
        level += 1
        rows[used] = (job, at, since, level, step, 0, 0, 0)
        used += 1


@njit(cache=True)
def _followed(columns: FactColumns, jobs: SilenceJobs, times: I64, known: int, placed: bool) -> I64:
    """Beginnings, growths and ends of every job, in rows."""
    rows, used = np.empty((64, _WIDTH), dtype=np.int64), 0
    for job in range(len(jobs.begin_us)):
        begin, end = jobs.begin_us[job], jobs.end_us[job]
        if begin > known or (placed and jobs.unplaced_us[job] < 0):
            continue
        state = (begin, begin, 0, 0, 0)
        row, last = columns.starts[job], columns.starts[job + 1]
        while row < last and columns.came_us[row] < end and columns.came_us[row] <= known:
            came, at = columns.came_us[row], columns.at_us[row]
            if came >= begin:
                state, rows, used = _ticked(state, came - 1, job, jobs, times, placed, rows, used)
                heard, told, since, level, back = state
                tells = columns.tells[row]
                newer = tells and at > told
                breaks, to = level > 0, came - jobs.upload_us[job]
                if placed:
                    if came - heard > jobs.recent_us[job]:
                        back = came
                    breaks = level > 0 and newer and came - at < jobs.unplaced_us[job]
                    to = at
                if breaks:
                    rows = _grown(rows, used)
                    rows[used] = (job, came, since, level, _ENDED, told, to, row)
                    used += 1
                    level = 0
                state = (max(heard, came), max(told, at) if tells else told, since, level, back)
            row += 1
        state, rows, used = _ticked(
            state, min(end - 1, known), job, jobs, times, placed, rows, used
        )
        if end <= known and state[3] > 0:
            rows = _grown(rows, used)
            rows[used] = (job, end, state[2], state[3], _OVER, state[1], end, row)
            used += 1
    return rows[:used]


@njit(cache=True)
def _covers(at: I64, order: I64, most: int, start: int, stop: int, least: int) -> bool:
    """Whether the first `most` facts leave no gap over `least`; `order` sorts facts by instant."""
    last = start
    for i in order:
        if i < most:
            if at[i] - last > least:
                return False
            last = at[i]
    return stop - last <= least


@njit(cache=True)
def _concerned(columns: FactColumns, jobs: SilenceJobs, one: I64, known: int) -> I64:
    """The rows of facts from the end of a silence on that count for it, as known."""
    job, first = one[_JOB], one[_FIRST]
    out, size = np.empty(columns.starts[job + 1] - first, dtype=np.int64), 0
    for row in range(first, columns.starts[job + 1]):
        came, at = columns.came_us[row], columns.at_us[row]
        if came > known:
            break
        if came < jobs.end_us[job] or jobs.begin_us[job] <= at < jobs.end_us[job]:
            out[size] = row
            size += 1
    return out[:size]


@njit(cache=True)
def _filler(columns: FactColumns, rows: I64, start: int, stop: int, least: int) -> int:
    """The row of the fact that left no gap over `least` from start to stop; -1 where none did."""
    if stop - start <= least:
        return int(rows[0]) if len(rows) else -1
    at = columns.at_us[rows]
    within = columns.tells[rows] & (at > start) & (at < stop)
    rows, at = rows[within], at[within]
    order = np.argsort(at)
    if not _covers(at, order, len(at), start, stop, least):
        return -1
    low, high = 0, len(at)
    while high - low > 1:
        middle = (low + high) // 2
        if _covers(at, order, middle, start, stop, least):
            high = middle
        else:
            low = middle
    return int(rows[high - 1])


@njit(cache=True)
def _fillings(columns: FactColumns, jobs: SilenceJobs, rows: I64, known: int) -> I64:
    """For each silence that ended, the fact that left nothing of it untold, in rows."""
    out, used = np.empty((len(rows), _WIDTH), dtype=np.int64), 0
    for one in rows:
        if one[_STEP] == _ENDED or one[_STEP] == _OVER:
            concerned = _concerned(columns, jobs, one, known)
            least = jobs.gap_us[one[_JOB]]
            filler = _filler(columns, concerned, one[_FROM], one[_TO], least)
            if filler >= 0:
                out[used] = one
                out[used, _AT], out[used, _STEP] = columns.came_us[filler], _FILLED
                used += 1
    return out[:used]
