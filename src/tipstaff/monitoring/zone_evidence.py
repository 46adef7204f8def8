"""What one fix says of one zone, and how evidence adds up and fades: the kernels of both engines.

A fix adds w·logit(p) to the log-odds of being inside. p is P(inside) under the error model, held
between the gross-error share and its complement: no fix is surer than that it may be plain wrong.

Below one half, p is not let below how well the zone could be reached from the fix by its error,
q = P(|e| ≥ distance to the zone), up to one half: a fix of half a kilometre's radius in the
middle of a small zone has little of its probability inside, and still says nothing against it.
(ADR 19.)

w = 1 − exp(−Δt/τ) since the last independent fix: 1 for the first, 0 for a coordinate that a
network look-up repeats. Without evidence the log-odds relax towards the prior.
"""

from __future__ import annotations

from math import cos, exp, log, pi, sin, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.geodesy import ECCENTRICITY2, SEMI_MAJOR_M
from tipstaff.monitoring.errors_of_fixes import LEAST_DOUBT
from tipstaff.monitoring.inside import shaped_inside, t_inside

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
_RADIANS = pi / 180.0
#: One class's error in a row: ν, 95% radius (m), γ, tail, share and σ (m) of gross errors.
ErrorRow = tuple[float, float, float, float, float, float]


@njit(cache=True)
def logit(probability: float) -> float:
    """The log-odds of a probability."""
    return log(probability / (1.0 - probability))


@njit(cache=True)
def expit(log_odds: float) -> float:
    """The probability of log-odds."""
    return 1.0 / (1.0 + exp(-log_odds))


@njit(cache=True)
def relaxed(log_odds: float, prior: float, seconds: float, relax_s: float) -> float:
    """Log-odds after `seconds` without evidence."""
    return prior + (log_odds - prior) * exp(-seconds / relax_s)


@njit(cache=True)
def scales(latitude: float) -> tuple[float, float, float]:
    """Metres to a degree north and east at a latitude, and how the latter grows a degree north."""
    phi = latitude * _RADIANS
    sine = sin(phi)
    w2 = 1.0 - ECCENTRICITY2 * sine * sine
    meridian = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / (w2 * sqrt(w2)) * _RADIANS
    return meridian, SEMI_MAJOR_M / sqrt(w2) * cos(phi) * _RADIANS, -meridian * sine * _RADIANS


@njit(cache=True)
def scales_of(latitude: F64) -> tuple[F64, F64, F64]:
    """`scales` of many latitudes."""
    north, east = np.empty(len(latitude)), np.empty(len(latitude))
    slope = np.empty(len(latitude))
    for i in range(len(latitude)):
        north[i], east[i], slope[i] = scales(latitude[i])
    return north, east, slope


@njit(cache=True)
def lay(
    latitude: float, longitude: float, ring_lat: F64, ring_lon: F64, east: F64, north: F64
) -> None:
    """Lay the places of rings round a fix: metres east and north of it, into `east` and `north`.

    Mid-latitude radii, the eastward one to first order in the difference of latitudes: within a
    centimetre at 5 km.
    """
    lay_by(latitude, longitude, scales(latitude), ring_lat, ring_lon, east, north)


@njit(cache=True)
def lay_by(
    latitude: float, longitude: float, scale: tuple[float, float, float],
    ring_lat: F64, ring_lon: F64, east: F64, north: F64,
) -> None:  # fmt: skip
    """The same with the `scales` of the fix's latitude, for who has them already."""
    to_north, to_east, slope = scale
    turn = 360.0 * np.rint((longitude - ring_lon[0]) / 360.0)
    for i in range(len(ring_lat)):
        up = ring_lat[i] - latitude
        north[i] = up * to_north
        east[i] = (ring_lon[i] + turn - longitude) * (to_east + slope * up / 2.0)


