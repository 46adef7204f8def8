"""P(inside) by its closed form, beside rays cast from the fix and beside the law along edges."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.accuracy import near_survival, t_survival
from tipstaff.monitoring.inside import F64, shaped_inside, t_inside

RAYS = 40_000


def star(corners: int, seed: int, centre: tuple[float, float], radius: float) -> F64:
    """A ring that never crosses itself, counter-clockwise."""
    random = np.random.default_rng(seed)
    angles = np.sort(random.uniform(0.0, 2 * pi, corners))
    reach = radius * random.uniform(0.3, 1.0, corners)
    x, y = centre[0] + reach * np.cos(angles), centre[1] + reach * np.sin(angles)
    turned = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) < 0.0
    ring = np.column_stack([x, y])
    return ring[::-1] if turned else ring


def by_rays(rings: list[F64], survival: object) -> float:
    """∫∫ over the outline along rays: each crossing enters or leaves it, whichever way it runs."""
    angle = (np.arange(RAYS) + 0.5) * (2 * pi / RAYS)
    ux, uy = np.cos(angle), np.sin(angle)
    total = np.zeros(RAYS)
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            before, after = ux * y0 - uy * x0, ux * y1 - uy * x1
            hit = (before > 0) != (after > 0)
            share = before[hit] / (before[hit] - after[hit])
            r = (x0 + share * (x1 - x0)) * ux[hit] + (y0 + share * (y1 - y0)) * uy[hit]
            ahead = r > 0
            sign = np.where(after[hit] > before[hit], 1.0, -1.0)
            held = np.where(ahead, sign * (1.0 - survival(np.abs(r))), 0.0)  # type: ignore[operator]
            np.add.at(total, np.flatnonzero(hit), held)
    return float(total.mean())


def laid(rings: list[F64]) -> tuple[F64, F64, np.ndarray]:
    both = np.vstack(rings)
    starts = np.cumsum([0, *map(len, rings)]).astype(np.int64)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]), starts


stars = st.builds(
    star,
    st.integers(3, 14),
    st.integers(0, 10**6),
    st.tuples(st.floats(-90, 90), st.floats(-90, 90)),
    st.floats(5, 200),
)


@settings(max_examples=60, deadline=None)
@given(stars, st.floats(2.0, 80.0), st.sampled_from([2, 4, 6, 8]))
def test_the_closed_form_is_the_integral(ring: F64, sigma: float, nu: int) -> None:
    found = t_inside(*laid([ring]), nu * sigma**2, nu // 2)
    assert found == pytest.approx(by_rays([ring], lambda r: t_survival(r, sigma, nu)), abs=2e-4)


@settings(max_examples=30, deadline=None)
@given(stars, st.floats(2.0, 80.0), st.sampled_from([1.0, 1.7, 3.0]))
def test_a_shaped_law_is_integrated_along_the_edges(ring: F64, radius: float, gamma: float) -> None:
    sigma = radius / np.sqrt(4 * (20**0.5 - 1))
    law = (20 ** (2 * gamma / 4) - 1, radius, gamma)
    found = shaped_inside(*laid([ring]), law)
    wanted = by_rays([ring], lambda r: near_survival(r, sigma, 4, gamma))
    assert found == pytest.approx(wanted, abs=2e-4)
    if gamma == 1.0:
        assert found == pytest.approx(t_inside(*laid([ring]), 4 * sigma**2, 2), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(stars, stars, st.floats(2.0, 80.0))
def test_what_is_apart_adds_up_and_a_hole_takes_away(one: F64, other: F64, sigma: float) -> None:
    whole = np.array([[-500.0, -500.0], [500.0, -500.0], [500.0, 500.0], [-500.0, 500.0]])
    scale2 = 4 * sigma**2
    outer = t_inside(*laid([whole]), scale2, 2)
    hole = t_inside(*laid([one]), scale2, 2)
    assert t_inside(*laid([whole, one[::-1]]), scale2, 2) == pytest.approx(outer - hole, abs=1e-12)
    far = other + np.array([2_000.0, 0.0])
    both = t_inside(*laid([one, far]), scale2, 2)
    assert both == pytest.approx(hole + t_inside(*laid([far]), scale2, 2), abs=1e-12)


@pytest.mark.parametrize(
    ("ring", "share"),
    [
        ([[0, 0], [1e7, 0], [1e7, 1e7], [0, 1e7]], 0.25),  # the fix on a corner
        ([[-1e7, 0], [1e7, 0], [1e7, 1e7], [-1e7, 1e7]], 0.5),  # on an edge
        ([[-1e7, -1e7], [1e7, -1e7], [1e7, 1e7], [-1e7, 1e7]], 1.0),
        ([[1e6, 0], [1e6 + 1, 0], [1e6, 1]], 0.0),
    ],
)
def test_limits(ring: list[list[float]], share: float) -> None:
    corners = np.array(ring, dtype=np.float64)
    assert t_inside(*laid([corners]), 400.0, 2) == pytest.approx(share, abs=1e-5)


def test_a_disc_holds_what_the_law_says() -> None:
    angle = np.arange(4096) * (2 * pi / 4096)
    disc = np.column_stack([30.0 * np.cos(angle), 30.0 * np.sin(angle)])
    wanted = 1.0 - float(t_survival(30.0, 10.0, 4))
    assert t_inside(*laid([disc]), 400.0, 2) == pytest.approx(wanted, abs=1e-6)
