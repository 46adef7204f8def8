"""What facts mean for the period that runs, over columns: curfews and attendances.

What is told is what `monitoring.rules.curfew` and `monitoring.rules.attendance` tell, exactly;
those modules say what it means. A job's state is a row of whole numbers; times are in µs, -1 where
there is none.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.findings import FindingKind, Level, Outcome, Step, Why
from tipstaff.monitoring.place_columns import (
    AWAY,
    AWAY_US,
    BY_NETWORK,
    HOME,
    UNKNOWN,
    WHERE,
    WORD_US,
    PresenceNumbers,
    last_away,
    overall,
    silence,
    silent_at,
)

I64 = NDArray[np.int64]

KINDS: Final = (FindingKind.CURFEW, FindingKind.WHEREABOUTS, FindingKind.ATTENDANCE)
STEPS: Final = (Step.BEGAN, Step.GREW, Step.ENDED)
OUTCOMES: Final = (Outcome.KEPT, Outcome.BROKEN, Outcome.UNKNOWN)
WHYS: Final = (
    Why.OUT_AT_START, Why.LEFT_DURING, Why.FOUND_AWAY, Why.SURER, Why.RETURNED,
    Why.RETURNED_LATE, Why.OUT_AT_END, Why.OUT_THROUGHOUT, Why.PERIOD_ENDED, Why.NOT_KNOWN,
    Why.KNOWN_AGAIN, Why.NOT_ATTENDED,
)  # fmt: skip
_CURFEW, _WHEREABOUTS, _ATTENDANCE = 0, 1, 2
_BEGAN, _GREW, _ENDED, OUTCOME = 0, 1, 2, 3
_KEPT, _BROKEN, _UNKNOWN = 0, 1, 2
(
    _AT_START, _LEFT, _FOUND, _SURER, _RETURNED, _LATE, _AT_END, _THROUGHOUT, _PERIOD,
    _NOT_KNOWN, _KNOWN_AGAIN, _MISSED,
) = range(12)  # fmt: skip
_PROBABLE, _SURE = int(Level.PROBABLE), int(Level.CONFIRMED)
#: The columns of a job's state: whether a period runs, which, and what was counted and found in it.
(
    HORIZON_US, RUNS, START_US, END_US, MASK, JUDGE_US, GOES_ON, IS, COUNTED_US, HOME_US,
    AWAY_SUM_US, UNKNOWN_US, FIRST_US, LAST_US, JUDGED, KNOWN, LEVEL, SINCE_US, LATE, BROKEN,
    MISSING_US, JOB_WIDTH,
) = range(22)  # fmt: skip
#: What is told, in a row: of an outcome, `level` is its code and `since` the period's start.
(
    TOLD_JOB, TOLD_AT, TOLD_KIND, TOLD_STEP, TOLD_LEVEL, TOLD_WHY, TOLD_SINCE, TOLD_ABSENT,
    TOLD_UNKNOWN, TOLD_FIRST, TOLD_LAST, TOLD_WIDTH,
) = range(12)  # fmt: skip


class Room(NamedTuple):
    """Room to tell, and in `told` alone how many have been told."""

    rows: I64
    told: I64


def new_jobs(count: int) -> I64:
    """States of jobs of which nothing is known."""
    jobs = np.zeros((count, JOB_WIDTH), dtype=np.int64)
    jobs[:, [HORIZON_US, FIRST_US, LAST_US, MISSING_US]] = -1
    return jobs


@njit(cache=True)
def begin(period: I64, job: I64, places: I64) -> None:
    """A period starts, with what is known then."""
    at = period[0]
    job[RUNS:MISSING_US] = 0
    job[MISSING_US] = -1
    job[RUNS], job[START_US], job[END_US] = 1, at, period[1]
    job[MASK], job[JUDGE_US], job[COUNTED_US] = period[2], period[3], at
    job[GOES_ON] = period[4]
    job[IS] = overall(places, period[2])
    job[KNOWN] = job[IS]
    there = at if job[IS] == HOME else -1
    job[FIRST_US], job[LAST_US] = there, there


@njit(cache=True)
def _count(at: int, job: I64) -> None:
    """The time up to an instant, counted by what was known in it."""
    passed = at - job[COUNTED_US]
    job[COUNTED_US] = at
    if job[IS] == HOME:
        job[HOME_US] += passed
    elif job[IS] == AWAY:
        job[AWAY_SUM_US] += passed
    else:
        job[UNKNOWN_US] += passed


@njit(cache=True)
def _move(at: int, job: I64, places: I64) -> None:
    """What is known of the places from an instant on."""
    if job[RUNS] == 1:
        _count(at, job)
        job[IS] = overall(places, job[MASK])


@njit(cache=True)
def taken(at: int, j: int, attends: bool, job: I64, places: I64, room: Room) -> None:
    """After a fact: what is known now, and what that means."""
    _move(at, job, places)
    _there(at, job, places)
    if not attends:
        _judge(at, j, job, places, False, room)


@njit(cache=True)
def _there(at: int, job: I64, places: I64) -> None:
    """Whether a word of this instant has the wearer at one of the places."""
    if job[RUNS] == 0:
        return
    for i in range(len(places)):
        here = places[i, WHERE] == HOME and places[i, WORD_US] == at
        if here and job[MASK] >> i & 1:
            job[LAST_US] = at
            if job[FIRST_US] < 0:
                job[FIRST_US] = at
            return


@njit(cache=True)
def end(at: int, j: int, attends: bool, job: I64, numbers: PresenceNumbers, room: Room) -> None:
    """The period ends, and with it whatever stood."""
    _count(at, job)
    if attends:
        outcome = _attended(job, numbers)
        if outcome != _KEPT:
            kind = _ATTENDANCE if outcome == _BROKEN else _WHEREABOUTS
            why = _MISSED if outcome == _BROKEN else _NOT_KNOWN
            for step in (_BEGAN, _ENDED):
                _tell(room, j, at, kind, step, _SURE, why, job[START_US])
    else:
        if job[LEVEL] > 0:
            _tell(room, j, at, _CURFEW, _ENDED, job[LEVEL], _end_why(job), job[SINCE_US])
        if job[MISSING_US] >= 0:
            _tell(room, j, at, _WHEREABOUTS, _ENDED, _SURE, _PERIOD, job[MISSING_US])
        outcome = _KEPT if job[UNKNOWN_US] == 0 else _UNKNOWN
        if job[BROKEN] == 1:
            outcome = _BROKEN
    kind = _ATTENDANCE if attends else _CURFEW
    _tell(room, j, at, kind, OUTCOME, outcome, -1, job[START_US])
    last = room.told[0] - 1
    if last < len(room.rows):
        room.rows[last, TOLD_ABSENT], room.rows[last, TOLD_UNKNOWN] = (
            job[AWAY_SUM_US], job[UNKNOWN_US]
        )  # fmt: skip
        room.rows[last, TOLD_FIRST], room.rows[last, TOLD_LAST] = job[FIRST_US], job[LAST_US]
    job[RUNS] = 0


@njit(cache=True)
def _attended(job: I64, numbers: PresenceNumbers) -> int:
    if job[HOME_US] >= numbers.stay_us:
        return _KEPT
    return _BROKEN if job[HOME_US] + job[UNKNOWN_US] < numbers.stay_us else _UNKNOWN


@njit(cache=True)
def _end_why(job: I64) -> int:
    if job[IS] != AWAY:
        return _PERIOD
    return _THROUGHOUT if job[HOME_US] == 0 and job[UNKNOWN_US] == 0 else _AT_END


@njit(cache=True)
def _judge(at: int, j: int, job: I64, places: I64, at_start: bool, room: Room) -> None:
    """What the facts so far mean for the curfew that runs."""
    if job[RUNS] == 0:
        return
    where, known = job[IS], job[KNOWN]
    if where != UNKNOWN:
        job[KNOWN] = where
    if job[JUDGED] == 0:
        return
    if where == UNKNOWN and job[MISSING_US] < 0:
        job[MISSING_US] = at
        _tell(room, j, at, _WHEREABOUTS, _BEGAN, _SURE, _NOT_KNOWN, at)
    elif where != UNKNOWN and job[MISSING_US] >= 0:
        _tell(room, j, at, _WHEREABOUTS, _ENDED, _SURE, _KNOWN_AGAIN, job[MISSING_US])
        job[MISSING_US] = -1
    if where == HOME and job[LEVEL] > 0:
        why = _LATE if job[LATE] == 1 else _RETURNED
        _tell(room, j, at, _CURFEW, _ENDED, job[LEVEL], why, job[SINCE_US])
        job[LEVEL] = 0
    goes_on = at_start and job[GOES_ON] == 1 and where == UNKNOWN
    if where == AWAY or (goes_on and last_away(places, job[MASK])):
        _away(at, j, job, places, known, at_start, room)


@njit(cache=True)
def _away(at: int, j: int, job: I64, places: I64, known: int, at_start: bool, room: Room) -> None:
    """AWAY while the period is judged: an absence begins, or is surer than it was."""
    level, since = _SURE, job[START_US]
    for i in range(len(places)):
        if job[MASK] >> i & 1:
            since = max(since, places[i, AWAY_US])
            if places[i, BY_NETWORK] == 1:
                level = _PROBABLE
    if level <= job[LEVEL]:
        return
    if job[LEVEL] > 0:
        job[LEVEL] = level
        _tell(room, j, at, _CURFEW, _GREW, level, _SURER, job[SINCE_US])
        return
    why = _LEFT if known == HOME else _FOUND
    if at_start:
        why = _AT_START
    job[LEVEL], job[SINCE_US], job[LATE], job[BROKEN] = level, since, at_start, 1
    _tell(room, j, at, _CURFEW, _BEGAN, level, why, since)


@njit(cache=True)
def _tell(
    room: Room, j: int, at: int, kind: int, step: int, level: int, why: int, since: int
) -> None:
    """Tell where there is room, and count it in any case."""
    count = room.told[0]
    room.told[0] = count + 1
    if count < len(room.rows):
        row = room.rows[count]
        row[TOLD_JOB], row[TOLD_AT], row[TOLD_KIND], row[TOLD_STEP] = j, at, kind, step
        row[TOLD_LEVEL], row[TOLD_WHY], row[TOLD_SINCE] = level, why, since
        row[TOLD_ABSENT:] = -1


@njit(cache=True)
def tick(at: int, j: int, attends: bool, job: I64, places: I64, numbers: PresenceNumbers,
          room: Room) -> None:  # fmt: skip
    """The clock: places fall silent, and the grace is over."""
    silence(at, places, numbers)
    _move(at, job, places)
    if attends or job[RUNS] == 0:
        return
    if job[JUDGE_US] <= at:
        job[JUDGED] = 1
    _judge(at, j, job, places, job[JUDGE_US] == at, room)


@njit(cache=True)
def timer(attends: bool, job: I64, places: I64, numbers: PresenceNumbers) -> int:
    """When the clock is needed next."""
    at = silent_at(places, numbers)
    waits = job[RUNS] == 1 and job[JUDGED] == 0 and job[JUDGE_US] < job[END_US]
    return min(at, job[JUDGE_US]) if waits and not attends else at
