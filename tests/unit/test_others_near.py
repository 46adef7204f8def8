"""Others near: with a position, heard without one, or not known about; and when they matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from device_lives import NORTH, WEST, at

from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_watches import OthersNear
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.others_near import LastSeen, LossAsked, others_near
from tipstaff.monitoring.rules.shielding import ShieldingState, may_matter

#: Lost at minute 0 and looked at 20 minutes later; what counts is the last seven and a half.
LAST = Fix(at(0), NORTH, WEST, 1, 500)
LOSS = LossAsked(LAST, at(20))
#: 300 metres in 1e-7 degrees, north and east.
NORTHWARD, EASTWARD = 26_980, 44_820


def looked(*others: tuple[int, int, float, float]) -> OthersNear:
    north, east, placed, heard = np.array(others, dtype=float).reshape(-1, 4).T
    seen = LastSeen(
        (NORTH + north).astype(np.int64),
        (WEST + east).astype(np.int64),
        np.array([at(minute) for minute in placed], dtype=np.int64),
        np.array([at(minute) for minute in heard], dtype=np.int64),
    )
    return others_near(LOSS, seen, at(21), DEVICES_V2)


@pytest.mark.parametrize(
    ("north", "east", "placed", "heard", "expected"),
    [
        (0, 0, 19, 19, (1, 0)),
        (0, 0, 12.6, 19, (1, 0)),
        (0, 0, 12.4, 19, (0, 0)),  # heard soon after its last position
        (0, 0, 11, 19, (0, 1)),
        (0, 0, 1, 19, (0, 1)),  # lost with it, and its positions from before say nothing
        (0, 0, 2, 12, (0, 0)),  # not heard of late: off, or away
        (NORTHWARD - 5, 0, 19, 19, (1, 0)),
        (NORTHWARD + 5, 0, 19, 19, (0, 0)),
        (0, EASTWARD - 50, 19, 19, (1, 0)),
        (0, EASTWARD + 50, 19, 19, (0, 0)),
        (0, EASTWARD + 50, 1, 19, (0, 0)),
    ],
)
def test_one_other(
    north: int, east: int, placed: float, heard: float, expected: tuple[int, int]
) -> None:
    found = looked((north, east, placed, heard))
    assert (found.seen, found.lost) == expected
    assert (found.at_us, found.ingested_us) == (at(20), at(21))


def test_nobody() -> None:
    found = looked()
    assert (found.seen, found.lost) == (0, 0)


def test_several() -> None:
    found = looked((0, 0, 19, 19), (10, 0, 18, 19), (20, 0, 1, 19), (NORTHWARD * 9, 0, 19, 19))
    assert (found.seen, found.lost) == (2, 1)


#: Lost at the same place twice before: one look at others may be what is missing.
PAST = tuple((at(minute), NORTH, WEST) for minute in (-90, -60, -30))
LOST = ShieldingState(last=LAST, heard=1, past=PAST)


@pytest.mark.parametrize(
    ("state", "minute", "heard", "expected"),
    [
        (LOST, 20, 1, True),
        (LOST, 14, 1, False),  # not long enough
        (LOST, 20, 0, False),  # not heard often enough: it may be off
        (replace(LOST, jammed=True), 20, 0, True),
        (ShieldingState(last=LAST), 20, 2, False),  # whatever they do, nobody is suspected
        (ShieldingState(past=PAST), 20, 2, False),
        (replace(LOST, near=OthersNear(at(10), 1, 0)), 20, 1, False),  # asked a while ago
        (replace(LOST, near=OthersNear(at(5), 1, 0)), 20, 1, True),
    ],
)
def test_when_others_matter(
    state: ShieldingState, minute: float, heard: int, expected: bool
) -> None:
    assert may_matter(state, at(minute), heard, DEVICES_V2.shielding) is expected
