"""Why wearers were not searched, told without pointing at anybody; and whose fixes are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.periods import to_micros
from tipstaff.domain.search_reasons import Reason
from tipstaff.matching.inputs import WornPeriod, worn
from tipstaff.matching.kept_out import FEWEST, OTHERS, read, told
from tipstaff.matching.readable import readable


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, ""),
        ({"child": 0}, ""),
        ({"child": 1}, "other_reasons: 1"),
        ({"child": 4, "zone_only": 1}, "other_reasons: 5"),
        ({"child": 5, "zone_only": 9}, "zone_only: 9; child: 5"),
        ({"zone_only": 9, "child": 2, "curfew_only": 2}, "zone_only: 9; other_reasons: 4"),
    ],
)
def test_few_are_told_together(counts: dict[str, int], text: str) -> None:
    assert told(counts) == text


@given(st.dictionaries(st.sampled_from(list(Reason)), st.integers(0, 20)))
def test_nobody_is_lost_and_nobody_pointed_at(counts: dict[str, int]) -> None:
    found = read(told(counts))
    assert sum(found.values()) == sum(counts.values())
    assert all(n >= FEWEST for reason, n in found.items() if reason != OTHERS)


@pytest.mark.parametrize("text", [None, "", "=cmd()", "a: b; c", ": 4x"])
def test_a_text_of_something_else_says_nothing(text: str | None) -> None:
    assert read(text) == {}


def test_fixes_are_read_once_from_the_times_that_may_be_read() -> None:
    periods = [WornPeriod(7, "a", 0, 100), WornPeriod(8, "a", 100, 200), WornPeriod(9, "b", 0, 50)]
    table = readable(worn(periods), [[(60, 110), (20, 70), (105, 108)], []])
    rows = [
        (r["device_key"], to_micros(r["active_from"]), to_micros(r["active_to"]))
        for r in table.to_pylist()
    ]
    assert rows == [(7, 20, 100), (8, 100, 110)]
    assert readable(worn(periods), [[], []]).num_rows == 0
