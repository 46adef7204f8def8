"""The dwell law: how long the stay lasted that a minute belongs to, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_lives import trail

from tipstaff.matching.dwell import LONGEST_MIN, DwellLaw, class_of, dwell_weight, stay_at
from tipstaff.matching.dwell_counts import FROM_MIN, LEAST, MOST, OffenderStays, law_from
from tipstaff.matching.dwell_v1 import DWELL_V1
from tipstaff.matching.minutes import Minutes

LAW = DwellLaw((1, 3, 5), ((0.1, 0.5, 4.0), (1.0, 2.0, 3.0), (7.0, 8.0, 9.0)))


def minutes(east_m: list[float], sigma: float = 20.0, near: list[float] | None = None) -> Minutes:
    east = np.array(east_m)
    silent = np.zeros(len(east)) if near is None else np.array(near)
    return trail(0, east, np.zeros(len(east)), np.full(len(east), sigma), silent)


def stays(of: Minutes, law: DwellLaw = LAW) -> list[int]:
    return [stay_at(of, k, law.as_table()) for k in range(len(of.x))]


#: Far off, well seen: where a stay is known to have ended.
AWAY = 9_000.0


def test_a_stay_is_the_minutes_round_one_that_remain_within_reach_of_it() -> None:
    assert stays(minutes([AWAY, 0.0, 50.0, 99.0, 500.0, 510.0, 0.0, AWAY]))[1:-1] == [
        3,
        3,
        3,
        2,
        2,
        1,
    ]
    # somebody who walks 90 m a minute is about each place for three minutes, however far they go
    assert stays(minutes([90.0 * k for k in range(8)]))[2:-2] == [3, 3, 3, 3]


def test_coming_back_is_another_stay() -> None:
    assert stays(minutes([AWAY, 0.0, 0.0, 900.0, 0.0, 0.0, 0.0, AWAY]))[1:-1] == [2, 2, 1, 3, 3, 3]


def test_a_stay_that_goes_out_of_sight_cannot_be_told() -> None:
    near = [0.0, 0.0, 0.0, 16.0, 0.0, 0.0, 0.0]
    assert stays(minutes([AWAY, 0.0, 0.0, 0.0, 0.0, 0.0, AWAY], near=near))[1:-1] == [0] * 5
    assert stays(minutes([AWAY, 0.0, 0.0, 700.0, 0.0, 0.0, AWAY], near=near))[1:-1] == [0] * 5
    assert stays(minutes([0.0] * 5)) == [0] * 5  # nothing is known beyond the ends
    assert stays(minutes([AWAY, 0.0, AWAY], sigma=75.0)) == [0, 0, 0]
    assert stays(minutes([AWAY, 0.0, AWAY], sigma=74.9))[1] == 1


def test_long_stays_are_told_apart_no_further() -> None:
    for length, told in ((LONGEST_MIN, LONGEST_MIN), (LONGEST_MIN + 1, LONGEST_MIN + 1)):
        of = minutes([AWAY, *[0.0] * length, AWAY])
        assert stay_at(of, 3, LAW.as_table()) == told
    day = minutes([0.0] * (LONGEST_MIN + 9))  # seen long enough, whatever became of it
    assert stay_at(day, 2, LAW.as_table()) == LONGEST_MIN + 1


@pytest.mark.parametrize(
    ("familiar", "number"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.94, 1), (0.95, 2), (1.0, 2)]
)
def test_familiarity_has_three_classes(familiar: float, number: int) -> None:
    assert class_of(familiar) == number


def test_the_weight_is_that_of_the_length_and_the_familiarity() -> None:
    of, table = minutes([AWAY, 0.0, 0.0, 0.0, 0.0, 900.0, AWAY]), LAW.as_table()
    assert [dwell_weight(of, 2, f, table) for f in (0.1, 0.6, 0.99)] == [0.5, 2.0, 8.0]
    assert [dwell_weight(of, 5, f, table) for f in (0.1, 0.6, 0.99)] == [0.1, 1.0, 7.0]


def test_what_cannot_be_told_weighs_one() -> None:
    assert dwell_weight(minutes([0.0] * 9, sigma=99.0), 4, 0.1, LAW.as_table()) == 1.0
    assert dwell_weight(minutes([0.0] * 9), 4, 0.1, DwellLaw().as_table()) == 1.0
    later = DwellLaw((5,), ((9.0,),) * 3).as_table()
    short = minutes([AWAY, 0.0, 0.0, 0.0, AWAY])
    assert dwell_weight(short, 2, 0.1, later) == 1.0  # shorter than the law begins


@pytest.mark.parametrize(
    ("from_min", "values", "told"),
    [
        ((1, 2), ((1.0,),) * 3, "one weight for each length"),
        ((2, 1), ((1.0, 1.0),) * 3, "ascending"),
        ((0,), ((1.0,),) * 3, "from 1"),
        ((1,), ((0.0,),) * 3, "above 0"),
        ((1,), ((1.0,),) * 2, "3 rows"),
    ],
)
def test_a_law_that_makes_no_sense_is_refused(from_min: Any, values: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        DwellLaw(from_min, values)


def counted(lengths: dict[int, int]) -> np.ndarray:
    counts = np.zeros((3, LONGEST_MIN + 2), np.int64)
    for stay, number in lengths.items():
        counts[:, stay] = number
    return counts


def test_offenders_stays_are_shares_and_about_twenty_minutes_on_average() -> None:
    assert OffenderStays().shares().sum() == pytest.approx(1.0)
    single = OffenderStays(any_share=0.0).shares(range(1, 180))
    assert (single * np.arange(1, 180)).sum() == pytest.approx(20.0, abs=1.0)


def test_a_law_averages_to_one_over_usual_stays() -> None:
    """Within the limits: E[weight | H2] = Σ usual · offending / usual = 1, class by class."""
    rng = np.random.default_rng(5)
    counts = rng.integers(20_000, 60_000, (3, LONGEST_MIN + 2))
    law = law_from(counts)
    starts = np.array(FROM_MIN)
    usual = np.add.reduceat(counts[:, 1:], starts - 1, axis=1)
    mean = (np.array(law.weights) * usual / usual.sum(axis=1, keepdims=True)).sum(axis=1)
    assert mean == pytest.approx([1.0] * 3, abs=0.01)


def test_what_was_never_counted_weighs_no_more_than_the_limit() -> None:
    law = law_from(counted({1: 1_000_000, 91: 1_000_000}))
    assert max(max(row) for row in law.weights) == MOST
    assert min(min(row) for row in law.weights) >= LEAST


def test_stays_that_cannot_be_told_are_not_counted() -> None:
    told = counted({1: 900, 10: 300, 91: 4000})
    with_others = told.copy()
    with_others[:, 0] = 10**6
    assert law_from(with_others) == law_from(told)


def test_the_shipped_law_speaks_for_a_stay_as_long_as_an_offence() -> None:
    """Passing and living there weigh against, ten to thirty minutes weigh for, in every class."""
    table = DWELL_V1.as_table()
    for row in table.weights[:2]:
        assert row[2] < 0.2
        assert min(row[10:31]) > 1.0
    assert table.weights[2, LONGEST_MIN + 1] == LEAST
    assert table.weights[2, 15] == MOST
