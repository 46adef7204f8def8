"""The figures of validation, on pairs small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from validation.figures import Figures
from validation.metrics import bootstrap, cllr, cllr_min, pooled
from validation.pairs import Pairs, candidates_at_recall, rank_of_offender, without


def pairs(rows: list[tuple[int, bool, float, float, bool]], tagged: list[bool]) -> Pairs:
    """Rows of (crime, offender, log10 LR, nearest fix in m, named by the legacy rule)."""
    crime, offender, log10_lr, near_m, legacy = (np.array(c) for c in zip(*rows, strict=True))
    return Pairs(
        crime=crime.astype(np.int64),
        offender=offender,
        candidate=log10_lr >= np.log10(2),
        excluded=np.zeros(len(rows), np.bool_),
        score=log10_lr,
        log10_lr=log10_lr,
        near_m=near_m,
        legacy=legacy,
        tagged=np.array(tagged),
        removed=np.zeros(len(tagged), np.bool_),
        stay_min=np.full(len(tagged), 15.0),
        true_m=near_m,
    )


def two_crimes() -> Pairs:
    """Crime 0: offender first of two. Crime 1: offender beaten by one. Crime 2: nobody tagged."""
    return pairs(
        [
            (0, True, 3.0, 30.0, True),
            (0, False, 1.0, 20.0, True),
            (1, True, 1.0, 90.0, False),
            (1, False, 2.0, 10.0, True),
            (2, False, -2.0, 500.0, False),
        ],
        [True, True, False],
    )


def test_cllr_of_saying_nothing_is_one_and_of_certainty_nothing() -> None:
    assert cllr(np.zeros(5), np.zeros(9)) == pytest.approx(1.0)
    assert cllr(np.full(5, 9.0), np.full(9, -9.0)) == pytest.approx(0.0, abs=1e-8)


def test_cllr_of_even_odds_by_hand() -> None:
    expected = (np.log2(1 + 1 / 3) + np.log2(1 + 1 / 3)) / 2
    assert cllr(np.array([np.log10(3)]), np.array([-np.log10(3)])) == pytest.approx(expected)


def test_the_best_monotone_map_never_costs_more_and_heals_a_wrong_scale() -> None:
    generator = np.random.default_rng(3)
    true, false = generator.normal(1, 1, 200), generator.normal(-1, 1, 800)
    assert cllr_min(true, false) <= cllr(true, false)
    assert cllr_min(true * 5, false * 5) == pytest.approx(cllr_min(true, false))


def test_pooling_gives_shares_that_never_fall_and_keep_the_total() -> None:
    score = np.array([1.0, 2.0, 3.0, 4.0])
    out = pooled(score, np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    assert out.tolist() == [0.0, 0.5, 0.5, 1.0]


def test_ranks_by_strength_and_by_nearest_fix() -> None:
    p = two_crimes()
    assert rank_of_offender(p, p.candidate, -p.score).tolist() == [1.0, 2.0, np.inf]
    assert rank_of_offender(p, p.legacy, p.near_m).tolist() == [2.0, np.inf, np.inf]


def test_a_tie_counts_as_a_coin_would() -> None:
    p = pairs([(0, True, 2.0, 1.0, True), (0, False, 2.0, 1.0, True)], [True])
    assert rank_of_offender(p, p.candidate, -p.score).tolist() == [1.5]


def test_candidates_at_a_recall_are_those_at_the_threshold_that_reaches_it() -> None:
    p, once = two_crimes(), np.ones(3)
    assert candidates_at_recall(p, p.score, 0.5, once) == pytest.approx(1 / 3)
    assert candidates_at_recall(p, p.score, 1.0, once) == pytest.approx(4 / 3)
    named = np.where(p.legacy, -p.near_m, -np.inf)
    assert np.isnan(candidates_at_recall(p, named, 1.0, once))


def test_figures_of_the_small_case() -> None:
    f, once = Figures(two_crimes(), 10), np.ones(3)
    assert f.recall(f.rank, 1)(once) == 0.5
    assert f.recall(f.legacy_rank, 1e9)(once) == 0.5
    assert f.miss_ratio(1)(once) == pytest.approx(0.5)
    assert f.legacy_candidates(None)(once) == pytest.approx(1.0)
    assert f.candidate_ratio()(once) == pytest.approx(1 / 3)
    assert f.false_lead()(once) == 0.0


def test_leaving_crimes_out_numbers_the_rest_anew() -> None:
    rest = without(two_crimes(), np.array([True, False, False]))
    assert rest.crime.tolist() == [0, 0, 1]
    assert rest.tagged.tolist() == [True, False]


def test_a_bootstrap_holds_its_figure_and_is_the_same_each_time() -> None:
    values = np.arange(50.0)
    first = bootstrap(50, lambda drawn: float(values[drawn].mean()))
    assert first == bootstrap(50, lambda drawn: float(values[drawn].mean()))
    assert first[1] < first[0] < first[2]
