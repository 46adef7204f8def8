"""Coverage: how often the truth lay in the region that was to hold it with a stated probability.

The check of any error model, before and after a fit. For each fix u = P(|e| ≤ its error) under the
model; if the model is right u is uniform, and a share L of the fixes has u ≤ L. Intervals are a
bootstrap by device (few devices: by blocks of time), since errors within one are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel, FixClass, mixture_survival, sigmas_m
from tipstaff.matching.error_fit import fit_error_model
from tipstaff.matching.error_sample import ErrorSample, cluster_of, time_constant_s

F64 = NDArray[np.float64]

LEVELS: Final = (0.50, 0.68, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One class at one nominal level: the share observed, with its 95% interval."""

    fix_class: FixClass
    level: float
    observed: float
    low: float
    high: float
    fixes: int
    clusters: int
    by_group: bool


def error_ranks(model: ErrorModel, sample: ErrorSample) -> F64:
    """Rank of each fix: the probability, under the model, of an error no greater than its own."""
    sigma = sigmas_m(model, sample.fix_class, sample.radius_m)
    return np.asarray(1.0 - mixture_survival(model, sample.fix_class, sigma, sample.error_m))


def coverage_table(
    model: ErrorModel,
    sample: ErrorSample,
    levels: tuple[float, ...] = LEVELS,
    draws: int = 400,
    seed: int = 0,
) -> tuple[CoverageRow, ...]:
    """Coverage of the model's regions on `sample`, by class and level."""
    return coverage_of(error_ranks(model, sample), sample, levels, draws, seed)


def coverage_of(
    ranks: F64,
    sample: ErrorSample,
    levels: tuple[float, ...] = LEVELS,
    draws: int = 400,
    seed: int = 0,
) -> tuple[CoverageRow, ...]:
    """Coverage from the ranks of errors (see `error_ranks`), by class and level."""
    rows: list[CoverageRow] = []
    for fix_class in FixClass:
        of_class = sample.fix_class == fix_class
        if of_class.any():
            rng = np.random.default_rng([seed, int(fix_class)])
            rows += _class_rows(
                fix_class, ranks[of_class], sample.take(of_class), levels, draws, rng
            )
    return tuple(rows)


def cross_fitted_ranks(sample: ErrorSample, start: ErrorModel) -> F64:
    """Ranks of errors, each under a model fitted to the other half of the devices.

    Halves are every other group in order of name; with one group, every other block of time.
    """
    cluster = sample.group
    if len(np.unique(sample.group)) < 2:
        cluster, _by_group = cluster_of(sample, time_constant_s(sample))
    ranks = np.empty(len(sample.t_us))
    for half in (0, 1):
        own = cluster % 2 == half
        fitted = fit_error_model(sample.take(~own), start, start.version, draws=0).model
        ranks[own] = error_ranks(fitted, sample.take(own))
    return ranks


def _class_rows(
    fix_class: FixClass,
    ranks: F64,
    sample: ErrorSample,
    levels: tuple[float, ...],
    draws: int,
    rng: np.random.Generator,
) -> list[CoverageRow]:
    cluster, by_group = cluster_of(sample, time_constant_s(sample))
    sizes = np.bincount(cluster).astype(np.float64)
    chosen = rng.integers(0, len(sizes), (draws, len(sizes)))
    found = []
    for level in levels:
        inside = np.bincount(cluster, weights=ranks <= level, minlength=len(sizes))
        shares = inside[chosen].sum(axis=1) / sizes[chosen].sum(axis=1)
        low, high = np.quantile(shares, [0.025, 0.975])
        found.append(
            CoverageRow(
                fix_class,
                level,
                float(inside.sum() / sizes.sum()),
                float(low),
                float(high),
                len(ranks),
                len(sizes),
                by_group,
            )
        )
    return found
