"""The fit recovers a known error law; coverage says what it should; few fixes say little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel, FixClass, sigmas_m
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.matching.error_coverage import (
    CoverageRow,
    coverage_of,
    coverage_table,
    cross_fitted_ranks,
    error_ranks,
)
from tipstaff.matching.error_fit import NU_CHOICES, fit_error_model
from tipstaff.matching.error_sample import (
    ErrorSample,
    cluster_of,
    error_sample,
    independent_rows,
    joined,
    time_constant_s,
    witnesses,
)

MINUTE_US = 60_000_000


def drawn_from(model: ErrorModel, devices: int, fixes: int, seed: int) -> ErrorSample:
    """Independent errors of the model's own law, one fix in six a network one."""
    rng = np.random.default_rng(seed)
    n = devices * fixes
    mechanism = np.where(rng.random(n) < 1 / 6, int(Mechanism.WIFI), int(Mechanism.GPS))
    radius = np.where(mechanism == Mechanism.GPS, rng.lognormal(2, 0.8, n), rng.uniform(10, 99, n))
    fix_class = np.where(mechanism == Mechanism.GPS, FixClass.GPS, FixClass.NETWORK_FINE)
    fix_class = fix_class.astype(np.int8)
    sigma = sigmas_m(model, fix_class, radius)
    share = np.array([c.gross_share for c in model.classes])[fix_class]
    wide = np.array([c.gross_sigma_m for c in model.classes])[fix_class]
    sigma = np.where(rng.random(n) < share, wide, sigma)
    heavy = np.sqrt(model.nu / rng.chisquare(model.nu, n))
    east, north = rng.normal(size=(2, n)) * sigma * heavy
    place = LocalPlane(52.6, -1.1).to_degrees(east, north)
    return error_sample(
        [f"d{i:03d}" for i in np.repeat(np.arange(devices), fixes)],
        np.tile(np.arange(fixes) * MINUTE_US, devices),
        mechanism,
        (radius, 0.95),
        place,
        (np.full(n, 52.6), np.full(n, -1.1)),
    )


TRUTH = replace(
    ERROR_MODEL_V1,
    classes=(
        replace(ERROR_MODEL_V1.classes[0], k=1.8, r_min_m=6.0, gross_share=0.03),
        replace(ERROR_MODEL_V1.classes[1], k=3.0, gross_share=0.08, gross_sigma_m=700.0),
        *ERROR_MODEL_V1.classes[2:],
    ),
)


def by_level(rows: tuple[CoverageRow, ...], fix_class: FixClass) -> dict[float, CoverageRow]:
    return {row.level: row for row in rows if row.fix_class == fix_class}


@pytest.fixture(scope="module")
def sample() -> ErrorSample:
    return drawn_from(TRUTH, devices=24, fixes=400, seed=5)


def test_fit_recovers_the_law_within_its_own_intervals(sample: ErrorSample) -> None:
    fit = fit_error_model(sample, ERROR_MODEL_V1, "t", draws=10)
    assert fit.model.nu == 4
    assert [c.fix_class for c in fit.classes] == [FixClass.GPS, FixClass.NETWORK_FINE]
    for found in fit.classes:
        truth = TRUTH.classes[found.fix_class]
        # 8,000 and 1,600 fixes, a third of them worth a witness.
        assert found.error.k == pytest.approx(truth.k, rel=0.1)
        assert found.error.gross_share == pytest.approx(truth.gross_share, rel=0.35)
        assert found.error.gross_sigma_m == pytest.approx(truth.gross_sigma_m, rel=0.3)
        for name, (low, high) in found.intervals.items():
            assert low <= getattr(found.error, name) <= high, name
        assert found.by_group
        assert found.groups == found.clusters == 24
    untouched = (FixClass.NETWORK_COARSE, FixClass.RF)
    assert all(fit.model.classes[c] == ERROR_MODEL_V1.classes[c] for c in untouched)


@pytest.mark.parametrize("nu", [2, 8])
def test_tail_weight_is_found(nu: int) -> None:
    heavy = drawn_from(replace(TRUTH, nu=nu), devices=12, fixes=800, seed=nu)
    assert fit_error_model(heavy, ERROR_MODEL_V1, "t", draws=0).model.nu == nu


