"""Where wearers of an area are in general: every wearer's map, capped, in one pyramid.

Each wearer counts a cell by the square root of the minutes spent there, so that one person's home
does not outweigh a street that fifty walk. Sums are of integers, hence the same in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipstaff.patterns.cells import TOP_LEVEL
from tipstaff.patterns.routine import Routine

I64 = NDArray[np.int64]


class AreaMap(NamedTuple):
    """Capped mass of all wearers; cells of level k are `keys[level_from[k]:level_from[k + 1]]`."""

    level_from: I64
    keys: I64
    mass: I64


def area_of(routines: Iterable[Routine]) -> AreaMap:
    """The area map of all `routines`."""
    return area_of_cells((r.keys[: r.level_from[1]], r.cap[: r.level_from[1]]) for r in routines)


def area_of_cells(wearers: Iterable[tuple[I64, I64]]) -> AreaMap:
    """The area map of wearers given by their level-0 cells and the capped mass of each."""
    gathered = list(wearers)
    empty = np.zeros(0, np.int64)
    key = np.concatenate([empty, *(k for k, _ in gathered)])
    mass = np.concatenate([empty, *(m for _, m in gathered)])
    keys: list[I64] = []
    masses: list[I64] = []
    for level in range(TOP_LEVEL + 1):
        column, row = (key >> 20) >> level, (key & ((1 << 20) - 1)) >> level
        cells, at = np.unique((column << 20) | row, return_inverse=True)
        total = np.zeros(len(cells), np.int64)
        np.add.at(total, at, mass)
        keys.append(cells)
        masses.append(total)
    level_from = np.cumsum([0, *(len(k) for k in keys)], dtype=np.int64)
    return AreaMap(level_from, np.concatenate(keys), np.concatenate(masses))
