"""Figures by which likelihood ratios are judged.

Cllr is the log-likelihood-ratio cost (Brümmer and du Preez, 2006): 0 is perfect, 1 says nothing.
Its minimum over monotone maps (pool adjacent violators) is discrimination; the rest is the loss of
calibration. Intervals are percentiles of a bootstrap over clusters.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def cllr(true_log10: F64, false_log10: F64) -> float:
    """Cost in bits of log10 LRs of pairs where H1 holds and where H2 holds."""
    ln10 = np.log(10.0)
    miss = np.logaddexp(0.0, -true_log10 * ln10).mean() / np.log(2.0)
    false = np.logaddexp(0.0, false_log10 * ln10).mean() / np.log(2.0)
    return float((miss + false) / 2.0)


def pooled(score: F64, label: F64, weight: F64) -> F64:
    """Pool adjacent violators: the best monotone probability of `label` given `score` order."""
    order = np.lexsort((-label, score))
    level: list[list[float]] = []
    for y, w in zip(label[order], weight[order], strict=True):
        level.append([y * w, w, 1.0])
        while len(level) > 1 and level[-2][0] * level[-1][1] >= level[-1][0] * level[-2][1]:
            last = level.pop()
            level[-1] = [a + b for a, b in zip(level[-1], last, strict=True)]
    out = np.empty(len(score))
    out[order] = np.repeat([a / b for a, b, _ in level], [int(n) for _, _, n in level])
    return out


def cllr_min(true_log10: F64, false_log10: F64) -> float:
    """Cllr after the best monotone calibration: what is left is discrimination."""
    score = np.concatenate([true_log10, false_log10])
    label = np.concatenate([np.ones(len(true_log10)), np.zeros(len(false_log10))])
    weight = np.where(label > 0, 1.0 / len(true_log10), 1.0 / len(false_log10))
    p = np.clip(pooled(score, label, weight), 1e-12, 1 - 1e-12)
    log10 = np.log10(p / (1 - p))
    return cllr(log10[label > 0], log10[label == 0])


def bootstrap(
    clusters: int, figure: Callable[[NDArray[np.int64]], float], draws: int = 400, seed: int = 7
) -> tuple[float, float, float]:
    """A figure of all clusters, and its 2.5% and 97.5% points over clusters drawn again."""
    generator = np.random.Generator(np.random.PCG64(seed))
    whole = figure(np.arange(clusters))
    drawn = [figure(generator.integers(0, clusters, clusters)) for _ in range(draws)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return whole, float(low), float(high)
