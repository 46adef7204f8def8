"""The dwell law: how long a stay about the scene lasted, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.matching.dwell import LONGEST_MIN, DwellLaw, dwell_weights

LAW = DwellLaw((1, 3, 5), (0.1, 0.5, 4.0), within_m=150.0, surest_m=75.0)


def weights(away_m: list[float], law: DwellLaw = LAW, edge: int = 0, sigma: float = 20.0) -> list:
    away = np.array(away_m)
    distance2 = np.where(away < 0.0, -1.0, away**2)
    out = np.empty(len(away) - 2 * edge)
    dwell_weights(distance2, np.full(len(away), sigma**2), law.as_row(), edge, out)
    return out.tolist()


def test_each_minute_takes_the_weight_of_its_own_stay() -> None:
    away = [100.0, 150.0, 151.0, 0.0, 10.0, 20.0, 900.0, 60.0]
    assert weights(away) == [0.1, 0.1, 1.0, 0.5, 0.5, 0.5, 1.0, 0.1]


def test_a_stay_is_followed_beyond_the_window() -> None:
    assert weights([9.0] * 5, edge=2) == [4.0]
    assert weights([900.0, 9.0, 9.0, 9.0, 900.0], edge=2) == [0.5]
    assert weights([9.0, 9.0, 900.0, 9.0, 9.0], edge=2) == [1.0]  # the window lies between two


def test_a_minute_without_a_state_ends_a_stay() -> None:
    assert weights([9.0, 9.0, -1.0, 9.0, 9.0]) == [0.1, 0.1, 1.0, 0.1, 0.1]


def test_what_is_too_uncertain_says_nothing() -> None:
    assert weights([9.0] * 6, sigma=75.0) == [1.0] * 6
    assert weights([9.0] * 6, sigma=74.9) == [4.0] * 6


def test_long_stays_are_told_apart_no_further() -> None:
    law = DwellLaw((5, LONGEST_MIN), (4.0, 2.0))
    assert weights([0.0] * (LONGEST_MIN - 1), law) == [4.0] * (LONGEST_MIN - 1)
    assert weights([0.0] * (3 * LONGEST_MIN), law) == [2.0] * (3 * LONGEST_MIN)


def test_no_law_changes_nothing() -> None:
    assert weights([0.0, 0.0, 500.0, 0.0], DwellLaw()) == [1.0] * 4


@pytest.mark.parametrize(
    ("from_min", "values", "told"),
    [
        ((1, 2), (1.0,), "one weight for each length"),
        ((2, 1), (1.0, 1.0), "ascending"),
        ((0,), (1.0,), "from 1"),
        ((1,), (0.0,), "above 0"),
    ],
)
def test_a_law_that_makes_no_sense_is_refused(
    from_min: tuple[int, ...], values: tuple[float, ...], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        DwellLaw(from_min, values)
