"""Metres from a scene, one fix at a time, for kernels: the formulas of `domain.geodesy` for numba.

Tested against `domain.geodesy.offset_m`, which stays the one source of truth.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.geodesy import ECCENTRICITY2, SEMI_MAJOR_M

_RADIANS = pi / 180.0


@njit(cache=True)
def offset_of(lat0: float, lon0: float, lat1: float, lon1: float) -> tuple[float, float]:
    """Metres (east, north) from place 0 to place 1, in degrees, by mid-latitude radii."""
    phi = (lat0 + lat1) / 2.0 * _RADIANS
    sine = sin(phi)
    w2 = 1.0 - ECCENTRICITY2 * sine * sine
    w = sqrt(w2)
    north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / (w2 * w)
    east = SEMI_MAJOR_M / w * cos(phi)
    dlon = (lon1 - lon0 + 180.0) % 360.0 - 180.0
    return dlon * _RADIANS * east, (lat1 - lat0) * _RADIANS * north


def coordinate_codes(lat_e7: NDArray[np.int32], lon_e7: NDArray[np.int32]) -> NDArray[np.int64]:
    """A number for each coordinate: equal ones for equal coordinates alone."""
    return lat_e7.astype(np.int64) * np.int64(1 << 32) + lon_e7
