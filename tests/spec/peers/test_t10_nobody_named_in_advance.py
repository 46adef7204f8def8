"""T10: a widely used server knows nearness only of pairs named in advance, and only as of now.

Here every pair of a period is looked at, and what was near between two positions too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tipstaff.domain.geodesy import to_mercator
from tipstaff.patterns.meetings import MeetingRules, Meetings, meetings

NIGHT = datetime(2026, 3, 2, 22, tzinfo=UTC)
#: Who → (minute, metres east, metres north) of each fix, of a corner in Derby.
LIVES = {
    "ann": [(0, 0, 0), (10, 0, 0), (20, 0, 0), (30, 0, 0)],
    "ben": [(0, 900, 0), (10, 20, 10), (20, 20, 10), (30, -900, 0)],
    "cat": [(0, -5_000, 0), (8, 5_000, 0)],  # drives by, no fix near
    "dan": [(0, 10, 0), (29, 10, 0)],  # nothing is known between: half an hour
    "eve": [(0, 60, 0), (10, 60, 0), (20, 60, 0), (30, 60, 0)],  # next door
}
PAIRS = [
    # who, how near, how long at least, and the minutes that they were
    ("ann", "ben", 50.0, 300, [(9.67, 20.75)]),
    ("ann", "cat", 50.0, 1, [(3.96, 4.04)]),
    ("ann", "cat", 50.0, 60, []),
    ("ann", "dan", 50.0, 300, []),
    ("ann", "eve", 50.0, 300, []),
    ("ann", "eve", 70.0, 300, [(0.0, 30.0)]),
    ("ben", "eve", 50.0, 300, [(8.99, 20.10)]),
]


def found(rules: MeetingRules) -> Meetings:
    told = [
        (n, int((NIGHT + timedelta(minutes=m)).timestamp() * 1e6), east, north)
        for n, name in enumerate(LIVES)
        for m, east, north in LIVES[name]
    ]
    who, when, east, north = (np.array(column) for column in zip(*told, strict=True))
    latitude, longitude = 52.92 + north / 111_250, -1.476 + east / (111_420 * 0.6032)
    x, y = map(np.asarray, to_mercator(latitude, longitude))
    return meetings(who.astype(np.int64), when.astype(np.int64), x, y, rules)


@pytest.mark.parametrize(("one", "other", "distance", "least", "minutes"), PAIRS)
def test_a_pair_is_found_by_nobody_naming_it(
    one: str, other: str, distance: float, least: float, minutes: list[Any]
) -> None:
    names = list(LIVES)
    every = found(MeetingRules(distance_m=distance, least_s=least, gap_s=600))
    told = [
        ((began - NIGHT.timestamp() * 1e6) / 6e7, (ended - NIGHT.timestamp() * 1e6) / 6e7)
        for a, b, began, ended in zip(
            every.first, every.second, every.began_us, every.ended_us, strict=True
        )
        if (names[a], names[b]) == (one, other)
    ]
    assert len(told) == len(minutes)
    for was, wanted in zip(told, minutes, strict=True):
        assert was == pytest.approx(wanted, abs=0.02)
