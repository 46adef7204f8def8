"""Nelder and Mead's downhill simplex: the least of a function of a few unknowns, no gradient.

Deterministic: the same start gives the same path. Coefficients and tie rules follow Lagarias et
al. 1998. Meant for fits of two to six parameters, as those of the error model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def minimise(
    f: Callable[[F64], float], start: F64, step: float = 0.4, most: int = 400, within: float = 1e-7
) -> tuple[F64, float]:
    """The point that makes `f` least, and its value.

    `step` is the first simplex's edge, `most` the number of evaluations allowed; stops when the
    values at all corners agree within `within` and the corners lie within √within of each other.
    """
    n = len(start)
    corners = np.vstack([start, start + step * np.eye(n)])
    values = np.array([f(corner) for corner in corners])
    used = n + 1
    while used < most:
        order = np.argsort(values, kind="stable")
        corners, values = corners[order], values[order]
        spread = float(np.abs(corners - corners[0]).max())
        if values[-1] - values[0] <= within and spread <= np.sqrt(within):
            break
        corner, value, cost = _better(f, corners, values)
        used += cost
        if value < values[-1]:
            corners[-1], values[-1] = corner, value
            continue
        corners[1:] = corners[0] + 0.5 * (corners[1:] - corners[0])
        values[1:] = [f(c) for c in corners[1:]]
        used += n
    best = int(np.argmin(values))
    return corners[best], float(values[best])


def _better(f: Callable[[F64], float], corners: F64, values: F64) -> tuple[F64, float, int]:
    """A corner to put in the worst one's place (reflect, expand, contract), its value, its cost."""
    centre = corners[:-1].mean(axis=0)
    away = centre - corners[-1]
    reflected = centre + away
    value = f(reflected)
    if value < values[0]:
        expanded = centre + 2 * away
        further = f(expanded)
        return (expanded, further, 2) if further < value else (reflected, value, 2)
    if value < values[-2]:
        return reflected, value, 1
    contracted = centre + (0.5 if value < values[-1] else -0.5) * away
    return contracted, f(contracted), 2