@njit(cache=True)
def to_outline(east: F64, north: F64, starts: I64) -> tuple[float, bool]:
    """Metres from the fix, at the origin, to the nearest edge, and whether it lies inside."""
    best, within = np.inf, False
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        x0, y0 = east[high - 1], north[high - 1]
        for i in range(low, high):
            x1, y1 = east[i], north[i]
            dx, dy = x1 - x0, y1 - y0
            square = dx * dx + dy * dy
            share = 0.0
            if square > 0.0:
                share = min(max(-(x0 * dx + y0 * dy) / square, 0.0), 1.0)
            x, y = x0 + share * dx, y0 + share * dy
            best = min(best, x * x + y * y)
            if (y0 > 0.0) != (y1 > 0.0) and (x0 - y0 * dx / dy) > 0.0:
                within = not within
            x0, y0 = x1, y1
    return sqrt(best), within


@njit(cache=True)
def survival(distance_m: float, row: ErrorRow) -> float:
    """P(|e| > distance) under the whole error of a fix."""
    nu, radius, gamma, tail, share, wide = row
    z = tail * (distance_m / radius) ** (2.0 * gamma)
    near: float = (1.0 + z) ** (-nu / (2.0 * gamma))
    gross: float = (1.0 + distance_m * distance_m / (nu * wide * wide)) ** (-nu / 2.0)
    return (1.0 - share) * near + share * gross


@njit(cache=True)
def inside(east: F64, north: F64, starts: I64, row: ErrorRow) -> float:
    """P(inside) under the whole error of a fix."""
    nu, radius, gamma, tail, share, wide = row
    n = int(nu / 2.0 + 0.5)
    if gamma == 1.0:
        near = t_inside(east, north, starts, radius * radius / tail, n)
    else:
        near = shaped_inside(east, north, starts, (tail, radius, gamma))
    return (1.0 - share) * near + share * t_inside(east, north, starts, nu * wide * wide, n)


@njit(cache=True)
def doubt(row: ErrorRow) -> float:
    """How little a fix may be believed at least: its class's share of gross errors."""
    return max(row[4], LEAST_DOUBT)


@njit(cache=True)
def log_odds_of(east: F64, north: F64, starts: I64, row: ErrorRow) -> tuple[float, float]:
    """What a fix says: its log-odds for inside, and P(inside), 0 or 1 where the edge is far."""
    least = doubt(row)
    away_m, within = to_outline(east, north, starts)
    reach = survival(away_m, row)
    if reach <= least:  # the edge is beyond the error: the utmost there is, whatever the shape
        return (logit(1.0 - least), 1.0) if within else (logit(least), 0.0)
    p = inside(east, north, starts, row)
    held = max(p, 0.5 if within else min(0.5, reach))
    return logit(min(max(held, least), 1.0 - least)), p


@njit(cache=True)
def weight(seconds: float, tau_s: float) -> float:
    """How much of its evidence a fix adds, `seconds` after the last independent one."""
    return 1.0 - exp(-max(seconds, 0.0) / tau_s)


@njit(cache=True)
def crosses(
    x: float, y: float, to_x: float, to_y: float, east: F64, north: F64, starts: I64
) -> bool:  # fmt: skip
    """Whether the line from (x, y) to (to_x, to_y) crosses an edge."""
    x, y = x - to_x, y - to_y
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        x0, y0 = east[high - 1] - to_x, north[high - 1] - to_y
        for i in range(low, high):
            x1, y1 = east[i] - to_x, north[i] - to_y
            one, other = x * y0 - y * x0, x * y1 - y * x1
            if (one > 0.0) != (other > 0.0):
                dx, dy = x1 - x0, y1 - y0
                here = dx * -y0 - dy * -x0
                there = dx * (y - y0) - dy * (x - x0)
                if (here > 0.0) != (there > 0.0):
                    return True
            x0, y0 = x1, y1
    return False


@njit(cache=True)
def passes(x: float, y: float, bow: float, east: F64, north: F64, starts: I64) -> bool:
    """Whether ways from (x, y) to the fix, at the origin, cross an edge: straight, and bent.

    Bent ones go by a point beside the middle, `bow` times the line's length off it to either side.
    """
    if not crosses(x, y, 0.0, 0.0, east, north, starts):
        return False
    if bow == 0.0:
        return True
    for side in (-bow, bow):
        by_x, by_y = 0.5 * x - side * y, 0.5 * y + side * x
        if not (
            crosses(x, y, by_x, by_y, east, north, starts)
            or crosses(by_x, by_y, 0.0, 0.0, east, north, starts)
        ):
            return False
    return True
