"""The legacy rule: a circle round the crime, a circle round the fix, no strength.

Reconstructed from public material, for comparison with the national service (EVIDENCE, "The legacy
rule"). A fix matches when it lies in the window padded by 10 minutes at each end (both ends
included) and at least half of its confidence circle's area lies inside the 100 m circle round the
crime. A radius of 0, or none stated, makes the circle a point, which matches when it is inside.
Doubtful fixes match like any other: the rule knows nothing of doubt.

Matching fixes are labelled A1, A2, …; a fix in the padded window that does not match, between two
that do, is an exit, and the letter advances at the re-entry (after Z: AA, AB, …).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, hypot, pi, sqrt
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.plane import offset_of
from tipstaff.matching.shares import Runner, pair_runs
from tipstaff.matching.trails import F64, I64, Scenes, Trails

CIRCLE_M: Final = 100.0
SHARE: Final = 0.5
PAD_US: Final = 10 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class LegacyAnswers:
    """The rule's answer for each pair.

    `nearest_m` is the distance of the nearest fix in the padded window (NaN: no fix), `labels`
    the matching fixes' labels in time order joined by ";", `fixes` how many match.
    """

    matched: NDArray[np.bool_]
    nearest_m: F64
    labels: tuple[str, ...]
    fixes: I64


def letters(visit: int) -> str:
    """The letters of the visit numbered from 0: A to Z, AA, AB, and on."""
    text = ""
    number = visit + 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


@njit(cache=True)
def lens_area_m2(distance_m: float, radius_m: float, circle_m: float) -> float:
    """The area that two circles share, their centres `distance_m` apart."""
    if distance_m >= radius_m + circle_m:
        return 0.0
    if distance_m <= abs(circle_m - radius_m):
        return pi * min(radius_m, circle_m) ** 2
    d2, r2, c2 = distance_m**2, radius_m**2, circle_m**2
    at_fix = acos(min(1.0, max(-1.0, (d2 + r2 - c2) / (2.0 * distance_m * radius_m))))
    at_crime = acos(min(1.0, max(-1.0, (d2 + c2 - r2) / (2.0 * distance_m * circle_m))))
    sides = (radius_m + circle_m) ** 2 - d2, d2 - (radius_m - circle_m) ** 2
    return r2 * at_fix + c2 * at_crime - 0.5 * sqrt(max(0.0, sides[0] * sides[1]))


@njit(cache=True)
def fix_matches(distance_m: float, radius_m: float) -> bool:
    """Whether a fix so far from the crime, with this radius (NaN: not stated), matches."""
    if not radius_m > 0.0:
        return distance_m <= CIRCLE_M
    if distance_m > CIRCLE_M + radius_m:
        return False
    area = lens_area_m2(distance_m, radius_m, CIRCLE_M)
    return bool(area >= SHARE * pi * radius_m * radius_m)


@njit(cache=True, nogil=True)
def _match_kernel(
    offsets: I64,
    t_us: I64,
    lat_e7: NDArray[np.int32],
    lon_e7: NDArray[np.int32],
    radius_m: F64,
    latitude: F64,
    longitude: F64,
    start_us: I64,
    end_us: I64,
    pair_scene: I64,
    pair_wearer: I64,
) -> tuple[F64, I64, list[tuple[int, int, int]]]:
    """Nearest distance and count for each pair; (pair, visit, number in it) for each match."""
    pairs = pair_scene.size
    nearest = np.full(pairs, np.nan)
    fixes = np.zeros(pairs, dtype=np.int64)
    matches = [(0, 0, 0) for _ in range(0)]
    for pair in range(pairs):
        scene, wearer = pair_scene[pair], pair_wearer[pair]
        rows = t_us[offsets[wearer] : offsets[wearer + 1]]
        first = offsets[wearer] + np.searchsorted(rows, start_us[scene] - PAD_US, side="left")
        last = offsets[wearer] + np.searchsorted(rows, end_us[scene] + PAD_US, side="right")
        visit, number = -1, 0
        inside = False
        for row in range(first, last):
            east, north = offset_of(
                latitude[scene], longitude[scene], lat_e7[row] / 1e7, lon_e7[row] / 1e7
            )
            distance = hypot(east, north)
            if not distance >= nearest[pair]:
                nearest[pair] = distance
            if not fix_matches(distance, radius_m[row]):
                inside = False
                continue
            visit, number = (visit, number + 1) if inside else (visit + 1, 1)
            inside = True
            fixes[pair] += 1
            matches.append((pair, visit, number))
    return nearest, fixes, matches


def match_pairs(
    trails: Trails, scenes: Scenes, pair_scene: I64, pair_wearer: I64, run: Runner = map
) -> LegacyAnswers:
    """The legacy rule's answer for each (scene, wearer) pair, given as indexes."""
    scene = np.asarray(pair_scene, dtype=np.int64)
    wearer = np.asarray(pair_wearer, dtype=np.int64)
    nearest, fixes = np.full(len(scene), np.nan), np.zeros(len(scene), np.int64)

    def one(own: slice) -> dict[int, list[str]]:
        nearest[own], fixes[own], matches = _match_kernel(
            trails.offsets,
            trails.t_us,
            trails.lat_e7,
            trails.lon_e7,
            trails.radius_m,
            scenes.latitude,
            scenes.longitude,
            scenes.start_us,
            scenes.end_us,
            scene[own],
            wearer[own],
        )
        labels: dict[int, list[str]] = {}
        for pair, visit, number in matches:
            labels.setdefault(own.start + pair, []).append(f"{letters(visit)}{number}")
        return labels

    labels = [""] * len(scene)
    for found in run(one, pair_runs(len(scene))):
        for pair, names in found.items():
            labels[pair] = ";".join(names)
    return LegacyAnswers(matched=fixes > 0, nearest_m=nearest, labels=tuple(labels), fixes=fixes)
