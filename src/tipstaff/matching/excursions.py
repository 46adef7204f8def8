"""How far wearers go between two places that they were seen at: E(Δ, D, s).

For two fixes a time Δ and a distance D apart, E bounds the probability that the wearer was in
between at some place x with |x−a| + |x−b| ≥ s. It is tabulated from stretches that were seen every
minute: of those as long, with ends as far apart and as many of them in a stay (`stays`: 0 to 2),
the share that went so far, as its one-sided 95% upper bound (Clopper–Pearson). Stretches of one
length share no fix but their ends, so that an outing is counted once for each length. What was
never seen in n stretches is still about 3/n; a cell never filled is 1: thin tables exclude nobody.

The wearer is taken to have been in the regions of the fixes at the two ends. A fix beyond its
region is the business of the removals (see `removals`).

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
from tipstaff.matching.trust import Judged

#: The bound 1, in parts per billion.
ONE: Final = 1_000_000_000
LEVEL: Final = 0.95

#: How many of the two ends belong to a stay: the one before seen before, the one after seen after.
STAYS: Final = 3
#: Lengths of the stretches tabulated, in seconds.
LENGTHS_S: Final = tuple(
    60.0 * m for m in (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)
)
#: Least distance of the ends in each class, in metres. The first class is the very same coordinate,
#: which a receiver at rest repeats, and so does one that is stuck while its wearer moves on.
APART_M: Final = (
    0.0, 0.005, 70.0, 140.0, 280.0, 420.0, 560.0, 800.0, 1130.0, 1600.0, 2260.0, 3200.0, 4500.0,
    6400.0, 9000.0, 18000.0,
)  # fmt: skip
#: Shorter stretches than this are not told apart by stays: nobody gets far in them, and the more of
#: them in one class, the more "never seen" says.
STAYS_FROM_S: Final = 360.0
#: Thresholds s, in metres: four to each doubling, from 100 m to the top speed times an hour.
PATHS_M: Final = tuple(float(round(100.0 * 2 ** (k / 4))) for k in range(43))
#: A gap is looked up as this much longer, since between minute fixes nothing was seen.
UNSEEN_S: Final = 30.0
#: Fixes of a stretch lie at most this far apart in time.
_STEP_S: Final = 90.0


SHAPE: Final = (STAYS, len(LENGTHS_S), len(APART_M), len(PATHS_M))


@dataclass(frozen=True, slots=True)
class Excursions:
    """The table: `parts[stays, length, apart, path]` per billion, never rising along `path`."""

    version: str
    parts: I64

    def __post_init__(self) -> None:
        if self.parts.shape != SHAPE:
            raise ValueError(f"a table of another shape: {self.parts.shape}")


class Table(NamedTuple):
    """An `Excursions` as kernels take it."""

    parts: I64
    lengths_s: F64
    apart_m: F64
    paths_m: F64


def as_table(excursions: Excursions) -> Table:
    """The table with the edges of its classes."""
    return Table(excursions.parts, np.array(LENGTHS_S), np.array(APART_M), np.array(PATHS_M))


@njit(cache=True, inline="always")
def _edges_up_to(edges: F64, value: float) -> int:
    """How many of the rising edges are at most `value`; numpy's search, without its overhead."""
    low, high = 0, edges.size
    while low < high:
        middle = (low + high) >> 1
        if edges[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, inline="always")
def look_up(table: Table, stays: int, gap_s: float, apart: float, path: float) -> int:
    """E in parts per billion of a gap, its ends in a stay, their distance and the path."""
    if path < table.paths_m[0]:
        return ONE
    length, last = 0, table.lengths_s.size - 1
    while length < last and table.lengths_s[length] < gap_s + UNSEEN_S:
        length += 1
    ends = _edges_up_to(table.apart_m, apart) - 1
    reached = _edges_up_to(table.paths_m, path) - 1
    return int(table.parts[stays, length, ends, reached])


class Walk(NamedTuple):
    """One wearer's trusted fixes as columns, and where the wearer truly was at each of them."""

    t_us: I64
    latitude: F64
    longitude: F64
    true_latitude: F64
    true_longitude: F64
    stay_before: NDArray[np.bool_]
    stay_after: NDArray[np.bool_]


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
    """How many stretches of one walk and length, by stays, ends' distance and thresholds met."""
    counts = np.zeros((STAYS, apart_m.size, paths_m.size + 1), dtype=np.int64)
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
            stays = int(walk.stay_before[first]) + int(walk.stay_after[last])
            counts[stays, ends, met] += 1
        first = max(first + 1, last - 1)
    return counts


