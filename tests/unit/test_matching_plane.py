"""The kernels' distances are those of the one module that converts."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.domain.geodesy import offset_m
from tipstaff.matching.plane import offset_of


@pytest.mark.parametrize(
    ("lat0", "lon0", "lat1", "lon1"),
    [
        (52.6, -0.7, 52.61, -0.72),
        (52.6, -0.7, 52.6, -0.7),
        (0.0, 179.999, 0.001, -179.999),
        (-33.9, 151.2, -33.5, 151.9),
        (60.1, -1.2, 59.9, -1.0),
    ],
)
def test_kernel_offset_is_the_domain_offset(
    lat0: float, lon0: float, lat1: float, lon1: float
) -> None:
    expected = np.array(offset_m(lat0, lon0, lat1, lon1), dtype=np.float64)
    assert np.allclose(offset_of(lat0, lon0, lat1, lon1), expected, rtol=1e-12, atol=1e-8)
