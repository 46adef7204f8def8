"""The error of each fix in rows that kernels take, from the error model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.accuracy import (
    ErrorModel,
    fix_classes,
    region_radii_m,
    sigmas_m,
    t_quantile,
    to_nominal_radius,
)

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
#: No fix is believed beyond this, whatever its class.
LEAST_DOUBT: Final = 1e-4
#: Solved radii kept of a class: whole centimetres up to 650 m.
_SOLVED_KEPT: Final = 65_536
#: By model, class and level: the radii by σ that were solved in this process.
_SOLVED: Final[dict[tuple[ErrorModel, int, float], dict[float, float]]] = {}


@dataclass(frozen=True, slots=True)
class FixErrors:
    """Per fix: `rows` (ν, 95% radius m, γ, tail, gross share, gross σ m), `tau_s`, and its class.

    A zone further than `reach_m` is beyond what the fix may be believed to be off.
    """

    rows: F64
    tau_s: F64
    reach_m: F64
    classes: NDArray[np.int8]


def nominal_cm(stated_cm: I64, level_pct: I64, nu: int) -> I64:
    """Stated radii brought to those that hold 95%, whole cm; -1 where none is stated.

    `level_pct` is the share that the supplier's radius is meant to hold; -1 counts as 95.
    """
    share = np.clip(np.where(level_pct < 0, 95, level_pct) / 100.0, 0.01, 0.99)
    nominal = to_nominal_radius(np.maximum(stated_cm, 0), share, nu)
    return np.where(stated_cm < 0, -1, np.rint(nominal)).astype(np.int64)


def fix_errors(model: ErrorModel, mechanism: NDArray[np.int8], radius_m: F64) -> FixErrors:
    """The errors of fixes with these mechanism codes and claimed radii (NaN: not stated)."""
    classes = fix_classes(mechanism, radius_m)
    sigma = sigmas_m(model, classes, radius_m)
    shape = np.array([c.shape for c in model.classes])[classes]
    rows = np.empty((len(classes), 6))
    rows[:, 0] = model.nu
    rows[:, 1] = sigma * t_quantile(0.95, model.nu)
    rows[:, 2] = shape
    rows[:, 3] = 0.05 ** (-2.0 * shape / model.nu) - 1.0
    rows[:, 4] = np.array([c.gross_share for c in model.classes])[classes]
    rows[:, 5] = np.array([c.gross_sigma_m for c in model.classes])[classes]
    tau = np.array([c.tau_s for c in model.classes])[classes]
    return FixErrors(rows, tau, _reach_m(model, classes, sigma), classes)


def _reach_m(model: ErrorModel, classes: NDArray[np.int8], sigma_m: F64) -> F64:
    """The distance at which the error's tail is the least doubt there is about its class."""
    out = np.empty(len(classes))
    for each, error in enumerate(model.classes):
        own = classes == each
        level = 1.0 - max(error.gross_share, LEAST_DOUBT)
        out[own] = _regions_m(model, each, sigma_m[own], level)
    return out * (1.0 + 1e-9) + 1e-6


def _regions_m(model: ErrorModel, fix_class: int, sigma_m: F64, level: float) -> F64:
    """`region_radii_m` of one class; those solved before are looked up: live, claims recur."""
    known = _SOLVED.setdefault((model, fix_class, level), {})
    distinct, place = np.unique(sigma_m, return_inverse=True)
    fresh = np.array([one for one in distinct.tolist() if one not in known])
    if len(known) + len(fresh) > _SOLVED_KEPT:
        return region_radii_m(model, np.full(len(sigma_m), fix_class, np.int8), sigma_m, level)
    if len(fresh):
        same = np.full(len(fresh), fix_class, dtype=np.int8)
        solved = region_radii_m(model, same, fresh, level)
        known.update(zip(fresh.tolist(), solved.tolist(), strict=True))
    return np.array([known[one] for one in distinct.tolist()], dtype=np.float64)[place]
