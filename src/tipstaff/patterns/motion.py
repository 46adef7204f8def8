"""Where a wearer was, minute by minute: a two-mode smoother over the fixes.

A forward and a backward filter, each with a *still* and a *moving* mode (random walks of
different spread), meet at every whole minute. Three things real positions do are built in: heavy
tails, by one Student-t reweighting a fix; correlated error, by never letting the variance fall
under a share of the fix's own; and repeated coordinates, which share the information of a single
fix between them. Source: EVIDENCE, "A formulation of strength that worked", 1 and 2.

Coordinates are Mercator metres; variances handed out are in ground metres².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

MINUTES_A_DAY: Final = 1440
#: Fixes this far outside a day still shape its states; beyond it a minute has no state.
REACH_MIN: Final = 120.0
NO_FIX_MIN: Final = np.float32(1e9)


@dataclass(frozen=True, slots=True)
class MotionParameters:
    """How people move, as random walks: `*_q_m2` is the variance gained a minute on one axis.

    `memory_min` is how long a mode lasts; `still_share` how much of life is spent still;
    `floor` the share of a fix's variance below which no state falls; `nu` of the reweighting.
    """

    still_q_m2: float = 4.0
    moving_q_m2: float = 8100.0
    memory_min: float = 12.0
    still_share: float = 0.8
    floor: float = 0.6
    nu: float = 4.0

    def as_row(self) -> F64:
        """The parameters as the kernel takes them."""
        return np.array(
            [
                self.still_q_m2,
                self.moving_q_m2,
                self.memory_min,
                self.still_share,
                self.floor,
                self.nu,
            ]
        )


@njit(cache=True)
def run_lengths(lat_e7: NDArray[np.int32], lon_e7: NDArray[np.int32]) -> I64:
    """For each fix, how many neighbours in an unbroken run share its exact coordinates."""
    n = len(lat_e7)
    out = np.ones(n, np.int64)
    start = 0
    for i in range(1, n + 1):
        if i == n or lat_e7[i] != lat_e7[start] or lon_e7[i] != lon_e7[start]:
            out[start:i] = i - start
            start = i
    return out


@njit(cache=True)
def _predict(w: F64, x: F64, y: F64, v: F64, minutes: float, scale2: float, p: F64) -> None:
    """Move both modes `minutes` on: modes mix, then each spreads. In place."""
    if minutes <= 0.0:
        return
    change = 1.0 - np.exp(-minutes / p[2])
    w0, w1 = w[0], w[1]
    still = p[3]
    # from mode i into mode j; the other mode's share of the switch is its share of life
    f00 = w0 * (1.0 - change * (1.0 - still))
    f10 = w1 * change * still
    f01 = w0 * change * (1.0 - still)
    f11 = w1 * (1.0 - change * still)
    c0, c1 = f00 + f10, f01 + f11
    x0, y0, v0, x1, y1, v1 = x[0], y[0], v[0], x[1], y[1], v[1]
    dx, dy = x1 - x0, y1 - y0
    d2 = 0.5 * (dx * dx + dy * dy)
    a, b = f10 / c0, f11 / c1
    w[0], w[1] = c0, c1
    x[0], y[0] = x0 + a * dx, y0 + a * dy
    v[0] = (1.0 - a) * v0 + a * v1 + a * (1.0 - a) * d2 + p[0] * minutes * scale2
    x[1], y[1] = x0 + b * dx, y0 + b * dy
    v[1] = (1.0 - b) * v0 + b * v1 + b * (1.0 - b) * d2 + p[1] * minutes * scale2


@njit(cache=True)
def _update(
    w: F64, x: F64, y: F64, v: F64, zx: float, zy: float, r: float, one: float, p: F64
) -> None:
    """Take in one fix at (zx, zy) with variance `r`; `one` is that of a fix on its own."""
    nu = p[5]
    total = 0.0
    for j in range(2):
        dx, dy = zx - x[j], zy - y[j]
        s = v[j] + r
        d2 = (dx * dx + dy * dy) / s
        w[j] *= (1.0 + d2 / nu) ** (-(nu + 2.0) / 2.0) / s
        # one step of iteratively reweighted least squares for a bivariate t
        weight = min(1.0, (nu + 2.0) / (nu + d2))
        reff = r / weight
        gain = v[j] / (v[j] + reff)
        x[j] += gain * dx
        y[j] += gain * dy
        v[j] = max(v[j] * (1.0 - gain), min(v[j], p[4] * one))
        total += w[j]
    if total > 1e-300:
        w[0] /= total
        w[1] /= total
    else:
        w[0], w[1] = p[3], 1.0 - p[3]


@njit(cache=True)
def _start(w: F64, x: F64, y: F64, v: F64, zx: float, zy: float, r: float, p: F64) -> None:
    """Begin at the first fix, as if nothing had been known before it."""
    for j in range(2):
        x[j], y[j], v[j] = zx, zy, r
    w[0], w[1] = p[3], 1.0 - p[3]


@njit(cache=True)
def _take(
    i: int, first: bool, elapsed: float, fixes: tuple[F64, F64, F64, F64, F64], modes: F64, p: F64
) -> None:
    """Bring the modes (4, 2: weight, x, y, variance) to fix `i`, `elapsed` minutes on."""
    zx, zy, r, one, scale2 = fixes
    w, x, y, v = modes[0], modes[1], modes[2], modes[3]
    if first:
        _start(w, x, y, v, zx[i], zy[i], r[i], p)
    else:
        _predict(w, x, y, v, elapsed, scale2[i], p)
        _update(w, x, y, v, zx[i], zy[i], r[i], one[i], p)


@njit(cache=True)
def _forward(
    t_min: F64, fixes: tuple[F64, F64, F64, F64, F64], n_marks: int, p: F64, near: F32
) -> F64:
    """What the past says at each mark: (n_marks, 4, 2); weights of zero where it says nothing."""
    out = np.zeros((n_marks, 4, 2))
    modes = np.zeros((4, 2))
    now, i, n = t_min[0], 0, len(t_min)
    for k in range(n_marks):
        while i < n and t_min[i] <= k:
            _take(i, i == 0, t_min[i] - now, fixes, modes, p)
            now = t_min[i]
            i += 1
        if i > 0 and k - t_min[i - 1] <= REACH_MIN:
            _predict(modes[0], modes[1], modes[2], modes[3], k - now, fixes[4][i - 1], p)
            now = float(k)
            out[k] = modes
            near[k] = k - t_min[i - 1]
    return out


@njit(cache=True)
def smooth(
    t_min: F64, fixes: tuple[F64, F64, F64, F64, F64], n_marks: int, p: F64
) -> tuple[F64, F64, F32, F32]:
    """Smooth one wearer's fixes at the minute marks 0 … `n_marks` − 1.

    Per fix (F,): `t_min` minutes from mark 0, ascending; `fixes` = (x, y Mercator metres; r
    variance in Mercator m², run inflation included; the same without it; Mercator m² to a ground
    m²). Returns per mark: x, y (Mercator), variance on one axis (ground m²), minutes to the
    nearest fix (`NO_FIX_MIN` where none within `REACH_MIN`: then the rest means nothing).
    """
    n = len(t_min)
    mx, my = np.zeros(n_marks), np.zeros(n_marks)
    var = np.zeros(n_marks, np.float32)
    near = np.full(n_marks, NO_FIX_MIN, np.float32)
    if n == 0:
        return mx, my, var, near
    past = _forward(t_min, fixes, n_marks, p, near)
    modes, empty = np.zeros((4, 2)), np.zeros((4, 2))
    now, i = t_min[n - 1], n - 1
    for k in range(n_marks - 1, -1, -1):
        while i >= 0 and t_min[i] > k:
            _take(i, i == n - 1, now - t_min[i], fixes, modes, p)
            now = t_min[i]
            i -= 1
        future = empty
        if i < n - 1 and t_min[i + 1] - k <= REACH_MIN:
            _predict(modes[0], modes[1], modes[2], modes[3], now - k, fixes[4][i + 1], p)
            now = float(k)
            near[k] = min(near[k], np.float32(t_min[i + 1] - k))
            future = modes
        if near[k] < NO_FIX_MIN:
            ground = fixes[4][min(i + 1, n - 1)]
            mx[k], my[k], spread = _meet(past[k], future, p)
            var[k] = spread / ground
    return mx, my, var, near


@njit(cache=True)
def _meet(past: F64, future: F64, p: F64) -> tuple[float, float, float]:
    """Join what the past and the future (4, 2) say of one minute: one mean and variance.

    A side that says nothing has weights of zero.
    """
    joined = past.copy() if past[0].sum() > 0.0 else future.copy()
    if past[0].sum() > 0.0 and future[0].sum() > 0.0:
        for j in range(2):
            s = past[3, j] + future[3, j]
            dx, dy = future[1, j] - past[1, j], future[2, j] - past[2, j]
            prior = p[3] if j == 0 else 1.0 - p[3]
            # a Student tail again: two sides that disagree must not make a weight of zero
            tail = (1.0 + (dx * dx + dy * dy) / s / p[5]) ** (-(p[5] + 2.0) / 2.0)
            gain = past[3, j] / s
            joined[0, j] = past[0, j] * future[0, j] / prior / s * tail
            joined[1, j] = past[1, j] + gain * dx
            joined[2, j] = past[2, j] + gain * dy
            joined[3, j] = past[3, j] * future[3, j] / s
    w, x, y, v = joined[0], joined[1], joined[2], joined[3]
    total = w[0] + w[1]
    a = w[1] / total if total > 0.0 else 1.0
    dx, dy = x[1] - x[0], y[1] - y[0]
    spread = (1.0 - a) * v[0] + a * v[1] + a * (1.0 - a) * 0.5 * (dx * dx + dy * dy)
    return x[0] + a * dx, y[0] + a * dy, spread
