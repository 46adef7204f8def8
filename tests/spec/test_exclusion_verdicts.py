"""Ruling out as a table: what the trail shows, what is answered."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.matching.exclusion import EXCLUSION_V1, Verdicts, judge_pairs
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.trails import DOUBT_CLOCK, DOUBT_CONFLICT, Scenes, Trails

PLACE = LocalPlane(52.6, -0.7)
MINUTE = 60_000_000
NOON = 10_000 * MINUTE
#: The window is half an hour from noon; its padding ten minutes either way.
START, END = NOON, NOON + 30 * MINUTE

Fix = tuple[float, float, float, int, float, int]  # minute, east, north, mechanism, radius, doubt


def seen(
    minutes: Iterable[float],
    east: float,
    *,
    spread: float = 6.0,
    mechanism: int = 1,
    radius: float = 10.0,
    doubt: int = 0,
) -> list[Fix]:
    """Fixes round a place so far east of the scene, scattered as a receiver at rest scatters."""
    rng = np.random.default_rng(7)
    return [
        (m, east + rng.normal(0, spread), rng.normal(0, spread), mechanism, radius, doubt)
        for m in minutes
    ]


def verdicts(fixes: list[Fix], active: tuple[float, float] = (-9999.0, 9999.0)) -> Verdicts:
    ordered = sorted(fixes)
    n = len(ordered)
    lat, lon = PLACE.to_degrees([f[1] for f in ordered], [f[2] for f in ordered])
    trails = Trails(
        wearers=("w",),
        offsets=np.array([0, n]),
        t_us=np.array([NOON + int(f[0] * MINUTE) for f in ordered], dtype=np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.array([f[4] for f in ordered], dtype=np.float64),
        mechanism=np.array([f[3] for f in ordered], dtype=np.int8),
        doubt=np.array([f[5] for f in ordered], dtype=np.int8),
        active_offsets=np.array([0, 1]),
        active_from_us=np.array([NOON + int(active[0] * MINUTE)]),
        active_to_us=np.array([NOON + int(active[1] * MINUTE)]),
    )
    scenes = Scenes(
        index=np.array([0]),
        latitude=np.array([52.6]),
        longitude=np.array([-0.7]),
        rounding_m=np.array([1.0]),
        start_us=np.array([START]),
        end_us=np.array([END]),
    )
    one = np.array([0])
    return judge_pairs(trails, scenes, one, one, ERROR_MODEL_V1, EXCLUSION_V1, EXCURSIONS_V1)


def decided(fixes: list[Fix], active: tuple[float, float] = (-9999.0, 9999.0)) -> DecidedBy:
    return DecidedBy(int(verdicts(fixes, active).decided[0]))


ALL = range(-60, 91)
HOME = seen(ALL, 2000.0)


@pytest.mark.parametrize(
    ("fixes", "answer"),
    [
        pytest.param(seen(ALL, 60_000.0), DecidedBy.REACH, id="an hour's drive away all the time"),
        pytest.param(HOME, DecidedBy.TRAIL, id="seen each minute in one place 2 km away"),
        pytest.param(seen(ALL, 100.0), DecidedBy.NEAR, id="at the scene"),
        pytest.param(seen(ALL, 300.0), DecidedBy.NEAR, id="too near for the errors to tell"),
        pytest.param([], DecidedBy.NO_FIX, id="no fix at all"),
        pytest.param(
            seen(range(-60, -11), 2000.0) + seen(range(41, 91), 2000.0),
            DecidedBy.NO_FIX,
            id="no fix in the padded window",
        ),
        pytest.param(
            seen(range(-60, 5), 2000.0) + seen(range(29, 91), 2000.0),
            DecidedBy.GAP,
            id="a silence of 25 minutes in the window",
        ),
        pytest.param(
            seen(range(-60, 41), 2000.0)[:90], DecidedBy.GAP, id="no fix after the window"
        ),
        pytest.param(
            seen(range(-60, 91, 3), 2000.0, mechanism=5),
            DecidedBy.NETWORK_ONLY,
            id="network fixes alone, every three minutes",
        ),
        pytest.param(
            seen(ALL, 2000.0, radius=300.0), DecidedBy.NETWORK_ONLY, id="radii too wide to trust"
        ),
        pytest.param(
            seen(ALL, 2000.0, mechanism=0), DecidedBy.NETWORK_ONLY, id="mechanism not named"
        ),
        pytest.param(
            seen(ALL, 2000.0, doubt=DOUBT_CONFLICT),
            DecidedBy.NETWORK_ONLY,
            id="two contents for each instant",
        ),
        pytest.param(
            [*HOME, *seen([50.5], 2000.0, doubt=DOUBT_CLOCK)],
            DecidedBy.CLOCK,
            id="a clock in doubt within the hour",
        ),
        pytest.param(
            [*HOME, *seen([10.5], 9000.0)],
            DecidedBy.CONTRADICTION,
            id="7 km away and back within a minute",
        ),
        pytest.param(
            [*HOME, *seen([15.5], 50.0, mechanism=5, radius=80.0)],
            DecidedBy.NEAR,
            id="one network fix at the scene is enough to doubt",
        ),
        pytest.param(
            seen(ALL, 2000.0, spread=0.0), DecidedBy.FRAGILE, id="one coordinate repeated for hours"
        ),
    ],
)
def test_verdict(fixes: list[Fix], answer: DecidedBy) -> None:
    assert decided(fixes) == answer


def test_five_minutes_may_not_be_what_clears() -> None:
    # Driving past: 1 km from the scene on either side, and only these minutes say it was passed by.
    road: list[Fix] = [(m, 800.0 * (m - 15.0), 1100.0, 1, 10.0, 0) for m in ALL]
    assert decided(road) in {DecidedBy.FRAGILE, DecidedBy.NEAR}


@pytest.mark.parametrize(
    ("active", "covers"),
    [((-1.0, 31.0), True), ((0.0, 30.0), True), ((1.0, 99.0), False), ((-9.0, 29.0), False)],
)
def test_the_activation_must_cover_the_window(active: tuple[float, float], *, covers: bool) -> None:
    assert (decided(HOME, active) != DecidedBy.ACTIVATION) == covers


def test_what_goes_with_an_exclusion() -> None:
    found = verdicts(HOME)
    before, after = int(found.before[0]), int(found.after[0])
    assert after == before + 1
    assert 0.0 < found.bound[0] < EXCLUSION_V1.bound
    assert found.coverage[0] == 1.0
    assert found.nearest_m[0] == pytest.approx(2000.0, abs=40.0)
    # Some 1,760 m each way, less the fixes' regions, in a minute.
    assert found.speed_needed_mps[0] == pytest.approx(2 * 1760 / 60, rel=0.05)


def test_coverage_is_the_share_within_five_minutes_of_a_fix() -> None:
    fixes = seen([0.0], 2000.0)
    assert verdicts(fixes).coverage[0] == pytest.approx(5 / 30)
    assert verdicts([]).coverage[0] == 0.0
    assert np.isnan(verdicts([]).nearest_m[0])


def test_a_gap_is_named_by_its_ends() -> None:
    found = verdicts(seen(range(-60, 5), 2000.0) + seen(range(29, 91), 2000.0))
    assert (int(found.before[0]), int(found.after[0])) == (64, 65)


def test_a_receiver_that_leaps_out_of_a_frozen_run_is_not_trusted() -> None:
    frozen = [(float(m), 2000.0, 0.0, 1, 10.0, 0) for m in range(-30, 31)]
    leap = seen(range(31, 91), 4500.0)
    found = verdicts(frozen + leap + seen(range(-60, -30), 2000.0))
    assert DecidedBy(int(found.decided[0])) != DecidedBy.TRAIL
