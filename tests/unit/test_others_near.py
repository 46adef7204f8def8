"""Others near: with a position, heard without one, or not known about."""

from __future__ import annotations

import numpy as np
import pytest
from device_lives import NORTH, WEST, at

from tipstaff.monitoring.device_parameters import DEVICES_V1
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.others_near import LastSeen, others_near

LAST = Fix(at(0), NORTH, WEST, 1, 500)
#: 300 metres in 1e-7 degrees, north and east.
NORTHWARD, EASTWARD = 26_980, 44_820


@pytest.mark.parametrize(
    ("north", "east", "placed", "heard", "expected"),
    [
        (0, 0, 19, 19, (1, 0)),
        (0, 0, 5.1, 19, (1, 0)),
        (0, 0, 5, 19, (0, 1)),
        (0, 0, 2, 5, (0, 0)),  # not heard of late: off, or away
        (NORTHWARD - 5, 0, 19, 19, (1, 0)),
        (NORTHWARD + 5, 0, 19, 19, (0, 0)),
        (0, EASTWARD - 50, 19, 19, (1, 0)),
        (0, EASTWARD + 50, 19, 19, (0, 0)),
    ],
)
def test_one_other(
    north: int, east: int, placed: float, heard: float, expected: tuple[int, int]
) -> None:
    other = LastSeen(
        np.array([NORTH + north]),
        np.array([WEST + east]),
        np.array([at(placed)]),
        np.array([at(heard)]),
    )
    found = others_near(LAST, other, at(20), DEVICES_V1)
    assert (found.seen, found.lost) == expected
    assert found.at_us == at(20)


def test_nobody() -> None:
    none = np.array([], dtype=np.int64)
    found = others_near(LAST, LastSeen(none, none, none, none), at(20), DEVICES_V1)
    assert (found.seen, found.lost) == (0, 0)
