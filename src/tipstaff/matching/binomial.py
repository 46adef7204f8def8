"""The exact (Clopper–Pearson) upper bound of a share, from how often something was seen."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

from numba import njit

_TINY = 1e-300


@njit(cache=True)
def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for step in (even, odd):
            d = 1.0 + step * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + step / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1.0) < 1e-13:
            break
    return value


@njit(cache=True)
def beta_cdf(a: float, b: float, x: float) -> float:
    """P(X ≤ x) of a beta distribution."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1.0 - x) / b


@njit(cache=True)
def upper_share(seen: int, tries: int, level: float) -> float:
    """The one-sided upper bound, at `level`, of a share seen `seen` times in `tries`.

    Nothing seen in n gives about 3/n at 95%; no tries give 1: nothing is known.
    """
    if seen >= tries:
        return 1.0
    if seen == 0:
        return float(-(exp(log(1.0 - level) / tries) - 1.0))
    low, high = seen / tries, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if beta_cdf(seen + 1.0, float(tries - seen), middle) < level:
            low = middle
        else:
            high = middle
    return high
