"""The optimiser on functions whose least point is known."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.matching.simplex import minimise


def test_a_tilted_bowl() -> None:
    rotation = np.array([[1.0, 0.6, 0.1], [0.0, 1.0, -0.4], [0.0, 0.0, 1.0]])
    centre = np.array([1.5, -2.0, 0.25])
    point, value = minimise(
        lambda x: float(((rotation @ (x - centre)) ** 2).sum()) + 7.0, np.zeros(3), within=1e-12
    )
    np.testing.assert_allclose(point, centre, atol=1e-5)
    assert value == pytest.approx(7.0)


def test_rosenbrock_valley() -> None:
    point, _value = minimise(
        lambda x: float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2),
        np.array([-1.2, 1.0]),
        within=1e-12,
    )
    np.testing.assert_allclose(point, [1, 1], atol=1e-4)


def test_one_unknown_and_the_limit_on_evaluations() -> None:
    calls: list[float] = []

    def counted(x: np.ndarray) -> float:
        calls.append(float(x[0]))
        return float(abs(x[0] - 3))

    point, _value = minimise(counted, np.zeros(1))
    assert point[0] == pytest.approx(3, abs=1e-3)
    calls.clear()
    minimise(counted, np.zeros(1), most=10)
    assert len(calls) <= 12