def count_excursions(
    trails: Trails,
    judged: Judged,
    used: NDArray[np.bool_],
    true_latitude: F64 | None = None,
    true_longitude: F64 | None = None,
) -> I64:
    """Counts [stays, length, apart, thresholds met] of the stretches in all trails; they add up.

    `used` says which of the trusted fixes to use: leave out those of tags that were not worn, and
    those known to lie beyond their own region. The true places of the fixes, in
    degrees, where they are known: without them every jump of a receiver counts as a journey, and
    the table excludes hardly anybody.
    """
    counts = np.zeros((*SHAPE[:3], len(PATHS_M) + 1), dtype=np.int64)
    latitude, longitude = from_e7(trails.lat_e7), from_e7(trails.lon_e7)
    true_lat = latitude if true_latitude is None else true_latitude
    true_lon = longitude if true_longitude is None else true_longitude
    for wearer in range(len(trails.wearers)):
        rows = np.arange(trails.offsets[wearer], trails.offsets[wearer + 1])
        rows = rows[judged.trusted[rows] & used[rows]]
        walk = Walk(
            trails.t_us[rows],
            latitude[rows],
            longitude[rows],
            true_lat[rows],
            true_lon[rows],
            judged.stay_before[rows],
            judged.stay_after[rows],
        )
        for at, length in enumerate(LENGTHS_S):
            counts[:, at] += _count_stretches(walk, length, np.array(APART_M), np.array(PATHS_M))
    return counts


def _rounded_up(parts: int) -> int:
    """At least `parts`, in two digits and zeros: short to write, and never less."""
    step = int(10 ** max(0, len(str(parts)) - 2))
    return min(ONE, -(-parts // step) * step)


def _bounds(counts: I64) -> I64:
    """Upper bounds [length, apart, path] in parts per billion, from counts [.., thresholds met]."""
    met = counts[..., ::-1].cumsum(axis=-1)[..., ::-1]  # at least so many thresholds met
    parts = np.full(SHAPE[1:], ONE, dtype=np.int64)
    for length, apart, path in np.ndindex(SHAPE[1:]):
        tries, seen = int(met[length, apart, 0]), int(met[length, apart, path + 1])
        parts[length, apart, path] = _rounded_up(
            max(1, int(np.ceil(upper_share(seen, tries, LEVEL) * ONE)))
        )
    return np.minimum.accumulate(parts, axis=-1)


def from_counts(counts: I64, version: str) -> Excursions:
    """The table of upper bounds, from counts.

    Short stretches are pooled over stays. In longer ones, ends in a stay may also take the bound of
    a pool with those less in a stay, who roam more: where they are few, that pool says more.
    """
    short = (np.array(LENGTHS_S) < STAYS_FROM_S)[:, np.newaxis, np.newaxis]
    everyone = _bounds(counts.sum(axis=0))
    parts = np.empty(SHAPE, dtype=np.int64)
    for stays in range(STAYS):
        pools = [_bounds(counts[least : stays + 1].sum(axis=0)) for least in range(stays + 1)]
        parts[stays] = np.where(short, everyone, np.minimum.reduce(pools))
    return Excursions(version, parts)


def _short(parts: int) -> str:
    """A number as few characters: 51000 is "51e3"."""
    digits = str(parts).rstrip("0")
    zeros = len(str(parts)) - len(digits)
    return f"{digits}e{zeros}" if zeros > 2 else str(parts)


def _long(text: str) -> int:
    digits, _e, zeros = text.partition("e")
    return int(digits + "0" * int(zeros or 0))


def to_text(table: Excursions) -> str:
    """The table as text: a line "stays length: " for each length, in it "apart=part part …;".

    The last number of a class stands for all longer paths; a class that knows nothing is left out.
    """
    lines = []
    for stays, length in np.ndindex(SHAPE[:2]):
        classes = []
        for apart, parts in enumerate(table.parts[stays, length]):
            known = int(np.argmax(parts == parts[-1])) + 1
            if parts[-1] < ONE:
                classes.append(f"{apart}=" + " ".join(_short(int(p)) for p in parts[:known]))
        lines.append(f"{stays} {length}: " + ";".join(classes))
    return "\n".join(lines)


def from_text(text: str, version: str) -> Excursions:
    """Read what `to_text` wrote."""
    parts = np.full(SHAPE, ONE, dtype=np.int64)
    for line in text.splitlines():
        head, _colon, classes = line.partition(": ")
        stays, length = (int(number) for number in head.split())
        for each in filter(None, classes.split(";")):
            apart, _equals, numbers = each.partition("=")
            values = [_long(number) for number in numbers.split()]
            row = parts[stays, length, int(apart)]
            row[:] = values[-1]
            row[: len(values)] = values
    return Excursions(version, parts)


def to_module(table: Excursions, made_from: str) -> str:
    """The source of a module that holds the table; `made_from` says of what it was made."""
    return f'''# ruff: noqa: E501 - a row of the table is a line
"""The excursion table {table.version}. Written by `tipstaff calibrate excursions`; do not edit.

Made from {made_from}.
How to read it: `excursions.to_text`.
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
