"""Which fixes are trusted, which receivers are taken for frozen, and what makes a stay."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.matching.stays import find_stays
from tipstaff.matching.trails import Trails
from tipstaff.matching.trust import Judged, TrustParameters, judge_fixes

MINUTE = 60_000_000


def judged(
    east: list[float],
    mechanism: list[int] | None = None,
    radius: list[float] | None = None,
    doubt: list[int] | None = None,
    parameters: TrustParameters | None = None,
) -> Judged:
    n = len(east)
    lat, lon = LocalPlane(52.6, -0.7).to_degrees(east, [0.0] * n)
    trails = Trails(
        wearers=("w",),
        offsets=np.array([0, n]),
        t_us=np.arange(n, dtype=np.int64) * MINUTE,
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.array(radius or [10.0] * n, dtype=np.float64),
        mechanism=np.array(mechanism or [1] * n, dtype=np.int8),
        doubt=np.array(doubt or [0] * n, dtype=np.int8),
        active_offsets=np.array([0, 0]),
        active_from_us=np.empty(0, dtype=np.int64),
        active_to_us=np.empty(0, dtype=np.int64),
    )
    return judge_fixes(trails, ERROR_MODEL_V1, parameters or TrustParameters())


def trusted(*args: object, **kwargs: object) -> list[bool]:
    return [bool(each) for each in judged(*args, **kwargs).trusted]  # type: ignore[arg-type]


def test_only_satellite_fixes_without_doubt_and_of_bounded_radius() -> None:
    assert trusted([0, 1, 2, 3, 4], mechanism=[1, 0, 4, 5, 6]) == [True] + [False] * 4
    assert trusted([0, 1, 2], doubt=[0, 1, 2]) == [True, False, False]
    assert trusted([0, 1, 2], radius=[60.0, 61.0, float("nan")]) == [True, False, True]


def test_a_mechanism_not_named_can_be_allowed() -> None:
    assert trusted([0], mechanism=[0], parameters=TrustParameters(unnamed_is_satellite=True)) == [
        True
    ]


def test_the_region_is_the_core_of_the_error() -> None:
    # A Student t of ν = 4: its 99.9% radius is 2.969 times its 95% radius; 3 m at the least.
    assert judged([0, 1, 2], radius=[10.0, 1.0, 40.0]).region_m == pytest.approx(
        [29.70, 8.909, 118.79], rel=1e-3
    )


def test_a_receiver_at_rest_is_no_frozen_one() -> None:
    rest = [500.0] * 30
    assert all(trusted([*rest, 560.0, 640.0, 720.0]))


def test_a_leap_out_of_a_long_run_makes_it_suspect() -> None:
    found = trusted([500.0] * 30 + [4000.0, 4050.0])
    assert not any(found[:30])
    assert all(found[30:])


def test_a_leap_into_a_long_run_makes_it_suspect() -> None:
    found = trusted([4000.0, 4050.0] + [500.0] * 30)
    assert all(found[:2])
    assert not any(found[2:])


def test_a_short_run_is_not_suspect() -> None:
    assert all(trusted([500.0] * 5 + [4000.0, 4050.0]))


def test_a_network_fix_elsewhere_during_a_run_makes_it_suspect() -> None:
    east = [500.0] * 15 + [9000.0] + [500.0] * 15
    mechanism = [1] * 15 + [5] + [1] * 15
    radius = [10.0] * 15 + [80.0] + [10.0] * 15
    assert not any(trusted(east, mechanism, radius))
    assert all(trusted([500.0] * 31, mechanism, radius)[:15])


def stays(east: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    t = np.arange(east.size, dtype=np.int64) * MINUTE
    places = np.unique(east, return_inverse=True)[1].astype(np.int64)
    return find_stays(t, east, np.zeros(east.size), places)


def test_a_stay_is_seen_well_before_and_well_after() -> None:
    before, after = stays(np.random.default_rng(1).normal(0.0, 8.0, 60))
    assert not before[:16].any()  # two witnesses over five minutes apart, ten minutes before
    assert before[16:].all()
    assert after[:44].all()
    assert not after[44:].any()


def test_one_coordinate_is_no_witness_of_a_stay() -> None:
    before, after = stays(np.zeros(60))
    assert not before.any()
    assert not after.any()


def test_walking_is_no_stay() -> None:
    before, after = stays(np.arange(60) * 80.0)
    assert not before.any()
    assert not after.any()
