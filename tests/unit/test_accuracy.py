"""The error model against quadrature and its published constants."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tipstaff.domain.accuracy import (
    ERROR_MODEL_V1,
    ErrorModel,
    FixClass,
    fix_classes,
    mixture_survival,
    near_survival,
    region_radii_m,
    sigmas_m,
    t_quantile,
    t_survival,
    to_nominal_radius,
)
from tipstaff.domain.fixes import Mechanism

GPS, FINE, COARSE, RF = (np.int8(c) for c in FixClass)


def t_density(r: np.ndarray, sigma: float, nu: int) -> np.ndarray:
    """The bivariate t density at radius r, written from its definition, not from the tail."""
    return (1 + r**2 / (nu * sigma**2)) ** (-(nu + 2) / 2) / (2 * np.pi * sigma**2)


@pytest.mark.parametrize("nu", [2, 4, 6, 10])
@pytest.mark.parametrize("distance", [0.0, 1.0, 7.5, 40.0, 400.0])
def test_survival_is_the_integral_of_the_density(nu: int, distance: float) -> None:
    sigma = 7.5
    r = np.linspace(0, distance, 400_001)
    within = np.trapezoid(2 * np.pi * r * t_density(r, sigma, nu), r)
    assert float(t_survival(distance, sigma, nu)) == pytest.approx(1 - within, abs=1e-8)


def test_quantile_constants_of_the_evidence() -> None:
    assert t_quantile(0.95, 4) == pytest.approx(3.727, abs=5e-4)
    assert t_quantile(0.95, 100_000) == pytest.approx(2.448, abs=5e-4)  # a Gaussian's


@pytest.mark.parametrize("nu", [2, 4, 8])
@pytest.mark.parametrize("level", [0.01, 0.5, 0.68, 0.95, 0.99, 0.9999])
def test_quantile_inverts_survival(level: float, nu: int) -> None:
    assert float(t_survival(t_quantile(level, nu), 1.0, nu)) == pytest.approx(1 - level, rel=1e-9)


@pytest.mark.parametrize("shape", [1.0, 1.5, 3.0, 6.0])
@pytest.mark.parametrize("nu", [2, 4, 8])
def test_shape_keeps_the_95_percent_radius_and_the_power_of_the_tail(shape: float, nu: int) -> None:
    sigma, radius = 7.5, 7.5 * t_quantile(0.95, nu)
    assert float(near_survival(radius, sigma, nu, shape)) == pytest.approx(0.05, rel=1e-12)
    decade = near_survival([1e6, 1e7], sigma, nu, shape)
    assert float(np.log10(decade[0] / decade[1])) == pytest.approx(nu, abs=0.01)
    for level in (0.1, 0.5, 0.99):
        own = radius * t_quantile(level, nu, shape) / t_quantile(0.95, nu, shape)
        assert float(near_survival(own, sigma, nu, shape)) == pytest.approx(1 - level)


def test_shape_one_is_the_student_t_and_more_makes_small_errors_rarer() -> None:
    d = np.array([0.0, 0.5, 3.0, 20.0, 500.0])
    np.testing.assert_allclose(near_survival(d, 7.5, 4, 1.0), t_survival(d, 7.5, 4), rtol=1e-12)
    within = 1 - near_survival(2.0, 7.5, 4, np.array([1.0, 2.0, 4.0]))
    assert within[0] > 2 * within[1] > 4 * within[2] > 0


def test_radius_at_another_level_means_the_same_law() -> None:
    stated = to_nominal_radius([10.0, 10.0, 10.0], [0.95, 0.68, 0.50])
    assert stated[0] == pytest.approx(10.0)
    for radius, level in zip(stated, (0.95, 0.68, 0.5), strict=True):
        sigma = radius / t_quantile(0.95, 4)
        assert float(t_survival(10.0, sigma, 4)) == pytest.approx(1 - level)


@pytest.mark.parametrize(
    ("mechanism", "radius", "expected"),
    [
        (Mechanism.GPS, 5.0, FixClass.GPS),
        (Mechanism.GPS, float("nan"), FixClass.GPS),
        (Mechanism.UNKNOWN, 500.0, FixClass.GPS),
        (Mechanism.RF, float("nan"), FixClass.RF),
        (Mechanism.LBS, 100.0, FixClass.NETWORK_FINE),
        (Mechanism.LBS, 100.01, FixClass.NETWORK_COARSE),
        (Mechanism.LBS, float("nan"), FixClass.NETWORK_COARSE),
        (Mechanism.WIFI, float("nan"), FixClass.NETWORK_FINE),
        (Mechanism.WIFI, 750.0, FixClass.NETWORK_COARSE),
    ],
)
def test_classes(mechanism: Mechanism, radius: float, expected: FixClass) -> None:
    assert fix_classes(np.array([mechanism]), np.array([radius])).tolist() == [expected]


def test_sigma_of_stated_small_and_unstated_radii() -> None:
    q = t_quantile(0.95, 4)
    found = sigmas_m(ERROR_MODEL_V1, np.array([GPS] * 4), [20.0, 0.0, -1.0, np.nan])
    np.testing.assert_allclose(found, np.array([20.0, 3.0, 3.0, 15.0]) / q)
    # What stands in for no radius is not held to r_min: it is fitted itself.
    home_unit = sigmas_m(ERROR_MODEL_V1, np.array([RF, RF]), [np.nan, 5.0])
    np.testing.assert_allclose(home_unit, np.array([60.0, 60.0]) / q)


@pytest.mark.parametrize("level", [0.5, 0.68, 0.95, 0.99, 0.999])
def test_region_radius_holds_its_level_for_every_class(level: float) -> None:
    classes = np.array([GPS, FINE, COARSE, RF])
    sigma = sigmas_m(ERROR_MODEL_V1, classes, [8.0, 40.0, 600.0, 60.0])
    radii = region_radii_m(ERROR_MODEL_V1, classes, sigma, level)
    np.testing.assert_allclose(
        mixture_survival(ERROR_MODEL_V1, classes, sigma, radii), 1 - level, rtol=1e-9
    )


def test_far_tail_belongs_to_the_gross_component() -> None:
    far = float(mixture_survival(ERROR_MODEL_V1, np.array([GPS]), [2.0], 1_000.0)[0])
    assert far == pytest.approx(0.01 * float(t_survival(1_000.0, 300.0, 4)), rel=1e-3)


def test_json_round_trip_passes_over_provenance() -> None:
    written = json.loads(json.dumps(ERROR_MODEL_V1.to_json() | {"provenance": {"tracks": 2}}))
    assert ErrorModel.from_json(written) == ERROR_MODEL_V1


def test_json_of_before_there_was_a_shape_still_loads() -> None:
    written = ERROR_MODEL_V1.to_json()
    for values in written["classes"].values():
        del values["shape"]
    assert ErrorModel.from_json(written) == ERROR_MODEL_V1


def test_json_that_is_not_a_model_is_refused() -> None:
    good = ERROR_MODEL_V1.to_json()
    gps = good["classes"]["gps"]
    with pytest.raises(KeyError):
        ErrorModel.from_json({k: v for k, v in good.items() if k != "nu"})
    with pytest.raises(KeyError):
        ErrorModel.from_json(good | {"classes": {"gps": gps}})
    with pytest.raises(TypeError):
        ErrorModel.from_json(good | {"classes": good["classes"] | {"gps": {"k": 1.0}}})
    for bad in (
        {"k": float("nan")},
        {"k": 0.0},
        {"shape": 0.9},
        {"gross_share": 1.0},
        {"tau_s": float("inf")},
    ):
        with pytest.raises(ValueError, match="range"):
            ErrorModel.from_json(good | {"classes": good["classes"] | {"gps": gps | bad}})


@pytest.mark.parametrize("nu", [0, 1, 3, -2])
def test_degrees_of_freedom_are_even(nu: int) -> None:
    with pytest.raises(ValueError, match="even"):
        replace(ERROR_MODEL_V1, nu=nu)


def test_pi_is_a_probability() -> None:
    with pytest.raises(ValueError, match="probability"):
        replace(ERROR_MODEL_V1, not_on_wearer=1.0)
