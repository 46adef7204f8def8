"""Which fixes are trusted to clear a person, and how far each may be off.

Trusted are satellite fixes without doubt bits, with a radius (the class's stand-in where none is
stated) up to a limit, that are not of a frozen receiver. A frozen receiver repeats one coordinate
while its wearer moves on; a receiver at rest does the same honestly. They are told apart by what
else is known: the run is suspect when an untrusted fix taken during it lies beyond both errors, or
when the step into or out of it needs a speed no road allows. Undetected, a run is still one
witness, without which an exclusion must hold (see `removals`).

A fix's region holds 99.9% of the core of its error, the Student t. The gross component is left
out: 300 m of scale at one fix in a hundred would make every region half a kilometre wide, and a
gross error is one fix or one burst, which the removals take out one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel, fix_classes, sigmas_m, t_quantile
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import from_e7, offset_m
from tipstaff.matching.plane import coordinate_codes, offset_of
from tipstaff.matching.stays import find_stays
from tipstaff.matching.trails import F64, I8, I32, I64, Trails

_GPS = int(Mechanism.GPS)


@dataclass(frozen=True, slots=True)
class TrustParameters:
    """Limits of trust.

    `unnamed_is_satellite`: whether a fix whose mechanism the supplier does not name may clear
    anybody (a network fix in disguise would be a wrong place entirely, so not by default).
    """

    level: float = 0.999
    radius_limit_m: float = 60.0
    unnamed_is_satellite: bool = False
    frozen_s: float = 600.0
    frozen_step_mps: float = 25.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Per fix: whether it is trusted, and the radius in metres of its 99.9% core region.

    `place` numbers its coordinate; `stay_before`, `stay_after` say whether other trusted fixes
    witness a stay there (see `stays`).
    """

    trusted: NDArray[np.bool_]
    region_m: F64
    place: I64
    stay_before: NDArray[np.bool_]
    stay_after: NDArray[np.bool_]


@njit(cache=True)
def _apart(lat_e7: I32, lon_e7: I32, i: int, j: int) -> float:
    east, north = offset_of(lat_e7[i] / 1e7, lon_e7[i] / 1e7, lat_e7[j] / 1e7, lon_e7[j] / 1e7)
    return hypot(east, north)


@njit(cache=True)
def _steps_out(
    t_us: I64, lat_e7: I32, lon_e7: I32, region_m: F64, i: int, j: int, limit_mps: float
) -> bool:
    """Whether going from i to j, its neighbour within five minutes, needs more than the limit."""
    seconds = abs(t_us[j] - t_us[i]) / 1e6
    least = _apart(lat_e7, lon_e7, i, j) - region_m[i] - region_m[j]
    return bool(seconds <= 300.0 and least > limit_mps * seconds)


@njit(cache=True)
def _mark_frozen(
    t_us: I64,
    lat_e7: I32,
    lon_e7: I32,
    region_m: F64,
    sound: NDArray[np.bool_],
    frozen: NDArray[np.bool_],
    least_s: float,
    limit_mps: float,
) -> None:
    """Mark the frozen runs of one wearer's fixes (all columns are that wearer's) in `frozen`."""
    own = np.flatnonzero(sound)
    first = 0
    while first < own.size:
        last = first
        here = own[first]
        while last + 1 < own.size and (
            lat_e7[own[last + 1]] == lat_e7[here] and lon_e7[own[last + 1]] == lon_e7[here]
        ):
            last += 1
        if t_us[own[last]] - t_us[here] >= least_s * 1e6:
            suspect = first > 0 and _steps_out(
                t_us, lat_e7, lon_e7, region_m, own[first - 1], here, limit_mps
            )
            suspect |= last + 1 < own.size and _steps_out(
                t_us, lat_e7, lon_e7, region_m, own[last], own[last + 1], limit_mps
            )
            for row in range(here, own[last]):
                if not sound[row]:
                    far = region_m[row] + region_m[here]
                    suspect |= _apart(lat_e7, lon_e7, here, row) > far
            frozen[own[first : last + 1]] = suspect
        first = last + 1


def frozen_fixes(
    trails: Trails, sound: NDArray[np.bool_], region_m: F64, parameters: TrustParameters
) -> NDArray[np.bool_]:
    """Per fix, whether it belongs to a run of `sound` ones that a frozen receiver would leave.

    Fixes not sound can make a run suspect, never break it: they must not clear anybody.
    """
    frozen = np.zeros(trails.t_us.size, dtype=np.bool_)
    for wearer in range(len(trails.wearers)):
        own = slice(int(trails.offsets[wearer]), int(trails.offsets[wearer + 1]))
        _mark_frozen(
            trails.t_us[own],
            trails.lat_e7[own],
            trails.lon_e7[own],
            region_m[own],
            sound[own],
            frozen[own],
            parameters.frozen_s,
            parameters.frozen_step_mps,
        )
    return frozen


def is_satellite(mechanism: I8, parameters: TrustParameters) -> NDArray[np.bool_]:
    """Per fix, whether a satellite receiver found it."""
    satellite = mechanism == _GPS
    if parameters.unnamed_is_satellite:
        satellite = satellite | (mechanism == int(Mechanism.UNKNOWN))
    return np.asarray(satellite)


def stays_of(
    trails: Trails, trusted: NDArray[np.bool_], place: I64
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per fix, whether trusted ones witness a stay before and after; False where not trusted."""
    before = np.zeros(trails.t_us.size, dtype=np.bool_)
    after = np.zeros(trails.t_us.size, dtype=np.bool_)
    for wearer in range(len(trails.wearers)):
        low, high = int(trails.offsets[wearer]), int(trails.offsets[wearer + 1])
        rows = low + np.flatnonzero(trusted[low:high])
        lat, lon = from_e7(trails.lat_e7[rows]), from_e7(trails.lon_e7[rows])
        east, north = offset_m(lat[:1], lon[:1], lat, lon)
        before[rows], after[rows] = find_stays(trails.t_us[rows], east, north, place[rows])
    return before, after


def sound_fixes(
    trails: Trails, model: ErrorModel, parameters: TrustParameters
) -> NDArray[np.bool_]:
    """Per fix, whether it may be trusted as far as it can be judged by itself."""
    classes = fix_classes(trails.mechanism, trails.radius_m)
    stand_in = np.array([each.stated_none_m for each in model.classes])[classes]
    radius = np.where(np.isnan(trails.radius_m), stand_in, trails.radius_m)
    satellite = is_satellite(trails.mechanism, parameters)
    return np.asarray(satellite & (trails.doubt == 0) & (radius <= parameters.radius_limit_m))


def judge_fixes(trails: Trails, model: ErrorModel, parameters: TrustParameters) -> Judged:
    """Trust and region of every fix in the trails."""
    classes = fix_classes(trails.mechanism, trails.radius_m)
    sigma = sigmas_m(model, classes, trails.radius_m)
    region = np.asarray(sigma * t_quantile(parameters.level, model.nu))
    sound = sound_fixes(trails, model, parameters)
    frozen = frozen_fixes(trails, sound, region, parameters)
    trusted = sound & ~frozen
    place = coordinate_codes(trails.lat_e7, trails.lon_e7)
    return Judged(trusted, region, place, *stays_of(trails, trusted, place))
