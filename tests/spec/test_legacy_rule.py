"""The legacy rule as a table: where the fixes are, what the national service would have said."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.matching.legacy import LegacyAnswers, fix_matches, lens_area_m2, letters, match_pairs
from tipstaff.matching.trails import Scenes, Trails

PLACE = LocalPlane(52.6, -0.7)
MINUTE = 60_000_000
START, END = 1000 * MINUTE, 1060 * MINUTE


def answer(fixes: list[tuple[float, float, float]]) -> LegacyAnswers:
    """The rule's answer for one wearer: (minute from the start, metres east, radius)."""
    lat, lon = PLACE.to_degrees([east for _m, east, _r in fixes], [0.0 for _ in fixes])
    n = len(fixes)
    trails = Trails(
        wearers=("w",),
        offsets=np.array([0, n]),
        t_us=np.array([START + int(m * MINUTE) for m, _e, _r in fixes], dtype=np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.array([r for _m, _e, r in fixes], dtype=np.float64),
        mechanism=np.ones(n, dtype=np.int8),
        doubt=np.zeros(n, dtype=np.int8),
        active_offsets=np.array([0, 0]),
        active_from_us=np.empty(0, dtype=np.int64),
        active_to_us=np.empty(0, dtype=np.int64),
    )
    scenes = Scenes(
        index=np.array([0]),
        latitude=np.array([52.6]),
        longitude=np.array([-0.7]),
        rounding_m=np.array([1.0]),
        start_us=np.array([START]),
        end_us=np.array([END]),
    )
    return match_pairs(trails, scenes, np.array([0]), np.array([0]))


@pytest.mark.parametrize(
    ("fixes", "labels"),
    [
        pytest.param([], "", id="no fix, no match"),
        pytest.param([(5, 50, 10)], "A1", id="one fix inside is enough"),
        pytest.param([(5, 0, 141)], "A1", id="a circle just under twice the area"),
        pytest.param([(5, 0, 142)], "", id="a radius above 141.4 m never matches"),
        pytest.param([(5, 99, 0)], "A1", id="radius 0: a point inside"),
        pytest.param([(5, 101, 0)], "", id="radius 0: a point outside"),
        pytest.param([(5, 99, np.nan)], "A1", id="no radius: a point"),
        pytest.param([(5, 101, 30)], "", id="centre outside: less than half inside"),
        pytest.param([(-10, 0, 5)], "A1", id="ten minutes before, included"),
        pytest.param([(-10.01, 0, 5)], "", id="more than ten minutes before"),
        pytest.param([(70, 0, 5)], "A1", id="ten minutes after, included"),
        pytest.param([(70.01, 0, 5)], "", id="more than ten minutes after"),
        pytest.param(
            [(1, 0, 5), (2, 10, 5), (3, 500, 5), (4, 0, 5)], "A1;A2;B1", id="exit and re-entry"
        ),
        pytest.param([(1, 0, 5), (20, 0, 5)], "A1;A2", id="a gap is no exit"),
        pytest.param([(1, 600, 5), (2, 600, 5)], "", id="a pass between fixes is missed"),
    ],
)
def test_labels(fixes: list[tuple[float, float, float]], labels: str) -> None:
    answers = answer(fixes)
    assert answers.labels == (labels,)
    assert answers.matched[0] == bool(labels)
    assert answers.fixes[0] == (labels.count(";") + 1 if labels else 0)


def test_nearest_is_over_all_fixes_of_the_padded_window_and_nan_without_any() -> None:
    assert answer([(-10, 700, 5), (5, 900, 5), (90, 0, 5)]).nearest_m[0] == pytest.approx(
        700, abs=0.01
    )
    assert np.isnan(answer([(-11, 0, 5)]).nearest_m[0])


def test_letters_go_on_after_z() -> None:
    assert [letters(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_letters_advance_past_z_in_a_trail() -> None:
    fixes = [(m / 2, 0.0 if m % 2 == 0 else 500.0, 5.0) for m in range(57)]
    labels = answer(fixes).labels[0].split(";")
    assert labels[25:29] == ["Z1", "AA1", "AB1", "AC1"]


def test_half_the_circle_decides() -> None:
    # Two circles of 100 m share half of one's area when 0.8079 radii apart.
    assert lens_area_m2(80.79, 100.0, 100.0) == pytest.approx(np.pi * 5000, rel=1e-3)
    assert fix_matches(80.7, 100.0)
    assert not fix_matches(80.9, 100.0)
