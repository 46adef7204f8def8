"""Strap and case: what a device says of itself, told at once and never talked away."""

from __future__ import annotations

import pytest
from device_lives import DAY, facts, watch, world

from tipstaff.monitoring.rules.strap import CASE, STRAP

CUT = "1 began confirmed strap_cut"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        ([], []),
        (["1 strap_cut"], [CUT]),
        (["1 strap_cut", "9 strap_cut", "30 heartbeat", "40 fix"], [CUT]),
        (["1 strap_restored", "2 tamper_cleared"], []),
        # closed, and stayed so for ten minutes
        (["1 strap_cut", "5 strap_restored"], [CUT, "15 ended confirmed tamper_cleared"]),
        (["1 strap_cut", "5 tamper_cleared"], [CUT, "15 ended confirmed tamper_cleared"]),
        (["1 strap_cut", "5 case_closed"], [CUT]),
        # flapping is one
        (
            ["1 strap_cut", "2 strap_restored", "3 strap_cut", "4 strap_restored"],
            [CUT, "14 ended confirmed tamper_cleared"],
        ),
        (["1 strap_cut", "5 strap_restored", "15 strap_cut"], [CUT]),
        (
            ["1 strap_cut", "5 strap_restored", "16 strap_cut"],
            [CUT, "15 ended confirmed tamper_cleared", "16 began confirmed strap_cut"],
        ),
        # on the charger it is told at once all the same
        (
            ["0 charger_on", "1 strap_cut"],
            ["1 began probable cut_on_charger", "6 grew confirmed stayed_open"],
        ),
        (
            ["0 charger_on", "1 strap_cut", "3 charger_off"],
            ["1 began probable cut_on_charger", "3 grew confirmed stayed_open"],
        ),
        (
            ["0 charger_on", "1 strap_cut", "2 strap_restored"],
            ["1 began probable cut_on_charger", "12 ended probable tamper_cleared"],
        ),
        (["0 charger_on", "0.5 charger_off", "1 strap_cut"], [CUT]),
        # cut again on the charger: five minutes from then on
        (
            ["0 charger_on", "1 strap_cut", "2 strap_restored", "8 strap_cut"],
            ["1 began probable cut_on_charger", "13 grew confirmed stayed_open"],
        ),
        # bad news last: whole and cut at one instant is cut
        (["1 strap_cut", "1 strap_restored"], [CUT]),
    ],
)
def test_strap(life: list[str], expected: list[str]) -> None:
    assert world(STRAP, facts(*life), watch(), 10 * DAY) == expected


def test_a_cut_strap_stays_cut_until_the_activation_ends() -> None:
    found = world(STRAP, facts("1 strap_cut"), watch(end=50 * DAY), 60 * DAY)
    assert found == [CUT, f"{50 * DAY} ended confirmed period_ended"]


def test_what_happened_while_somebody_else_wore_it_is_not_this_wearers() -> None:
    assert world(STRAP, facts("-5 strap_cut", "100 strap_cut"), watch(end=100), 200) == []


def test_nothing_is_found_beyond_the_horizon() -> None:
    life = facts("1 strap_cut", "5 strap_restored")
    assert world(STRAP, life, watch(), 0.5) == []
    assert world(STRAP, life, watch(), 14.9) == [CUT]
    assert len(world(STRAP, life, watch(), 15)) == 2


def test_the_case_is_apart_from_the_strap() -> None:
    life = facts("1 case_opened", "2 strap_cut", "3 strap_restored", "20 case_closed")
    assert world(CASE, life, watch(), DAY) == [
        "1 began confirmed case_opened",
        "30 ended confirmed tamper_cleared",
    ]
    assert world(STRAP, life, watch(), DAY) == [
        "2 began confirmed strap_cut",
        "13 ended confirmed tamper_cleared",
    ]
