"""The national grid (OSGB36, EPSG:27700) by OSTN15, the Ordnance Survey's own transformation.

WGS84 is taken for ETRS89, as the Ordnance Survey advises for its transformation; they differ by
under a metre. NaN stands outside OSTN15's cover (the open sea, the Continent): unknown
is a value. Checked against the Ordnance Survey's 40 points to 1 cm, both ways.
"""

from __future__ import annotations

import numpy as np
from convertbng.cutil import convert_osgb36_to_ll, convert_to_osgb36
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def grid_to_degrees(easting: ArrayLike, northing: ArrayLike) -> tuple[Floats, Floats]:
    """Metres of the national grid to (latitude, longitude) degrees; NaN outside the cover."""
    east, north = _columns(easting, northing)
    longitude, latitude = convert_osgb36_to_ll(east, north)
    return _both_or_neither(latitude, longitude)


def degrees_to_grid(latitude: ArrayLike, longitude: ArrayLike) -> tuple[Floats, Floats]:
    """(latitude, longitude) degrees to (easting, northing) metres; NaN outside the cover."""
    lat, lon = _columns(latitude, longitude)
    easting, northing = convert_to_osgb36(lon, lat)
    return _both_or_neither(easting, northing)


def _columns(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    return (
        np.ascontiguousarray(np.atleast_1d(np.asarray(first, dtype=np.float64))),
        np.ascontiguousarray(np.atleast_1d(np.asarray(second, dtype=np.float64))),
    )


def _both_or_neither(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    outside = ~(np.isfinite(one) & np.isfinite(two))
    return np.where(outside, np.nan, one), np.where(outside, np.nan, two)
