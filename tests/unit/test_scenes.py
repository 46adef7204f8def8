"""The scene's density and the region exclusion must clear."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.domain.scenes import SCENE_COMPONENTS, scene_radius_m, scene_sigmas_m


def inside(rounding_m: float, radius_m: float) -> float:
    """The scene's mass within a radius, by summing its density ring by ring."""
    r = np.linspace(0, radius_m, 200_001)
    density = np.zeros_like(r)
    for (share, _own), sigma in zip(SCENE_COMPONENTS, scene_sigmas_m(rounding_m), strict=True):
        density += share * np.exp(-(r**2) / (2 * sigma**2)) * r / sigma**2
    return float(np.trapezoid(density, r))


def test_shares_make_one_density() -> None:
    assert sum(share for share, _sigma in SCENE_COMPONENTS) == pytest.approx(1)


@pytest.mark.parametrize("rounding_m", [0.0, 1.0, 10.0, 100.0, 1000.0])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_radius_holds_its_share_by_quadrature(rounding_m: float, level: float) -> None:
    assert inside(rounding_m, float(scene_radius_m(rounding_m, level))) == pytest.approx(
        level, abs=1e-7
    )


def test_figures_the_module_states() -> None:
    assert float(scene_radius_m(1.0, 0.5)) == pytest.approx(23, abs=0.5)
    assert float(scene_radius_m(1.0)) == pytest.approx(211.5, abs=0.5)


def test_rounding_widens_as_a_uniform_step() -> None:
    np.testing.assert_allclose(scene_sigmas_m(0.0), [10, 60])
    np.testing.assert_allclose(scene_sigmas_m(120.0) ** 2, [100 + 1200, 3600 + 1200])
    assert scene_sigmas_m(np.ones((3, 2))).shape == (3, 2, 2)
    assert np.all(np.diff(scene_radius_m(np.array([0.0, 10.0, 100.0]))) > 0)
