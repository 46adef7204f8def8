"""The area's map: the sum of every wearer's capped map, the same in any order."""

from __future__ import annotations

import numpy as np
import pytest
from small_lives import CRIME_DAY, summary

from tipstaff.patterns.area import AreaMap, area_of
from tipstaff.patterns.cells import TOP_LEVEL
from tipstaff.patterns.routine import Routine, routine_of

DAYS = range(CRIME_DAY - 20, CRIME_DAY - 5)


@pytest.fixture(scope="module")
def routines() -> list[Routine]:
    homes = [(0.0, 0.0), (30.0, 10.0), (4_000.0, -900.0)]
    return [routine_of(summary(home, (900.0, 0.0), DAYS, i)) for i, home in enumerate(homes)]


def as_dict(area: AreaMap, level: int) -> dict[int, int]:
    span = slice(area.level_from[level], area.level_from[level + 1])
    return dict(zip(area.keys[span].tolist(), area.mass[span].tolist(), strict=True))


def test_it_is_the_sum_of_the_wearers(routines: list[Routine]) -> None:
    area = area_of(routines)
    for level in range(TOP_LEVEL + 1):
        told: dict[int, int] = {}
        for r in routines:
            span = slice(r.level_from[level], r.level_from[level + 1])
            for key, mass in zip(r.keys[span].tolist(), r.cap[span].tolist(), strict=True):
                told[key] = told.get(key, 0) + mass
        assert as_dict(area, level) == told
        assert list(as_dict(area, level)) == sorted(told)


def test_the_order_of_wearers_does_not_matter(routines: list[Routine]) -> None:
    one, two = area_of(routines), area_of(routines[::-1])
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(a, b)


def test_a_home_counts_far_less_than_its_minutes(routines: list[Routine]) -> None:
    r = routines[2]
    cells = slice(0, r.level_from[1])
    spent = [int(r.all_min[r.all_from[c] : r.all_from[c + 1]].sum()) for c in range(cells.stop)]
    home = int(np.argmax(spent))
    elsewhere = np.array(spent)[np.array(spent) < 10]
    assert spent[home] > 1000 * elsewhere.mean()
    assert r.cap[home] < 200 * r.cap[cells][np.array(spent) < 10].mean()


def test_nobody_makes_an_empty_map() -> None:
    area = area_of([])
    assert len(area.keys) == 0
    assert area.level_from.tolist() == [0] * (TOP_LEVEL + 2)
