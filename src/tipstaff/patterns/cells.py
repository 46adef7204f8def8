"""Cells: a pyramid of square map cells, about 46·2^k metres wide at level k in Britain.

Level 0 cuts the Mercator world into 2^19 columns, so that longitude wraps by a mask and a cell's
parents come by shifting. A key packs column and row of one level into one integer.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

COLUMN_BITS: Final = 19
WORLD_M: Final = 2 * math.pi * 6_378_137.0
UNIT_M: Final = WORLD_M / (1 << COLUMN_BITS)
HALF: Final = 1 << (COLUMN_BITS - 1)
MASK: Final = (1 << COLUMN_BITS) - 1
ROW_BITS: Final = 20
TOP_LEVEL: Final = 8
#: Earth's radius of the Mercator sphere, for the local scale.
RADIUS_M: Final = 6_378_137.0


def columns_rows(x: F64, y: F64) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Level-0 column (wrapped) and row of Mercator places."""
    column = (np.floor(x / UNIT_M).astype(np.int64) + HALF) & MASK
    row = np.clip(np.floor(y / UNIT_M).astype(np.int64) + HALF, 0, MASK)
    return column.astype(np.int32), row.astype(np.int32)


@njit(cache=True)
def pack(column: int, row: int) -> int:
    """The key of a cell from its column and row, both of the same level."""
    return (column << ROW_BITS) | row


@njit(cache=True)
def ground_scale(y: float) -> float:
    """Ground metres to a Mercator metre at Mercator northing `y`."""
    return 1.0 / math.cosh(y / RADIUS_M)


@njit(cache=True)
def wrapped(dx: float) -> float:
    """A difference of Mercator eastings the short way round the world."""
    return dx - WORLD_M * math.floor(dx / WORLD_M + 0.5)


@njit(cache=True)
def level_for(variance_m2: float, scale: float) -> int:
    """The level whose cells are at least 2√(V + 20²) ground metres wide, 1 to `TOP_LEVEL`."""
    wanted = 2.0 * math.sqrt(variance_m2 + 400.0)
    level = 1
    while level < TOP_LEVEL and UNIT_M * scale * (1 << level) < wanted:
        level += 1
    return level


@njit(cache=True)
def corners(x: float, y: float, level: int, keys: I64, weights: F64) -> None:
    """The four cells round (x, y) and their bilinear weights, into `keys` and `weights` (4,)."""
    size = UNIT_M * (1 << level)
    u = x / size - 0.5
    v = y / size - 0.5
    iu, iv = math.floor(u), math.floor(v)
    fu, fv = u - iu, v - iv
    half = HALF >> level
    mask = MASK >> level
    for j in range(4):
        dx, dy = j & 1, j >> 1
        column = (int(iu) + dx + half) & mask
        row = min(max(int(iv) + dy + half, 0), mask)
        keys[j] = pack(column, row)
        weights[j] = (fu if dx else 1.0 - fu) * (fv if dy else 1.0 - fv)


@njit(cache=True)
def parent(key: int, level: int, top: int) -> int:
    """The key, at level `top`, of the cell that holds the cell `key` of `level`."""
    up = top - level
    column, row = key >> ROW_BITS, key & ((1 << ROW_BITS) - 1)
    return pack(column >> up, row >> up)


@njit(cache=True)
def find(sorted_keys: I64, key: int) -> int:
    """The place of `key` among `sorted_keys`, or −1."""
    low, high = 0, len(sorted_keys)
    while low < high:
        middle = (low + high) >> 1
        if sorted_keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    if low < len(sorted_keys) and sorted_keys[low] == key:
        return low
    return -1
