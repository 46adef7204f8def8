"""Fixes in columns, as the columnar engine takes them.

What a fix's mechanism and claimed radius mean is worked out once for each *claim*, that is for each
distinct pair of the two: fixes are many, claims few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.accuracy import FixClass
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import from_e7
from tipstaff.monitoring.errors_of_fixes import fix_errors
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.zone_evidence import doubt, logit, scales_of

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
#: Claimed radii up to this are looked up in a table; beyond it they are sorted.
_TABLE_CM: Final = 1 << 22


class FixColumns(NamedTuple):
    """Fixes sorted by wearer and time, one an instant; `claim` is each one's row of the claims.

    `to_north`, `to_east`, `slope` are `zone_evidence.scales` of each. Per claim: `errors` rows as
    `errors_of_fixes` has them, `tau_s`, `reach_m`, the utmost log-odds against (`against`), and
    whether a satellite, a network or a home unit's radio found it.
    """

    at_us: I64
    latitude: F64
    longitude: F64
    code: I64
    to_north: F64
    to_east: F64
    slope: F64
    claim: NDArray[np.int32]
    errors: F64
    tau_s: F64
    reach_m: F64
    against: F64
    satellite: NDArray[np.bool_]
    network: NDArray[np.bool_]
    radio: NDArray[np.bool_]


class FixAt(NamedTuple):
    """One fix of the columns, but for its error's row: kernels hand on numbers, never columns.

    Every column handed to a function costs its counting of references, which is what would be slow.
    """

    at_us: int
    latitude: float
    longitude: float
    code: int
    to_north: float
    to_east: float
    slope: float
    claim: int
    tau_s: float
    reach_m: float
    against: float
    satellite: bool
    network: bool
    radio: bool


@njit(inline="always")
def fix_at(i: int, fixes: FixColumns) -> FixAt:
    """Fix i."""
    claim = fixes.claim[i]
    return FixAt(
        fixes.at_us[i], fixes.latitude[i], fixes.longitude[i], fixes.code[i], fixes.to_north[i],
        fixes.to_east[i], fixes.slope[i], claim, fixes.tau_s[claim], fixes.reach_m[claim],
        fixes.against[claim], fixes.satellite[claim], fixes.network[claim], fixes.radio[claim],
    )  # fmt: skip


def columns_of(
    at_us: I64, lat_e7: I64, lon_e7: I64, mechanism: I64, radius_cm: I64,
    parameters: EngineParameters,
) -> FixColumns:  # fmt: skip
    """Columns as the archive has them, made ready; `radius_cm` is -1 where none is stated."""
    claim, codes, radii_cm = claims_of(mechanism, radius_cm)
    radius_m = np.where(radii_cm >= 0, radii_cm / 100.0, np.nan)
    errors = fix_errors(parameters.error, codes.astype(np.int8), radius_m)
    fine = errors.classes == FixClass.NETWORK_FINE
    latitude = from_e7(lat_e7)
    to_north, to_east, slope = scales_of(latitude)
    return FixColumns(
        at_us=np.ascontiguousarray(at_us, dtype=np.int64),
        latitude=latitude,
        longitude=from_e7(lon_e7),
        code=np.asarray(lat_e7, dtype=np.int64) * np.int64(1 << 32) + lon_e7,
        to_north=to_north,
        to_east=to_east,
        slope=slope,
        claim=claim,
        errors=errors.rows,
        tau_s=errors.tau_s,
        reach_m=errors.reach_m,
        against=_against(errors.rows),
        satellite=codes == int(Mechanism.GPS),
        network=fine | (errors.classes == FixClass.NETWORK_COARSE),
        radio=errors.classes == FixClass.RF,
    )


def fix_columns(fixes: Sequence[Fix], parameters: EngineParameters) -> FixColumns:
    """Columns of fixes that are in order already, one an instant for each wearer."""
    whole = np.array(
        [(f.at_us, f.lat_e7, f.lon_e7, f.mechanism, f.radius_cm) for f in fixes], dtype=np.int64
    ).reshape(-1, 5)
    return columns_of(whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3], whole[:, 4], parameters)


@njit(cache=True)
def _against(rows: F64) -> F64:
    """The log-odds against of errors that cannot reach."""
    out = np.empty(len(rows))
    for i in range(len(rows)):
        row = rows[i]
        out[i] = logit(doubt((row[0], row[1], row[2], row[3], row[4], row[5])))
    return out


def claims_of(mechanism: I64, radius_cm: I64) -> tuple[NDArray[np.int32], I64, I64]:
    """Each fix's claim, and the mechanism and radius (cm; -1: not stated) of every claim."""
    codes = np.asarray(mechanism, dtype=np.int64)
    radii = np.maximum(np.asarray(radius_cm, dtype=np.int64), -1)
    claim = np.zeros(len(codes), dtype=np.int32)
    of_code: list[I64] = []
    of_radius: list[I64] = []
    count = 0
    for code in np.flatnonzero(np.bincount(codes)):
        own = codes == code
        distinct, place = _distinct(radii[own])
        claim[own] = count + place
        of_code.append(np.full(len(distinct), code, dtype=np.int64))
        of_radius.append(distinct)
        count += len(distinct)
    none = [np.empty(0, dtype=np.int64)]
    return claim, np.concatenate(of_code or none), np.concatenate(of_radius or none)


def _distinct(radii_cm: I64) -> tuple[I64, NDArray[np.int32]]:
    """The distinct radii in order, and the place of each among them."""
    if radii_cm.max() > _TABLE_CM:
        distinct, place = np.unique(radii_cm, return_inverse=True)
        return distinct, place.astype(np.int32)
    seen = np.zeros(int(radii_cm.max()) + 2, dtype=np.bool_)
    seen[radii_cm + 1] = True
    places = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(seen).astype(np.int64) - 1, places[radii_cm + 1]
