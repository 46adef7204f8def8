"""The excursion table: bounds from counts, stretches counted, text there and back."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.matching import excursions as ex
from tipstaff.matching.binomial import beta_cdf, upper_share
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.trails import Trails
from tipstaff.matching.trust import TrustParameters, judge_fixes


def walk(east_m: list[float], gap_s: float = 60.0) -> Trails:
    """One wearer's fixes, `gap_s` apart, at these metres east."""
    n = len(east_m)
    lat, lon = LocalPlane(52.6, -0.7).to_degrees(east_m, [0.0] * n)
    return Trails(
        wearers=("w",),
        offsets=np.array([0, n]),
        t_us=(np.arange(n) * gap_s * 1e6).astype(np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.full(n, 5.0),
        mechanism=np.ones(n, dtype=np.int8),
        doubt=np.zeros(n, dtype=np.int8),
        active_offsets=np.array([0, 0]),
        active_from_us=np.empty(0, dtype=np.int64),
        active_to_us=np.empty(0, dtype=np.int64),
    )


def counted(trails: Trails) -> np.ndarray:
    everything = np.ones(trails.t_us.size, dtype=np.bool_)
    return ex.count_excursions(
        trails, judge_fixes(trails, ERROR_MODEL_V1, TrustParameters()), everything
    )


def test_the_bound_of_a_share_is_clopper_pearsons() -> None:
    # Nothing seen in n: 1 − 0.05^(1/n). The others from tables of the exact bound.
    assert upper_share(0, 100, 0.95) == pytest.approx(1 - 0.05**0.01)
    assert upper_share(1, 10, 0.95) == pytest.approx(0.39416, abs=1e-5)
    assert upper_share(5, 50, 0.95) == pytest.approx(0.19884, abs=1e-4)
    assert upper_share(10, 10, 0.95) == 1.0
    assert upper_share(0, 0, 0.95) == 1.0
    assert beta_cdf(2.0, 3.0, 0.5) == pytest.approx(0.6875)


def test_a_bound_is_one_that_leaves_five_in_a_hundred() -> None:
    p = upper_share(3, 2_000_000, 0.95)
    poisson = np.exp(-2_000_000 * p) * np.sum(
        [1.0, 2e6 * p, (2e6 * p) ** 2 / 2, (2e6 * p) ** 3 / 6]
    )
    assert poisson == pytest.approx(0.05, rel=1e-3)


def test_stretches_of_two_minutes_have_one_fix_inside_each_counted_once() -> None:
    still = counted(walk([0.0] * 61))
    assert still[:, 0].sum() == 59
    assert still[:, 0, 0, 0].sum() == 59  # the very same coordinate, no threshold met


def test_an_outing_is_counted_by_how_far_it_went() -> None:
    counts = counted(walk([0.0] * 30 + [500.0] + [0.0] * 30))
    out_and_back = counts[:, 0].sum(axis=0)
    met = int(np.searchsorted(ex.PATHS_M, 1000.0, side="right"))
    assert out_and_back[:, met].sum() == 1


def test_gaps_break_stretches() -> None:
    assert counted(walk([0.0] * 30, gap_s=91.0)).sum() == 0


def test_nothing_known_is_one_everywhere() -> None:
    empty = np.zeros((*ex.SHAPE[:3], ex.SHAPE[3] + 1), dtype=np.int64)
    assert (ex.from_counts(empty, "x").parts == ex.ONE).all()
    assert (ex.from_text("", "x").parts == ex.ONE).all()


def test_text_there_and_back() -> None:
    # made directly: bounds of shares for every cell of a table take seconds
    drawn = np.random.default_rng(5).integers(1, ex.ONE, ex.SHAPE, endpoint=True)
    falling = np.sort(drawn, axis=-1)[..., ::-1].astype(np.int64)
    table = ex.Excursions("x", falling)
    assert np.array_equal(ex.from_text(ex.to_text(table), "x").parts, table.parts)


def test_bounds_of_random_counts_never_rise_with_the_path() -> None:
    counts = np.zeros((*ex.SHAPE[:3], ex.SHAPE[3] + 1), dtype=np.int64)
    counts[0, 0, 0] = np.random.default_rng(5).integers(0, 9999, counts.shape[-1])
    table = ex.from_counts(counts, "x").parts
    assert (np.diff(table, axis=-1) <= 0).all()
    assert table[0, 0, 0].max() < ex.ONE


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="another shape"):
        ex.Excursions("x", np.zeros((1, 2, 3), dtype=np.int64))


def test_the_table_shipped_never_rises_with_the_path_and_is_never_nothing() -> None:
    parts = EXCURSIONS_V1.parts
    assert (np.diff(parts, axis=-1) <= 0).all()
    assert parts.min() >= 1
    assert parts.max() <= ex.ONE


@pytest.mark.parametrize(("gap_s", "path", "whole"), [(60.0, 99.0, True), (60.0, 9e9, False)])
def test_a_path_below_the_first_threshold_is_always_possible(
    gap_s: float, path: float, *, whole: bool
) -> None:
    known = ex.Excursions("x", np.full(ex.SHAPE, 7, dtype=np.int64))
    found = ex.look_up(ex.as_table(known), 0, gap_s, 0.0, path)
    assert found == (ex.ONE if whole else 7)
