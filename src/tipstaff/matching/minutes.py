"""One wearer's minutes, as the kernels of strength take them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.patterns.cells import ground_scale, wrapped

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]


class Minutes(NamedTuple):
    """One wearer's states over the marks `first`, `first` + 1, … (minutes since 1970), (K,).

    Mercator `x`, `y`; `variance` in ground m² on one axis; `near_min` minutes to the nearest fix;
    `local_minute` of the day by the wall clock.
    """

    first: int
    x: F64
    y: F64
    variance: F32
    near_min: F32
    local_minute: I64


@njit(cache=True)
def apart2(minutes: Minutes, k: int, x: float, y: float) -> float:
    """The squared ground distance of minute `k` from a place, the short way round the world."""
    scale = ground_scale(y)
    dx = wrapped(minutes.x[k] - x) * scale
    dy = (minutes.y[k] - y) * scale
    d2: float = dx * dx + dy * dy
    return d2
