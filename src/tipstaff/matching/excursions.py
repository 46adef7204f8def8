"""How far wearers go between two places that they were seen at: E(Δ, D, s).

For two fixes a time Δ and a distance D apart, E bounds the probability that the wearer was in
between at some place x with |x−a| + |x−b| ≥ s. It is tabulated from stretches that were seen every
minute: of those as long and with ends as far apart, the share that went so far, as its one-sided
95% upper bound (Clopper–Pearson). Stretches of one length never overlap one another, so that an
outing is counted once for each length. What was never seen in n stretches is still about 3/n; a
cell never filled is 1. So a thin table excludes nobody.

Bounds are whole parts per billion, rounded up: sums are exact in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.geodesy import from_e7
from tipstaff.matching.binomial import upper_share
from tipstaff.matching.plane import offset_of
from tipstaff.matching.trails import F64, I64, Trails

#: The bound 1, in parts per billion.
ONE: Final = 1_000_000_000
LEVEL: Final = 0.95

#: Lengths of the stretches tabulated, in seconds.
LENGTHS_S: Final = tuple(
    60.0 * m for m in (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)
)
#: Least distance of the ends in each class, in metres. The first class is the very same coordinate,
#: which a receiver at rest repeats, and so does one that is stuck while its wearer moves on.
APART_M: Final = (
    0.0, 0.005, 40.0, 70.0, 100.0, 140.0, 200.0, 280.0, 400.0, 560.0, 800.0, 1130.0, 1600.0, 2260.0,
    3200.0, 4500.0, 6400.0, 9000.0, 12800.0, 25600.0,
)  # fmt: skip
#: Thresholds s, in metres: four to each doubling, from 100 m to the top speed times an hour.
PATHS_M: Final = tuple(float(round(100.0 * 2 ** (k / 4))) for k in range(43))
#: A gap is looked up as this much longer, since between minute fixes nothing was seen.
UNSEEN_S: Final = 30.0
#: Fixes of a stretch lie at most this far apart in time.
_STEP_S: Final = 90.0


@dataclass(frozen=True, slots=True)
class Excursions:
    """The table: `parts[length, apart, path]` per billion, never rising along `path`."""

    version: str
    parts: I64

    def __post_init__(self) -> None:
        if self.parts.shape != (len(LENGTHS_S), len(APART_M), len(PATHS_M)):
            raise ValueError(f"a table of another shape: {self.parts.shape}")


@njit(cache=True)
def look_up(
    parts: I64, lengths_s: F64, apart_m: F64, paths_m: F64, gap_s: float, apart: float, path: float
) -> int:
    """E in parts per billion of a gap, its ends' distance and the path by the scene."""
    if path < paths_m[0]:
        return ONE
    longer = np.searchsorted(lengths_s, gap_s + UNSEEN_S, side="left")
    length = min(int(longer), lengths_s.size - 1)
    ends = np.searchsorted(apart_m, apart, side="right") - 1
    return int(parts[length, ends, np.searchsorted(paths_m, path, side="right") - 1])


class Walk(NamedTuple):
    """One wearer's trusted fixes as columns, and where the wearer truly was at each of them."""

    t_us: I64
    latitude: F64
    longitude: F64
    true_latitude: F64
    true_longitude: F64


@njit(cache=True)
def _longest_path(walk: Walk, first: int, last: int) -> float:
    """The greatest |x−a| + |x−b| of the true places first … last, a and b the two ends."""
    a_lat, a_lon = walk.true_latitude[first], walk.true_longitude[first]
    b_east, b_north = offset_of(a_lat, a_lon, walk.true_latitude[last], walk.true_longitude[last])
    longest = hypot(b_east, b_north)
    for row in range(first + 1, last):
        east, north = offset_of(a_lat, a_lon, walk.true_latitude[row], walk.true_longitude[row])
        longest = max(longest, hypot(east, north) + hypot(east - b_east, north - b_north))
    return longest


@njit(cache=True)
def _stated_apart(walk: Walk, first: int, last: int) -> float:
    """The distance of the fixes at the two ends."""
    east, north = offset_of(
        walk.latitude[first], walk.longitude[first], walk.latitude[last], walk.longitude[last]
    )
    return hypot(east, north)


