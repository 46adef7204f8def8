"""Curfews where positions by radio come: each is the home unit's hearing of the tag (MONITORING).

Some feeds have nothing else of home units. The curfew is from 19:00 to 23:00, home is a circle of
40 m about the middle; satellites see the tag 9 km off, as a receiver indoors now and then does.
"""

from __future__ import annotations

import pytest
from engine_forms import told_of
from lives_in_words import every, facts, instant, periods, place, told

from tipstaff.domain.zones import Circle
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1, PARAMETERS_V3, EngineParameters
from tipstaff.monitoring.watches import CurfewWatch, Demanded, PlaceToBe

A, RADIO = "gps r10 9000,0", "rf 8,3"
NOT_KNOWN = "whereabouts began confirmed not_known"
HOME = PlaceToBe("home", outline_of(Circle(place(0, 0), 40.0)))
MOTHER = PlaceToBe("mother", outline_of(Circle(place(3000, 0), 40.0)))
HOURS = tuple(Demanded(a, b, 1, a + 300_000_000) for a, b in periods("19:00-23:00"))


def findings(
    lines: list[str], rules: EngineParameters = PARAMETERS_V3, at: PlaceToBe = HOME
) -> list[str]:
    watch = CurfewWatch("c", (at,), HOURS)
    return told(told_of(facts(lines), [watch], instant("23:59"), rules))


DRIFTS = [*every(6, "18:30", "23:00", RADIO), *every(2, "20:01", "22:54", A)]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param(DRIFTS, [], id="while the radio hears the tag, drift says nothing"),
        pytest.param(
            [*every(5, "18:30", "20:00", RADIO), *every(5, "20:01", "23:00", A)],
            [
                f"20:10 {NOT_KNOWN} since 20:10",
                "20:11 whereabouts ended confirmed known_again since 20:10",
                "20:11 curfew began confirmed left_during since 20:06",
                "23:00 curfew ended confirmed out_at_end since 20:06",
            ],
            id="left: the hearing stands for seven minutes",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", RADIO), *every(2, "20:00", "23:00", "unit deaf home")],
            [
                "20:10 curfew began confirmed left_during since 20:10",
                "23:00 curfew ended confirmed out_at_end since 20:10",
            ],
            id="a unit that says deaf is believed when its radio's last position has faded",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", RADIO),
                "20:00 unit moved home",
                *every(5, "20:01", "23:00", RADIO),
            ],
            [
                f"20:10 {NOT_KNOWN} since 20:10",
                "23:00 whereabouts ended confirmed period_ended since 20:10",
            ],
            id="a unit that was carried off hears the tag anywhere",
        ),
        pytest.param(
            every(5, "18:30", "23:00", "rf 3000,0"),
            [
                "19:05 curfew began confirmed out_at_start since 19:00",
                "23:00 curfew ended confirmed out_throughout since 19:00",
            ],
            id="the radio of another address puts them there",
        ),
    ],
)
def test_by_radio(lines: list[str], wanted: list[str]) -> None:
    assert findings(lines) == wanted


def test_the_radio_is_of_the_unit_in_whose_outline_it_lies() -> None:
    assert findings([line.replace("8,3", "3008,3") for line in DRIFTS], at=MOTHER) == []


def test_before_version_3_it_was_one_more_point() -> None:
    assert findings(DRIFTS, PARAMETERS_V1) != []
