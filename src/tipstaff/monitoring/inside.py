"""The probability that a fix's device was inside an outline, exact under the error model.

The error is a bivariate Student t with even ν, so P(|e| ≤ r) = 1 − (1 + r²/νσ²)^(−n), n = ν/2. By
Green's theorem the probability of a polygon is a sum over its edges. For an edge on a line at the
distance d from the fix, met at angles whose tangents (from the foot of the perpendicular) are t₁
and t₂, with a = d²/νσ² and q = 1 + a,

    P_edge = sign(d)/2π · Σ_{k=1..n} [I_k(t₂) − I_k(t₁)],   I_k(t) = ∫ a dt / (q + a t²)^k,
    I_1 = √(a/q)·atan(t·√(a/q)),   I_{k+1} = (a t/(q + a t²)^k + (2k − 1)·I_k) / 2kq.

It needs no case for a fix inside or outside, nor for one on an edge, where it tends to 0. Outer
rings run counter-clockwise, holes clockwise. Tested against quadrature to 1e-6.

A class of fixes with a shape γ above 1 (see `domain.accuracy`) has no closed form: its radial law
is integrated along each edge by Gauss and Legendre's rule, in u = asinh t, in which it is smooth
however near the edge is: dφ = du/cosh u, and the edge is at the distance d·cosh u.
"""

from __future__ import annotations

from math import asinh, atan, cosh, hypot, log, pi
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: Nodes on stretches of u of at most this length: an error below 1e-9.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_STRETCH: Final = 1.0


@njit(cache=True)
def _edge_terms(t: float, a: float, n: int) -> float:
    """Σ I_k(t) for k from 1 to n."""
    q = 1.0 + a
    root: float = (a / q) ** 0.5
    term = root * atan(t * root)
    total = term
    below = q + a * t * t
    power = 1.0
    for k in range(1, n):
        power *= below
        term = (a * t / power + (2 * k - 1) * term) / (2 * k * q)
        total += term
    return total


@njit(cache=True)
def t_inside(east: F64, north: F64, starts: NDArray[np.int64], scale2: float, n: int) -> float:
    """P(inside) under a bivariate t about the origin; `scale2` is νσ² in square metres, n is ν/2.

    Rings are `east[starts[i]:starts[i+1]]` and the same of `north`, in metres from the fix, open.
    """
    total = 0.0
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        x0, y0 = east[high - 1], north[high - 1]
        for i in range(low, high):
            x1, y1 = east[i], north[i]
            dx, dy = x1 - x0, y1 - y0
            length = hypot(dx, dy)
            if length > 0.0:
                across = (x0 * y1 - x1 * y0) / length
                d = abs(across)
                if d > 1e-9:
                    a = d * d / scale2
                    t0 = (x0 * dx + y0 * dy) / (length * d)
                    t1 = (x1 * dx + y1 * dy) / (length * d)
                    part = _edge_terms(t1, a, n) - _edge_terms(t0, a, n)
                    total += part if across > 0.0 else -part
            x0, y0 = x1, y1
    return min(max(total / (2.0 * pi), 0.0), 1.0)


@njit(cache=True)
def _shaped_edge(d: float, low: float, high: float, law: tuple[float, float, float]) -> float:
    """∫ P(|e| ≤ d·cosh u) du/cosh u from `low` to `high`; `law` as `shaped_inside` has it."""
    tail, radius, gamma = law[0], law[1], law[2]
    power = law_power(law)
    pieces = max(1, int(np.ceil((high - low) / _STRETCH)))
    step = (high - low) / pieces
    total = 0.0
    for piece in range(pieces):
        middle = low + (piece + 0.5) * step
        for i in range(len(_NODES)):
            spread = cosh(middle + 0.5 * step * _NODES[i])
            z = tail * (d * spread / radius) ** (2.0 * gamma)
            total += 0.5 * step * _WEIGHTS[i] * (1.0 - (1.0 + z) ** -power) / spread
    return total


@njit(cache=True)
def law_power(law: tuple[float, float, float]) -> float:
    """ν/2γ of a law (tail, radius, γ), from its tail: the radius holds 95% of errors."""
    return log(20.0) / log(1.0 + law[0])


@njit(cache=True)
def shaped_inside(
    east: F64, north: F64, starts: NDArray[np.int64], law: tuple[float, float, float]
) -> float:
    """P(inside) where P(|e| > r) = (1 + tail·(r/radius)^2γ)^(−ν/2γ); `law` is (tail, radius, γ).

    `radius` (m) holds 95%, so tail = 20^(2γ/ν) − 1. Rings as in `t_inside`.
    """
    total = 0.0
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        x0, y0 = east[high - 1], north[high - 1]
        for i in range(low, high):
            x1, y1 = east[i], north[i]
            dx, dy = x1 - x0, y1 - y0
            length = hypot(dx, dy)
            if length > 0.0:
                across = (x0 * y1 - x1 * y0) / length
                d = abs(across)
                if d > 1e-9:
                    u0 = asinh((x0 * dx + y0 * dy) / (length * d))
                    u1 = asinh((x1 * dx + y1 * dy) / (length * d))
                    part = _shaped_edge(d, u0, u1, law)
                    total += part if across > 0.0 else -part
            x0, y0 = x1, y1
    return min(max(total / (2.0 * pi), 0.0), 1.0)
