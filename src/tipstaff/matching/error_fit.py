"""Fits the error model to errors of known truth, and says how little there was to go on.

Per class: k, r_min, the shape γ, ε and σ_w (or, where no radius is stated, the one that stands in)
by the greatest penalised likelihood of the error vectors. Errors are alike in time, so it counts as
many fixes as there are independent ones. One penalty is a broad prior round the model one starts
from: with many fixes it is nothing, with few the start speaks. The other is for regions that do not
hold what they promise. ν is even and shared by the classes: the one of `NU_CHOICES` with the least
cost in all, with a prior of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.accuracy import (
    NOMINAL_LEVEL,
    ClassError,
    ErrorModel,
    FixClass,
    t_quantile,
)
from tipstaff.matching.error_sample import (
    APART_TAUS,
    ErrorSample,
    cluster_of,
    independent_rows,
    time_constant_s,
)
from tipstaff.matching.simplex import minimise

F64 = NDArray[np.float64]

NU_CHOICES: Final = (2, 4, 6, 8, 12)
#: More fixes of one class than this are thinned evenly before fitting; intervals hardly change.
MOST_FIXES: Final = 20_000
#: Standard deviations of the prior, in the logarithm (for ε: the logit) of each parameter.
PRIOR_SPREAD: Final = {
    "k": 1.5,
    "r_min_m": 1.0,
    "gross_share": 1.0,
    "gross_sigma_m": 0.7,
    "stated_none_m": 1.5,
    "shape": 0.5,
}
#: The same for ν, in doublings: a few benign fixes must not talk the heavy tail away.
PRIOR_SPREAD_NU: Final = 0.5
#: Likelihood alone lets a law that cannot have the errors' true form be well off at the levels that
#: are read; coverage there weighs this many times as much as chance would let it vary.
COVERED_LEVELS: Final = (0.50, 0.68, 0.95)
COVERAGE_WEIGHT: Final = 60.0
#: A greater γ is a ring so thin that a few odd fixes would decide everything.
MOST_SHAPE: Final = 6.0
_SHARE: Final = "gross_share"


@dataclass(frozen=True, slots=True)
class ClassFit:
    """The fit of one class: parameters, 95% intervals by bootstrap, and what it rests on.

    `independent` is the number of fixes at least 2 τ apart; `by_group` tells whether intervals
    were drawn by device, or (few devices) by blocks of time, which cannot know how devices differ.
    """

    fix_class: FixClass
    error: ClassError
    intervals: dict[str, tuple[float, float]]
    fixes: int
    independent: int
    groups: int
    clusters: int
    by_group: bool


@dataclass(frozen=True, slots=True)
class ErrorFit:
    """A fitted model, the classes that had data, and the log-likelihood of each ν tried."""

    model: ErrorModel
    classes: tuple[ClassFit, ...]
    likelihoods: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Problem:
    """One class's data made ready: squared errors, radii, weights, and what is to be found."""

    start: ClassError
    names: tuple[str, ...]
    error2: F64
    radius_m: F64
    weight: F64
    cluster: NDArray[np.int64]


def fit_error_model(
    sample: ErrorSample, start: ErrorModel, version: str, draws: int = 40, seed: int = 0
) -> ErrorFit:
    """The model that fits `sample` best, begun from `start`; classes without fixes keep theirs."""
    problems = dict(_problems(sample, start))
    by_nu = {nu: {c: _solve(p, nu) for c, p in problems.items()} for nu in NU_CHOICES}
    likelihoods = {
        nu: -sum(cost for _x, cost in found.values())
        - (math.log2(nu / start.nu) / PRIOR_SPREAD_NU) ** 2 / 2
        for nu, found in by_nu.items()
    }
    nu = max(NU_CHOICES, key=lambda n: (likelihoods[n], -n)) if problems else start.nu
    errors = list(start.classes)
    fits = []
    for fix_class, problem in problems.items():
        likeliest = by_nu[nu][fix_class][0]
        point, _least = minimise(
            lambda x, p=problem: _cost(p, nu, x),  # type: ignore[misc]
            likeliest,
            step=0.1,
            within=1e-3,
        )
        tau = problem.start.tau_s
        errors[fix_class] = replace(_with(problem, point), tau_s=tau)
        rng = np.random.default_rng([seed, int(fix_class)])
        intervals = _intervals(problem, nu, point, draws, rng)
        fits.append(_described(sample, fix_class, errors[fix_class], intervals))
    gps, fine, coarse, rf = errors
    model = replace(start, version=version, nu=nu, classes=(gps, fine, coarse, rf))
    return ErrorFit(model, tuple(fits), likelihoods)


def class_rows(sample: ErrorSample, fix_class: FixClass) -> ErrorSample:
    """The fixes of one class."""
    return sample.take(sample.fix_class == fix_class)