def test_coverage_before_and_after_on_devices_not_fitted(sample: ErrorSample) -> None:
    before = by_level(coverage_table(ERROR_MODEL_V1, sample), FixClass.GPS)
    assert before[0.5].observed < 0.35  # k is nearly twice what was assumed
    after = coverage_of(cross_fitted_ranks(sample, ERROR_MODEL_V1), sample)
    for row in after:
        assert row.observed == pytest.approx(row.level, abs=0.03)
        assert row.low <= row.observed <= row.high


def test_the_true_model_gives_uniform_ranks(sample: ErrorSample) -> None:
    ranks = np.sort(error_ranks(TRUTH, sample))
    steps = np.arange(1, len(ranks) + 1) / len(ranks)
    # Kolmogorov and Smirnov's bound at 0.1%.
    assert np.abs(ranks - steps).max() < 1.95 / np.sqrt(len(ranks))


def test_same_sample_in_any_order_gives_the_same_fit() -> None:
    whole = drawn_from(TRUTH, devices=8, fixes=60, seed=1)
    rng = np.random.default_rng(3)
    shuffled = rng.permutation(len(whole.t_us))
    place = LocalPlane(0.0, 0.0).to_degrees(whole.east_m, whole.north_m)
    names = np.array(whole.groups)[whole.group]
    # WIFI with these radii stays in its class; a mechanism is read back from the class.
    code = np.where(whole.fix_class == FixClass.GPS, int(Mechanism.GPS), int(Mechanism.WIFI))

    def fitted(rows: np.ndarray) -> object:
        zero = np.zeros(len(rows))
        again = error_sample(
            names[rows].tolist(),
            whole.t_us[rows],
            code[rows],
            (whole.radius_m[rows], 0.95),
            (place[0][rows], place[1][rows]),
            (zero, zero),
        )
        return fit_error_model(again, ERROR_MODEL_V1, "t", draws=3).classes

    assert fitted(np.arange(len(shuffled))) == fitted(shuffled)


def test_few_fixes_leave_the_start_and_wide_intervals() -> None:
    few = drawn_from(TRUTH, devices=1, fixes=5, seed=2)
    fit = fit_error_model(few, ERROR_MODEL_V1, "t", draws=20)
    gps = fit.classes[0]
    assert not gps.by_group
    low, high = gps.intervals["gross_share"]
    assert high / low > 5  # five fixes cannot tell how rare gross errors are
    assert gps.error.gross_share == pytest.approx(0.01, rel=0.5)
    # ν stays near the start's: five benign fixes must not talk heavy tails away.
    assert NU_CHOICES.index(fit.model.nu) <= NU_CHOICES.index(6)


def test_no_fixes_leave_the_start() -> None:
    none = drawn_from(TRUTH, devices=1, fixes=3, seed=2).take(np.array([], dtype=np.int64))
    fit = fit_error_model(none, ERROR_MODEL_V1, "t")
    assert fit.model == replace(ERROR_MODEL_V1, version="t")
    assert fit.classes == ()


def test_errors_that_are_never_small_are_covered() -> None:
    """Network positions off by about the size of their cell: no t holds both their 50 and 95%."""
    n = 4_000
    rng = np.random.default_rng(4)
    size, angle = 200 * np.exp(0.3 * rng.normal(size=n)), rng.uniform(0, 2 * np.pi, n)
    place = LocalPlane(52.6, -1.1).to_degrees(size * np.cos(angle), size * np.sin(angle))
    zero = np.zeros(n)
    rings = error_sample(
        [f"d{i % 10}" for i in range(n)],
        np.arange(n) * 10 * MINUTE_US,
        np.full(n, int(Mechanism.LBS)),
        (rng.uniform(500, 750, n), 0.95),
        place,
        (zero + 52.6, zero - 1.1),
    )
    fit = fit_error_model(rings, ERROR_MODEL_V1, "t", draws=0)
    assert fit.model.classes[FixClass.NETWORK_COARSE].shape > 1.5
    for row in coverage_table(fit.model, rings):
        assert row.observed == pytest.approx(row.level, abs=0.03)


