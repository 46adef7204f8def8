"""Where somebody stayed: runs of positions round one place.

A position is of the run while it lies within reach of the middle of the run so far; one that lies
elsewhere by itself is passed over, the second in a row ends the run. Runs at one place less than
five minutes apart are one: receivers at rest wander off for minutes. A run that lasted is a stop.
What lies in a gap is not known, and is counted apart: nobody is taken to have stayed for it.
Source: the stay points of Li, Zheng and others (2008), made to bear a single gross error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

#: Metres from the middle of a run; receivers at rest wander about so far.
REACH_M: Final = 60.0
#: Seconds after which a run is a stop, and after which nothing is known between two positions.
LEAST_S: Final = 300
GAP_S: Final = 300
_OUT: Final = 2


@dataclass(frozen=True, slots=True)
class Stop:
    """A stay from `start` to `end` round a middle, degrees.

    `fixes` say so; `unknown` of the time lies in gaps of more than `GAP_S`.
    """

    start: datetime
    end: datetime
    latitude: float
    longitude: float
    fixes: int
    unknown: timedelta


def stops(at_s: I64, latitude: F64, longitude: F64) -> tuple[Stop, ...]:
    """The stops of a trail: its positions in the order of time (seconds of UTC), degrees."""
    if not len(at_s):
        return ()
    plane = LocalPlane(float(latitude[0]), float(longitude[0]))
    east, north = plane.to_plane(latitude, longitude)
    found = []
    for members in _joined(_runs(east.tolist(), north.tolist()), at_s, east, north):
        own = at_s[members]
        apart = np.diff(own)
        unknown = int(apart[apart > GAP_S].sum())
        if own[-1] - own[0] - unknown < LEAST_S:
            continue
        middle = plane.to_degrees(_middle(east, members), _middle(north, members))
        start, end = (datetime.fromtimestamp(int(one), UTC) for one in (own[0], own[-1]))
        place = (float(middle[0]), float(middle[1]))
        found.append(Stop(start, end, *place, len(own), timedelta(seconds=unknown)))
    return tuple(found)


def _joined(runs: Iterable[list[int]], at_s: I64, east: F64, north: F64) -> Iterator[list[int]]:
    """Runs that lasted, those at one place and hardly apart as one; short ones between left out."""
    held: list[int] = []
    for members in runs:
        if _at_one(held, members, at_s, east, north):
            held = held + members
        elif at_s[members[-1]] - at_s[members[0]] >= LEAST_S:
            if held:
                yield held
            held = members
    if held:
        yield held


def _at_one(a: list[int], b: list[int], at_s: I64, east: F64, north: F64) -> bool:
    """Whether two runs are at one place, hardly apart in time."""
    if not a or at_s[b[0]] - at_s[a[-1]] >= LEAST_S:
        return False
    x, y = (_middle(axis, a) - _middle(axis, b) for axis in (east, north))
    return math.hypot(x, y) <= REACH_M


def _middle(axis: F64, members: list[int]) -> float:
    """The median; numpy's own asks ten times as long of so few."""
    ordered = np.sort(axis[members])
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _runs(east: list[float], north: list[float]) -> Iterator[list[int]]:
    """The positions of each run, by number."""
    members: list[int] = []
    outside: list[int] = []
    x = y = 0.0
    n = 0
    while n < len(east):
        if not members or math.hypot(east[n] - x, north[n] - y) <= REACH_M:
            members.append(n)
            outside.clear()
            x += (east[n] - x) / len(members)
            y += (north[n] - y) / len(members)
        else:
            outside.append(n)
            if len(outside) == _OUT:
                yield members
                n, members = outside[0], []
                outside.clear()
                x = y = 0.0
                continue
        n += 1
    if members:
        yield members