def _problems(sample: ErrorSample, start: ErrorModel) -> Iterator[tuple[FixClass, _Problem]]:
    for fix_class in FixClass:
        own = class_rows(sample, fix_class)
        if not len(own.t_us):
            continue
        tau = time_constant_s(own)
        cluster, _by_group = cluster_of(own, tau)
        independent = len(independent_rows(own, APART_TAUS * tau))
        stride = -(-len(own.t_us) // MOST_FIXES)
        some = own.take(np.arange(0, len(own.t_us), stride, dtype=np.int64))
        stated = ~np.isnan(some.radius_m)
        names = [*(("k", "r_min_m") if stated.any() else ()), _SHARE, "gross_sigma_m", "shape"]
        names += ["stated_none_m"] if not stated.all() else []
        yield (
            fix_class,
            _Problem(
                replace(start.classes[fix_class], tau_s=max(tau, 1.0)),
                tuple(names),
                some.error_m**2,
                some.radius_m,
                np.full(len(some.t_us), min(1.0, independent / len(some.t_us))),
                cluster[::stride],
            ),
        )


def _solve(problem: _Problem, nu: int) -> tuple[F64, float]:
    """The likeliest point, coverage left aside: what ν is chosen by."""
    begun = np.zeros(len(problem.names))
    return minimise(lambda x: _cost(problem, nu, x, covered=0.0), begun, within=1e-3)


def _with(problem: _Problem, x: F64) -> ClassError:
    """The parameters at point `x`, which counts from the start in logarithms (ε: logit)."""
    values: dict[str, float] = {}
    for name, by in zip(problem.names, np.clip(x, -5, 5), strict=True):
        begun = float(getattr(problem.start, name))
        if name == _SHARE:
            odds = max(begun, 1e-4) / (1 - begun) * np.exp(by)
            values[name] = float(odds / (1 + odds))
        else:
            values[name] = float(begun * np.exp(by))
    values["shape"] = min(max(values["shape"], 1.0), MOST_SHAPE)
    return replace(problem.start, **values)


def _cost(
    problem: _Problem,
    nu: int,
    x: F64,
    weight: F64 | None = None,
    centre: F64 | float = 0.0,
    covered: float = COVERAGE_WEIGHT,
) -> float:
    """Minus the penalised log-likelihood of the error vectors; the prior lies round `centre`."""
    weight = problem.weight if weight is None else weight
    error = _with(problem, x)
    held = np.maximum(problem.radius_m, error.r_min_m)
    radius2 = (error.k * np.where(np.isnan(held), error.stated_none_m, held)) ** 2
    gross2 = (error.gross_sigma_m * t_quantile(NOMINAL_LEVEL, nu)) ** 2
    share = error.gross_share
    near, beyond = _law(problem.error2, radius2, nu, error.shape)
    wide, far_beyond = _law(problem.error2, gross2, nu, 1.0)
    density = (1 - share) * near + share * wide
    inside = 1 - (1 - share) * beyond - share * far_beyond
    prior = (((x - centre) / _spreads(problem)) ** 2).sum() / 2
    likelihood = (weight * np.log(density + 1e-300)).sum()
    return float(prior - likelihood + covered * _miscoverage(inside, weight))


def _miscoverage(inside: F64, weight: F64) -> float:
    """The cost of regions that do not hold what they promise: like χ² over the levels."""
    total = float(weight.sum())
    cost = 0.0
    for level in COVERED_LEVELS:
        # A ramp rather than a step, on which the optimiser could not feel its way.
        half = (1 - level) / 5
        share = float((weight * np.clip((level - inside) / half + 1, 0, 2)).sum()) / 2
        share /= max(total, 1e-9)
        cost += (share - level) ** 2 / (level * (1 - level))
    return total * cost / 2


def _spreads(problem: _Problem) -> F64:
    return np.array([PRIOR_SPREAD[name] for name in problem.names])


def _law(error2: F64, radius2: F64 | float, nu: int, shape: float) -> tuple[F64, F64]:
    """(density per square metre, share beyond) of the law with the given squared 95% radius.

    The density is −S′(d)/2πd of the tail in `domain.accuracy`.
    """
    scale2 = radius2 / t_quantile(NOMINAL_LEVEL, nu, shape) ** 2
    z = np.maximum(error2 / (nu * scale2), 1e-12)
    raised = z if shape == 1.0 else z**shape
    beyond = (1 + raised) ** (-nu / (2 * shape))
    return np.asarray(raised / z * beyond / (1 + raised) / (2 * np.pi * scale2)), beyond


def _intervals(
    problem: _Problem, nu: int, point: F64, draws: int, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """95% intervals of the parameters: clusters drawn with replacement, fitted again.

    The prior's centre is drawn anew too: what the data cannot tell then stays as wide as the prior,
    where a plain bootstrap would show a false certainty.
    """
    clusters = int(problem.cluster.max()) + 1
    found = []
    for _ in range(draws):
        counts = np.bincount(rng.integers(0, clusters, clusters), minlength=clusters)
        weight = problem.weight * counts[problem.cluster]
        centre = rng.normal(0.0, _spreads(problem))
        x, _value = minimise(
            lambda x, w=weight, c=centre: _cost(problem, nu, x, w, c),  # type: ignore[misc]
            point,
            step=0.15,
            most=150,
            within=1e-4,
        )
        drawn = _with(problem, x)
        found.append([float(getattr(drawn, name)) for name in problem.names])
    if not found:
        return {}
    best = _with(problem, point)
    own = np.array([float(getattr(best, name)) for name in problem.names])
    low, high = np.quantile(np.array(found), [0.025, 0.975], axis=0)
    # Few draws may all fall on one side; an interval without its own estimate would mislead.
    ends = zip(problem.names, np.minimum(low, own), np.maximum(high, own), strict=True)
    return {name: (float(a), float(b)) for name, a, b in ends}


def _described(
    sample: ErrorSample,
    fix_class: FixClass,
    error: ClassError,
    intervals: dict[str, tuple[float, float]],
) -> ClassFit:
    own = class_rows(sample, fix_class)
    cluster, by_group = cluster_of(own, error.tau_s)
    return ClassFit(
        fix_class,
        error,
        intervals,
        fixes=len(own.t_us),
        independent=len(independent_rows(own, APART_TAUS * error.tau_s)),
        groups=len(np.unique(own.group)),
        clusters=int(cluster.max()) + 1,
        by_group=by_group,
    )
