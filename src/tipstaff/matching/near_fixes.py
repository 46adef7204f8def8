"""How many independent fixes of a window could have come from the scene."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.accuracy import fix_classes, region_radii_m, sigmas_m
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.plane import offset_of
from tipstaff.matching.shares import Runner, of_block, pair_runs, rows_of, wearer_blocks
from tipstaff.matching.trails import Scenes, Trails

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@njit(cache=True, nogil=True)
def _near_counts(
    scenes: tuple[F64, F64, I64, I64],
    pairs: tuple[I64, I64],
    offsets: I64,
    t_us: I64,
    lat: NDArray[np.int32],
    lon: NDArray[np.int32],
    radius: F64,
    out: I64,
) -> None:
    latitude, longitude, start, end = scenes
    for i in range(len(out)):
        c, w = pairs[0][i], pairs[1][i]
        k = offsets[w] + np.searchsorted(t_us[offsets[w] : offsets[w + 1]], start[c])
        while k < offsets[w + 1] and t_us[k] <= end[c]:
            # cheaply, before the trigonometry: further off to the north or south than its region
            if abs(lat[k] * 1e-7 - latitude[c]) * 110_000.0 > radius[k] + 100.0:
                k += 1
                continue
            again = k > offsets[w] and lat[k] == lat[k - 1] and lon[k] == lon[k - 1]
            if not again or t_us[k - 1] < start[c]:
                east, north = offset_of(latitude[c], longitude[c], lat[k] * 1e-7, lon[k] * 1e-7)
                out[i] += math.hypot(east, north) <= radius[k] + 100.0
            k += 1


def near_counts(
    trails: Trails,
    scenes: Scenes,
    scene: I64,
    wearer: I64,
    parameters: MatchParameters,
    run: Runner = map,
) -> I64:
    """Independent fixes of each pair's window whose 95% region meets the disc of 100 m."""
    out = np.zeros(len(scene), np.int64)
    radius = np.zeros(len(trails.t_us))

    def fill(block: tuple[int, int]) -> None:
        part = of_block(trails, block)
        classes = fix_classes(part.mechanism, part.radius_m)
        sigma = sigmas_m(parameters.error, classes, part.radius_m)
        radius[rows_of(trails, block)] = region_radii_m(parameters.error, classes, sigma, 0.95)

    def count(own: slice) -> None:
        _near_counts(
            (scenes.latitude, scenes.longitude, scenes.start_us, scenes.end_us),
            (scene[own], wearer[own]),
            trails.offsets,
            trails.t_us,
            trails.lat_e7,
            trails.lon_e7,
            radius,
            out[own],
        )

    for _done in run(fill, wearer_blocks(trails)):
        pass
    for _done in run(count, pair_runs(len(scene))):
        pass
    return out