def correlated(tau_s: float, step_s: float, n: int, seed: int = 0) -> ErrorSample:
    """An Ornstein–Uhlenbeck error path on four devices."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-step_s / tau_s)
    path = np.empty((4, n, 2))
    path[:, 0] = rng.normal(size=(4, 2)) * 10
    for i in range(1, n):
        path[:, i] = keep * path[:, i - 1] + rng.normal(size=(4, 2)) * 10 * np.sqrt(1 - keep**2)
    flat = path.reshape(-1, 2)
    place = LocalPlane(52.6, -1.1).to_degrees(flat[:, 0], flat[:, 1])
    zero = np.zeros(4 * n)
    return error_sample(
        [f"d{i}" for i in np.repeat(np.arange(4), n)],
        np.tile(np.arange(n) * round(step_s * 1e6), 4),
        np.full(4 * n, int(Mechanism.GPS)),
        (np.full(4 * n, 10.0), 0.95),
        place,
        (zero + 52.6, zero - 1.1),
    )


@pytest.mark.parametrize("tau_s", [60.0, 300.0, 1200.0])
def test_time_constant_of_a_known_process(tau_s: float) -> None:
    found = time_constant_s(correlated(tau_s, 20.0, 6000))
    assert found == pytest.approx(tau_s, rel=0.3)


def test_an_error_that_never_changes_is_one_witness() -> None:
    still = correlated(1e12, 1.0, 200)
    tau = time_constant_s(still)
    assert tau >= 100
    assert len(independent_rows(still, 2 * tau)) == 4


def test_thinning_restarts_with_each_device() -> None:
    path = correlated(60.0, 30.0, 10)
    kept = independent_rows(path, 60.0)
    assert path.t_us[kept].tolist() == [i * MINUTE_US for _ in range(4) for i in range(5)]


def test_a_repeated_coordinate_is_one_witness_until_the_truth_moves() -> None:
    def seen(claims: list[float], truths: list[float], device: str) -> ErrorSample:
        n = len(claims)
        zero = np.zeros(n)
        return error_sample(
            [device] * n,
            np.arange(n) * MINUTE_US,
            np.full(n, int(Mechanism.WIFI)),
            (np.full(n, 50.0), 0.95),
            (np.array(claims), zero - 1.1),
            (np.array(truths), zero - 1.1),
        )

    # Looked up at home three times; at work; at home again; then home's answer 1.1 km away.
    lookups = seen([52.6] * 3 + [52.61, 52.6, 52.6], [52.6] * 3 + [52.61, 52.6, 52.61], "a")
    assert len(lookups.t_us) == 6
    kept = witnesses(lookups)
    assert kept.t_us.tolist() == [0, 3 * MINUTE_US, 5 * MINUTE_US]
    assert kept.error_m[-1] == pytest.approx(1112, abs=2)
    # Another device's look-up of the same place is another witness of how such errors are.
    assert len(witnesses(joined([lookups, seen([52.6], [52.6], "b")])).t_us) == 4


def test_clusters_are_devices_when_there_are_enough() -> None:
    many = drawn_from(TRUTH, devices=9, fixes=4, seed=0)
    assert cluster_of(many, 60.0)[1]
    few = drawn_from(TRUTH, devices=3, fixes=100, seed=0)
    cluster, whole = cluster_of(few, 60.0)
    assert not whole
    # Blocks of 4 τ = 4 minutes: 25 in each of three devices, never shared by two of them.
    assert int(cluster.max()) + 1 == 75
    pairs = {(int(c), int(g)) for c, g in zip(cluster, few.group, strict=True)}
    assert len(pairs) == 75


def test_joined_tracks_stay_apart_even_of_one_name() -> None:
    one = drawn_from(TRUTH, devices=2, fixes=5, seed=0)
    both = joined([one, one])
    assert both.groups == ("d000", "d001", "d000", "d001")
    assert sorted(set(both.group.tolist())) == [0, 1, 2, 3]


def test_unstated_radii_get_their_own_parameter() -> None:
    n = 400
    rng = np.random.default_rng(0)
    east, north = rng.normal(size=(2, n)) * 20
    place = LocalPlane(52.6, -1.1).to_degrees(east, north)
    zero = np.zeros(n)
    bare = error_sample(
        ["a"] * n,
        np.arange(n) * MINUTE_US,
        np.full(n, int(Mechanism.GPS)),
        (np.full(n, np.nan), 0.95),
        place,
        (zero + 52.6, zero - 1.1),
    )
    fit = fit_error_model(bare, ERROR_MODEL_V1, "t", draws=2)
    names = {"gross_share", "gross_sigma_m", "stated_none_m", "shape"}
    assert set(fit.classes[0].intervals) == names
    assert fit.classes[0].error.k == ERROR_MODEL_V1.classes[0].k
    # A Gaussian of 20 m holds 95% within 49 m.
    assert fit.classes[0].error.stated_none_m == pytest.approx(49, rel=0.15)
