"""A circle on the ground as bounds of latitude and longitude, for pruning; and exact distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tipstaff.domain.geodesy import ECCENTRICITY2, SEMI_MAJOR_M, distance_m

#: Distances are good to 0.001% up to here, so no wider circle is asked for.
MAX_RADIUS_M: Final = 50_000.0
_E7: Final = 10_000_000
#: The least radius of curvature of the ellipsoid; degrees come out a little too many.
_LEAST_RADIUS_M: Final = 6_335_000.0
#: Mid-latitude radii fail where meridians meet; from here on the chord is used.
_HIGH_LATITUDE: Final = 70.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whole 1e-7 degrees, ends included; two ranges of longitude where ±180° lies between."""

    south_e7: int
    north_e7: int
    longitudes_e7: tuple[tuple[int, int], ...]

    def sql(self) -> str:
        """As an SQL condition on `lat_e7` and `lon_e7`."""
        ranges = " OR ".join(f"lon_e7 BETWEEN {a} AND {b}" for a, b in self.longitudes_e7)
        return f"(lat_e7 BETWEEN {self.south_e7} AND {self.north_e7} AND ({ranges}))"


def bounds_round(latitude: float, longitude: float, radius_m: float) -> Bounds:
    """Bounds that hold every place within `radius_m` of one, and little more."""
    reach = radius_m / _LEAST_RADIUS_M * 1.001 + 1e-8
    south, north = latitude - math.degrees(reach), latitude + math.degrees(reach)
    edge = math.radians(min(max(abs(south), abs(north)), 90.0))
    sine = math.sin(reach) / max(math.cos(edge), 1e-12)
    if sine >= 0.9:  # a pole is in the circle or beside it: every meridian may be
        ranges: tuple[tuple[float, float], ...] = ((-180.0, 180.0),)
    else:
        ranges = _ranges(longitude, math.degrees(math.asin(sine)) * 1.02)
    return Bounds(
        math.floor(max(south, -90.0) * _E7),
        math.ceil(min(north, 90.0) * _E7),
        tuple((math.floor(a * _E7), math.ceil(b * _E7)) for a, b in ranges),
    )


def _ranges(longitude: float, half: float) -> tuple[tuple[float, float], ...]:
    west, east = longitude - half, longitude + half
    if west <= -180.0:  # "at": the meridian itself has two names
        return ((-180.0, east), (west + 360.0, 180.0))
    if east >= 180.0:
        return ((-180.0, east - 360.0), (west, 180.0))
    return ((west, east),)


def ground_distance_m(
    latitude: float, longitude: float, latitudes: ArrayLike, longitudes: ArrayLike
) -> NDArray[np.float64]:
    """Metres from one place to others, good to 0.001% up to 50 km anywhere, poles included."""
    if abs(latitude) < _HIGH_LATITUDE:
        return np.asarray(distance_m(latitude, longitude, latitudes, longitudes))
    chord = np.linalg.norm(
        _cartesian(latitudes, longitudes) - _cartesian(latitude, longitude), axis=-1
    )
    return np.asarray(chord * (1.0 + (chord / SEMI_MAJOR_M) ** 2 / 24.0))


def _cartesian(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """Earth-centred metres of places on the ellipsoid, in a last axis of three."""
    phi = np.radians(np.asarray(latitude, dtype=np.float64))
    lam = np.radians(np.asarray(longitude, dtype=np.float64))
    across = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * np.sin(phi) ** 2)
    x, y = across * np.cos(phi) * np.cos(lam), across * np.cos(phi) * np.sin(lam)
    z = across * (1.0 - ECCENTRICITY2) * np.sin(phi)
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1)