@njit(cache=True)
def _count_stretches(walk: Walk, length_s: float, apart_m: F64, paths_m: F64) -> I64:
    """How many stretches of one walk, of one length, by the ends' distance and thresholds met."""
    counts = np.zeros((apart_m.size, paths_m.size + 1), dtype=np.int64)
    t_us = walk.t_us
    first = 0
    while first < t_us.size:
        last = first
        whole = False
        while not whole and last + 1 < t_us.size:
            if t_us[last + 1] - t_us[last] > _STEP_S * 1e6:
                break
            last += 1
            whole = t_us[last] - t_us[first] >= (length_s - 30.0) * 1e6
        if not whole:
            first = last + 1
            continue
        if t_us[last] - t_us[first] <= (length_s + 30.0) * 1e6:
            ends = np.searchsorted(apart_m, _stated_apart(walk, first, last), side="right") - 1
            met = np.searchsorted(paths_m, _longest_path(walk, first, last), side="right")
            counts[ends, met] += 1
        first = last
    return counts


def count_excursions(
    trails: Trails,
    trusted: NDArray[np.bool_],
    true_latitude: F64 | None = None,
    true_longitude: F64 | None = None,
) -> I64:
    """Counts [length, apart, thresholds met] of the stretches in all trails; they add up.

    `trusted` says which fixes may be used (see `trust.judge_fixes`). The true places of the fixes,
    in degrees, where they are known: without them every jump of a receiver counts as a journey,
    and the table excludes hardly anybody. Leave out fixes of tags that were not worn.
    """
    counts = np.zeros((len(LENGTHS_S), len(APART_M), len(PATHS_M) + 1), dtype=np.int64)
    latitude, longitude = from_e7(trails.lat_e7), from_e7(trails.lon_e7)
    true_lat = latitude if true_latitude is None else true_latitude
    true_lon = longitude if true_longitude is None else true_longitude
    for wearer in range(len(trails.wearers)):
        rows = np.arange(trails.offsets[wearer], trails.offsets[wearer + 1])
        rows = rows[trusted[rows]]
        walk = Walk(
            trails.t_us[rows], latitude[rows], longitude[rows], true_lat[rows], true_lon[rows]
        )
        for at, length in enumerate(LENGTHS_S):
            counts[at] += _count_stretches(walk, length, np.array(APART_M), np.array(PATHS_M))
    return counts


def from_counts(counts: I64, version: str) -> Excursions:
    """The table of upper bounds, from counts."""
    met = counts[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]  # at least so many thresholds met
    parts = np.full((len(LENGTHS_S), len(APART_M), len(PATHS_M)), ONE, dtype=np.int64)
    for length, ends, path in np.ndindex(parts.shape):
        tries, seen = int(met[length, ends, 0]), int(met[length, ends, path + 1])
        bound = np.ceil(upper_share(seen, tries, LEVEL) * ONE)
        parts[length, ends, path] = max(1, min(ONE, int(bound)))
    return Excursions(version, np.minimum.accumulate(parts, axis=2))


def to_text(table: Excursions) -> str:
    """The table as lines "length apart: parts …" by class, the last number standing for the rest.

    Classes that know nothing are left out.
    """
    lines = []
    for length, ends in np.ndindex(table.parts.shape[:2]):
        parts = table.parts[length, ends]
        known = int(np.argmax(parts == parts[-1])) + 1
        if parts[0] != parts[-1] or parts[0] < ONE:
            lines.append(f"{length} {ends}: " + " ".join(str(p) for p in parts[:known]))
    return "\n".join(lines)


def from_text(text: str, version: str) -> Excursions:
    """Read what `to_text` wrote."""
    parts = np.full((len(LENGTHS_S), len(APART_M), len(PATHS_M)), ONE, dtype=np.int64)
    for line in text.split("\n"):
        if not line:
            continue
        place, numbers = line.split(":")
        length, ends = (int(number) for number in place.split())
        values = [int(number) for number in numbers.split()]
        parts[length, ends, :] = values[-1]
        parts[length, ends, : len(values)] = values
    return Excursions(version, parts)


def to_module(table: Excursions, made_from: str) -> str:
    """The source of a module that holds the table; `made_from` says of what it was made."""
    return f'''# ruff: noqa: E501 - a row of the table is a line
"""The excursion table {table.version}. Written by `tipstaff calibrate excursions`; do not edit.

Made from {made_from}.
A line holds the classes of length and of the ends' distance, then E in parts per billion for each
path; the last number stands for all longer ones (see `excursions`).
"""

from __future__ import annotations

from typing import Final

from tipstaff.matching.excursions import Excursions, from_text

EXCURSIONS_V1: Final[Excursions] = from_text(
    """\\
{to_text(table)}
""",
    "{table.version}",
)
'''
