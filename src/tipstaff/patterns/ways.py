"""Ways from fix to fix: when two of them are within a distance of each other, solved exactly."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

EARTH_M: Final = 6_378_137.0
_E2: Final = 0.0066943799901413165


@njit(cache=True)
def within(r0x: float, r0y: float, r1x: float, r1y: float, d2: float) -> tuple[float, float, float]:
    """The part of 0..1 in which a straight way from r0 to r1 is within √d2 of 0; (2, 2, 0): none.

    The third is where it is nearest.
    """
    wx, wy = r1x - r0x, r1y - r0y
    a = wx * wx + wy * wy
    c = r0x * r0x + r0y * r0y
    if a == 0.0:
        return (0.0, 1.0, 0.0) if c <= d2 else (2.0, 2.0, 0.0)
    b = r0x * wx + r0y * wy
    nearest = min(1.0, max(0.0, -b / a))
    root = b * b - a * (c - d2)
    if root < 0.0:
        return (2.0, 2.0, 0.0)
    root = np.sqrt(root)
    low, high = max(0.0, (-b - root) / a), min(1.0, (-b + root) / a)
    return (low, high, nearest) if low <= high else (2.0, 2.0, 0.0)


@njit(cache=True)
def scales(y0: float, y1: float, y2: float, y3: float) -> tuple[float, float]:
    """Ground metres a Web Mercator metre, east and north, half-way between four places (WGS84)."""
    sine = np.tanh((y0 + y1 + y2 + y3) / (4.0 * EARTH_M))
    flat = 1.0 - _E2 * sine * sine
    cosine = np.sqrt(1.0 - sine * sine)
    return cosine / np.sqrt(flat), cosine * (1.0 - _E2) / (flat * np.sqrt(flat))


@njit(cache=True)
def between(t: int, t0: int, t1: int, v0: float, v1: float) -> float:
    """A coordinate at an instant on a straight way between two fixes, exact at both."""
    if t == t0:
        return v0
    if t == t1:
        return v1
    return v0 + (v1 - v0) * (t - t0) / (t1 - t0)


@njit(cache=True)
def solve(
    i: int, j: int, low: int, high: int, t: I64, x: F64, y: F64, distance: float
) -> tuple[int, int, float, int]:
    """When the ways from fix i and from fix j on are within a distance, between two instants.

    (begin, end, least distance, when it is), in µs and metres; begin after end where they are not.
    """
    east, north = scales(y[i], y[i + 1], y[j], y[j + 1])
    t0, t1, u0, u1 = t[i], t[i + 1], t[j], t[j + 1]
    ax0, ax1 = between(low, t0, t1, x[i], x[i + 1]), between(high, t0, t1, x[i], x[i + 1])
    ay0, ay1 = between(low, t0, t1, y[i], y[i + 1]), between(high, t0, t1, y[i], y[i + 1])
    bx0, bx1 = between(low, u0, u1, x[j], x[j + 1]), between(high, u0, u1, x[j], x[j + 1])
    by0, by1 = between(low, u0, u1, y[j], y[j + 1]), between(high, u0, u1, y[j], y[j + 1])
    r0x, r0y, r1x, r1y = (
        east * (ax0 - bx0),
        north * (ay0 - by0),
        east * (ax1 - bx1),
        north * (ay1 - by1),
    )
    first, last, nearest = within(r0x, r0y, r1x, r1y, distance * distance)
    if first > 1.0:
        return (1, 0, 0.0, 0)
    span = high - low
    begin = low if first == 0.0 else low + round(first * span)
    end = high if last == 1.0 else low + round(last * span)
    px, py = r0x + nearest * (r1x - r0x), r0y + nearest * (r1y - r0y)
    return (begin, end, np.sqrt(px * px + py * py), low + round(nearest * span))
