"""The error model: how far a fix may lie from where its device truly was.

For a fix of class c with claimed 95% radius r, the error is a bivariate Student t with ν degrees
of freedom and scale σ = k·max(r, r_min)/q(ν), mixed with a gross component of share ε and scale
σ_w (the same ν). A bivariate t has the closed radial tail P(|e| > d) = (1 + d²/(νσ²))^(−ν/2), so
every quantity here is exact. The parameters are data with a version, fitted to tracks with truth by
`tipstaff calibrate`.

A looked-up network position is seldom nearly right: it is off by about the size of its cell, so
small errors are rarer than any t allows. A class may therefore have a shape γ above 1, which keeps
the tail closed, its power ν and the 95% radius k·r: P(|e| > d) = (1 + z^γ)^(−ν/2γ) with
z = (q(ν, γ)·d / (k·r))²/ν (a Burr law of d²; γ = 1 is the t itself).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tipstaff.domain.fixes import Mechanism

F64 = NDArray[np.float64]
NOMINAL_LEVEL: Final = 0.95
#: A network fix claiming more than this is found by cell, less by Wi-Fi or many cells.
NETWORK_SPLIT_M: Final = 100.0


class FixClass(IntEnum):
    """Fixes that share error parameters."""

    GPS = 0
    NETWORK_FINE = 1
    NETWORK_COARSE = 2
    RF = 3


@dataclass(frozen=True, slots=True)
class ClassError:
    """Error of one class: see the module. `stated_none_m` stands in where no radius is given.

    `tau_s` is the time constant of the error's correlation; `shape` is γ, 1 for a Student t.
    """

    k: float
    r_min_m: float
    gross_share: float
    gross_sigma_m: float
    tau_s: float
    stated_none_m: float
    shape: float = 1.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            # A NaN here would pass silently through every probability made of it.
            if not (value >= 0.0 if name == "gross_share" else value > 0.0):
                raise ValueError(f"{name} of an error class is out of range")
            if value > 1e7 or (name == "gross_share" and value >= 1.0):
                raise ValueError(f"{name} of an error class is out of range")
        if self.shape < 1.0:  # the density would be infinite at the stated place
            raise ValueError("shape of an error class is out of range: at least 1")


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """The parameters of every class, with their version. `nu` is even and shared.

    `not_on_wearer` is π: the probability that the tag was not on the wearer, was booked to the
    wrong person, or had a wrong clock.
    """

    version: str
    nu: int
    classes: tuple[ClassError, ClassError, ClassError, ClassError]
    not_on_wearer: float = 0.002

    def __post_init__(self) -> None:
        if self.nu < 2 or self.nu % 2:
            raise ValueError(f"nu must be even and at least 2, not {self.nu}")
        if not 0.0 <= self.not_on_wearer < 1.0:
            raise ValueError("not_on_wearer is a probability below 1")

    def to_json(self) -> dict[str, Any]:
        """As plain values, for a file."""
        values = asdict(self)
        values["classes"] = {c.name.lower(): asdict(self.classes[c]) for c in FixClass}
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ErrorModel:
        """Read what `to_json` wrote, and pass over what else lies beside it (provenance).

        KeyError or TypeError where a value is missing or of the wrong kind, ValueError where it
        is out of range.
        """
        fitted = {name: ClassError(**value) for name, value in values["classes"].items()}
        gps, fine, coarse, rf = (fitted[c.name.lower()] for c in FixClass)
        return cls(
            version=str(values["version"]),
            nu=int(values["nu"]),
            classes=(gps, fine, coarse, rf),
            not_on_wearer=float(values["not_on_wearer"]),
        )


ERROR_MODEL_V1: Final = ErrorModel(
    version="error-1",
    nu=4,
    classes=(
        ClassError(1.0, 3.0, 0.01, 300.0, 60.0, 15.0),
        ClassError(5.0, 10.0, 0.03, 500.0, 180.0, 80.0),
        ClassError(0.35, 100.0, 0.03, 1500.0, 300.0, 600.0),
        ClassError(1.0, 60.0, 0.01, 300.0, 600.0, 60.0),
    ),
)


def t_quantile(level: float, nu: int, shape: float = 1.0) -> float:
    """q: the radius, in units of σ, that holds `level` of a bivariate Student t (or of shape γ)."""
    power = (1.0 - level) ** (-2.0 * shape / nu) - 1.0
    return float(np.sqrt(nu) * power ** (0.5 / shape))


def t_survival(distance_m: ArrayLike, sigma_m: ArrayLike, nu: int) -> F64:
    """P(|e| > distance) of a bivariate Student t of scale `sigma_m`."""
    z2 = (np.asarray(distance_m, dtype=np.float64) / np.asarray(sigma_m, dtype=np.float64)) ** 2
    return np.asarray((1.0 + z2 / nu) ** (-nu / 2.0))


def near_survival(
    distance_m: ArrayLike, sigma_m: ArrayLike, nu: int, shape: ArrayLike = 1.0
) -> F64:
    """P(|e| > distance) of the near component: `t_survival` where γ = 1.

    σ is that of the Student t with the same 95% radius, whatever γ.
    """
    gamma = np.asarray(shape, dtype=np.float64)
    tail = (1.0 - NOMINAL_LEVEL) ** (-2.0 * gamma / nu) - 1.0
    ratio = np.asarray(distance_m, dtype=np.float64) / np.asarray(sigma_m, dtype=np.float64)
    ratio = ratio / t_quantile(NOMINAL_LEVEL, nu)
    return np.asarray((1.0 + tail * ratio ** (2.0 * gamma)) ** (-nu / (2.0 * gamma)))


def to_nominal_radius(radius_m: ArrayLike, level: ArrayLike, nu: int = 4) -> F64:
    """A radius meant to hold `level` (a share) of fixes, brought to the 95% level."""
    share = np.asarray(level, dtype=np.float64)
    own = np.sqrt(nu * ((1.0 - share) ** (-2.0 / nu) - 1.0))
    return np.asarray(np.asarray(radius_m, dtype=np.float64) * t_quantile(NOMINAL_LEVEL, nu) / own)


def fix_classes(mechanism: ArrayLike, radius_m: ArrayLike) -> NDArray[np.int8]:
    """The `FixClass` of each fix, from its mechanism code and its radius (NaN: not stated).

    A supplier that does not say how it found a place is taken at its word as satellite, since its
    radius, or the default one, still speaks; LBS without a radius is coarse, WIFI fine.
    """
    codes = np.asarray(mechanism)
    radius = np.asarray(radius_m, dtype=np.float64)
    network = (codes == Mechanism.LBS) | (codes == Mechanism.WIFI)
    coarse = np.where(np.isnan(radius), codes == Mechanism.LBS, radius > NETWORK_SPLIT_M)
    out = np.full(codes.shape, FixClass.GPS, dtype=np.int8)
    out[network] = FixClass.NETWORK_FINE
    out[network & coarse] = FixClass.NETWORK_COARSE
    out[codes == Mechanism.RF] = FixClass.RF
    return out


def sigmas_m(model: ErrorModel, classes: NDArray[np.int8], radius_m: ArrayLike) -> F64:
    """σ of each fix in metres, from its class and claimed 95% radius (NaN: not stated)."""
    k = np.array([c.k for c in model.classes])[classes]
    r_min = np.array([c.r_min_m for c in model.classes])[classes]
    default = np.array([c.stated_none_m for c in model.classes])[classes]
    radius = np.asarray(radius_m, dtype=np.float64)
    # A radius of 0 or below is a claim too, held to r_min; only the absent one is stood in for.
    stated = np.where(np.isnan(radius), default, np.maximum(radius, r_min))
    return np.asarray(k * stated / t_quantile(NOMINAL_LEVEL, model.nu))


def mixture_survival(
    model: ErrorModel, classes: NDArray[np.int8], sigma_m: ArrayLike, distance_m: ArrayLike
) -> F64:
    """P(|e| > distance) under the whole model, gross component included, fix by fix."""
    share = np.array([c.gross_share for c in model.classes])[classes]
    wide = np.array([c.gross_sigma_m for c in model.classes])[classes]
    shape = np.array([c.shape for c in model.classes])[classes]
    near = near_survival(distance_m, sigma_m, model.nu, shape)
    return np.asarray((1 - share) * near + share * t_survival(distance_m, wide, model.nu))


def region_radii_m(
    model: ErrorModel, classes: NDArray[np.int8], sigma_m: ArrayLike, level: float
) -> F64:
    """The radius of the region that holds each fix's error with probability `level` (a share).

    Solved by 60 halvings of the closed tail: exact to 1e-9 of the widest bound. Fixes of one class
    and σ share their answer, and claimed radii are few: each is solved once.
    """
    sigma = np.asarray(sigma_m, dtype=np.float64)
    out = np.zeros(sigma.shape)
    for fix_class in np.unique(classes):
        own = classes == fix_class
        distinct, place = np.unique(sigma[own], return_inverse=True)
        same = np.full(len(distinct), fix_class, dtype=np.int8)
        out[own] = _solved_radii_m(model, same, distinct, level)[place]
    return out


def _solved_radii_m(model: ErrorModel, classes: NDArray[np.int8], sigma: F64, level: float) -> F64:
    low = np.zeros_like(sigma)
    wide = max(c.gross_sigma_m for c in model.classes)
    high = np.maximum(sigma, wide) * t_quantile(max(level, NOMINAL_LEVEL), model.nu)
    for _ in range(60):
        middle = (low + high) / 2
        outside = mixture_survival(model, classes, sigma, middle) > 1 - level
        low = np.where(outside, middle, low)
        high = np.where(outside, high, middle)
    return np.asarray((low + high) / 2)
