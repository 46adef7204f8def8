"""Lines between satellite fixes that cross a zone, over columns: as `rules.lines` says it."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.geodesy import E7
from tipstaff.monitoring.fix_columns import FixAt
from tipstaff.monitoring.outline_rows import Box, OutlineAt, beside, lay_round
from tipstaff.monitoring.zone_evidence import passes

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class LineNumbers(NamedTuple):
    """What `monitoring.parameters.ZoneParameters` says of lines, as kernels take it."""

    longest_us: int
    rest_us: int
    rest_m: float
    bow: float


@njit(cache=True)
def place_of(code: int) -> tuple[float, float]:
    """Degrees north and east of the code of a place."""
    low = code & 0xFFFFFFFF
    lon_e7 = low - (1 << 32) if low >= 1 << 31 else low
    return ((code - lon_e7) >> 32) / E7, lon_e7 / E7


@njit(cache=True)
def degrees_back(
    latitude: float, longitude: float, place: tuple[float, float]
) -> tuple[float, float]:
    """Degrees north and east from a fix to a place."""
    side = place[1] - longitude
    return place[0] - latitude, side - 360.0 * np.rint(side / 360.0)


@njit(cache=True)
def metres_back(back: tuple[float, float], scale: tuple[float, float, float]) -> float:
    """How far that is; `scale` are the `zone_evidence.scales` of the fix's latitude."""
    up, side = back
    return hypot(up * scale[0], side * (scale[1] + scale[2] * up / 2.0))


@njit(cache=True)
def is_near(fix: FixAt, code: int, within_m: float) -> bool:
    """Whether the place of a code is so near to a fix."""
    if code == fix.code:
        return True
    back = degrees_back(fix.latitude, fix.longitude, place_of(code))
    return metres_back(back, (fix.to_north, fix.to_east, fix.slope)) <= within_m


@njit(cache=True)
def line_crosses(
    fix: FixAt, place: OutlineAt, round_it: Box, before: int, bow: float, east: F64, north: F64
) -> bool:
    """Whether the line from the place of the code `before` to a fix crosses the zone."""
    up, side = degrees_back(fix.latitude, fix.longitude, place_of(before))
    if beside(round_it, up, side):
        return False
    lay_round(fix, place, east, north)
    x = side * (fix.to_east + fix.slope * up / 2.0)
    return passes(x, up * fix.to_north, bow, east, north, place.rings)


@njit(cache=True)
def line_told(fix: FixAt, crossed: bool, before: tuple[int, int], line: I64,
              numbers: LineNumbers) -> int:  # fmt: skip
    """The start (µs) of the line that is told at a satellite fix, -1 for none.

    `before` are the time and the code of the satellite fix before, -1 where there was none. `line`
    are the time and the code of where the tag last rested, and the start of the line that waits.
    """
    before_us, before_code = before
    if numbers.rest_us == 0:
        return before_us if crossed else -1
    lately = line[0] >= 0 and fix.at_us - line[0] <= numbers.rest_us
    if lately and is_near(fix, line[1], numbers.rest_m):
        line[0], line[1], line[2] = fix.at_us, fix.code, -1
        return -1
    if lately:
        if crossed and line[2] < 0:
            line[2] = before_us
        return -1
    told = line[2] if line[2] >= 0 else (before_us if crossed else -1)
    line[2] = -1
    short = before_us >= 0 and fix.at_us - before_us <= numbers.longest_us
    if short and is_near(fix, before_code, numbers.rest_m):
        line[0], line[1] = fix.at_us, fix.code
    return told
