"""Curfews as tables: what tag and home unit tell, what is found, and what the evening came to.

The curfew is from 19:00 to 23:00 with a grace of five minutes; home is a circle of 40 m about the
middle, mother's three kilometres east of it. Both forms of the engine find it.
"""

from __future__ import annotations

import pytest
from engine_forms import told_of
from lives_in_words import every, facts, instant, outcomes, periods, place, told

from tipstaff.domain.findings import Told
from tipstaff.domain.zones import Circle
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.watches import CurfewWatch, Demanded, PlaceToBe

H, A, M = "gps r10 0,0", "gps r10 9000,0", "gps r10 3000,0"
HEARS, DEAF = "unit hears home", "unit deaf home"
HOME = PlaceToBe("home", outline_of(Circle(place(0, 0), 40.0)))
MOTHER = PlaceToBe("mother", outline_of(Circle(place(3000, 0), 40.0)))
MINUTE = 60_000_000


def curfew(hours: str = "19:00-23:00", places: tuple[PlaceToBe, ...] = (HOME,)) -> CurfewWatch:
    either = (1 << len(places)) - 1
    demanded = [Demanded(a, b, either, a + 5 * MINUTE) for a, b in periods(hours)]
    return CurfewWatch("c", places, tuple(demanded))


def tells(lines: list[str], watch: CurfewWatch | None = None, until: str = "23:59") -> list[Told]:
    return told_of(facts(lines), [watch or curfew()], instant(until))


NOT_KNOWN = "whereabouts began confirmed not_known"
KNOWN_AGAIN = "whereabouts ended confirmed known_again"


@pytest.mark.parametrize(
    ("lines", "wanted", "outcome"),
    [
        pytest.param(
            every(5, "18:50", "23:10", H),
            [],
            "kept, absent 0:00:00, unknown 0:00:00, there 19:00 to 22:55",
            id="at home throughout",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", A), *every(5, "20:00", "23:00", H)],
            [
                "19:05 curfew began confirmed out_at_start since 19:00",
                "20:00 curfew ended confirmed returned_late since 19:00",
            ],
            "broken, absent 1:00:00, unknown 0:00:00, there 20:00 to 22:55",
            id="out before it starts, back late (T1)",
        ),
        pytest.param(
            [f"18:5{minute} {A}" for minute in (0, 2, 9)],
            [
                "19:05 curfew began confirmed out_at_start since 19:00",
                f"19:14 {NOT_KNOWN} since 19:14",
                "23:00 curfew ended confirmed period_ended since 19:00",
                "23:00 whereabouts ended confirmed period_ended since 19:14",
            ],
            "broken, absent 0:14:00, unknown 3:46:00, never there",
            id="out before it starts, and silent since: judged at its start all the same",
        ),
        pytest.param(
            every(5, "18:30", "23:30", A),
            [
                "19:05 curfew began confirmed out_at_start since 19:00",
                "23:00 curfew ended confirmed out_throughout since 19:00",
            ],
            "broken, absent 4:00:00, unknown 0:00:00, never there",
            id="out for the whole of it",
        ),
        pytest.param(
            [*every(5, "18:30", "19:03", A), *every(5, "19:03", "23:00", H)],
            [],
            "kept, absent 0:03:00, unknown 0:00:00, there 19:03 to 22:58",
            id="back within the grace",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", H),
                *every(5, "20:00", "21:00", A),
                *every(5, "21:00", "23:00", H),
            ],
            [
                "20:05 curfew began confirmed left_during since 20:00",
                "21:00 curfew ended confirmed returned since 20:00",
            ],
            "broken, absent 0:55:00, unknown 0:00:00, there 19:00 to 22:55",
            id="left and came back: two witnesses have it, the first one's time is told",
        ),
        pytest.param(
            [*every(5, "18:30", "22:00", H), *every(5, "22:00", "23:30", A)],
            [
                "22:05 curfew began confirmed left_during since 22:00",
                "23:00 curfew ended confirmed out_at_end since 22:00",
            ],
            "broken, absent 0:55:00, unknown 0:00:00, there 19:00 to 21:55",
            id="left and out at the end",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", H), f"20:00 {A}", *every(5, "20:05", "23:00", H)],
            [],
            "kept, absent 0:00:00, unknown 0:00:00, there 19:00 to 22:55",
            id="one gross outlier",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", H), *every(5, "20:00", "23:00", "wifi r20 9000,0")],
            [
                f"20:10 {NOT_KNOWN} since 20:10",
                "23:00 whereabouts ended confirmed period_ended since 20:10",
            ],
            "unknown, absent 0:00:00, unknown 2:50:00, there 19:00 to 19:55",
            id="a far coordinate looked up again and again is one witness: no telling",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", H),
                *(f"20:{5 * i:02} wifi r20 {9000 + i},0" for i in range(6)),
                *every(5, "20:30", "23:00", A),
            ],
            [
                "20:05 curfew began probable left_during since 20:00",
                "20:30 curfew grew confirmed surer since 20:00",
                "23:00 curfew ended confirmed out_at_end since 20:00",
            ],
            "broken, absent 2:55:00, unknown 0:00:00, there 19:00 to 19:55",
            id="network fixes alone never confirm",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", H), *every(5, "20:00", "23:00", "gps r10 50,0")],
            [],
            "kept, absent 0:00:00, unknown 0:00:00, there 19:00 to 22:55",
            id="between the two the last stays",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", H), *every(5, "20:00", "23:00", "lbs r800 0,0")],
            [],
            "kept, absent 0:00:00, unknown 0:00:00, there 19:00 to 22:55",
            id="a coarse fix over the house says nothing against it",
        ),
        pytest.param(
            [],
            [
                f"19:05 {NOT_KNOWN} since 19:05",
                "23:00 whereabouts ended confirmed period_ended since 19:05",
            ],
            "unknown, absent 0:00:00, unknown 4:00:00, never there",
            id="nothing known is no absence",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", H), *every(5, "21:00", "23:00", H)],
            [f"20:10 {NOT_KNOWN} since 20:10", f"21:00 {KNOWN_AGAIN} since 20:10"],
            "unknown, absent 0:00:00, unknown 0:50:00, there 19:00 to 22:55",
            id="silent for an hour",
        ),
        pytest.param(
            [*every(5, "18:30", "20:00", A), *every(5, "21:00", "23:00", A)],
            [
                "19:05 curfew began confirmed out_at_start since 19:00",
                f"20:10 {NOT_KNOWN} since 20:10",
                f"21:05 {KNOWN_AGAIN} since 20:10",
                "23:00 curfew ended confirmed out_at_end since 19:00",
            ],
            "broken, absent 3:05:00, unknown 0:55:00, never there",
            id="silence ends no absence",
        ),
        pytest.param(
            [*every(5, "20:00", "21:00", A), *every(5, "21:00", "23:00", H)],
            [
                f"19:05 {NOT_KNOWN} since 19:05",
                f"20:05 {KNOWN_AGAIN} since 19:05",
                "20:05 curfew began confirmed found_away since 20:00",
                "21:00 curfew ended confirmed returned since 20:00",
            ],
            "broken, absent 0:55:00, unknown 1:05:00, there 21:00 to 22:55",
            id="found away after nothing was known",
        ),
    ],
)
def test_by_positions(lines: list[str], wanted: list[str], outcome: str) -> None:
    found = tells(lines)
    assert told(found) == wanted
    assert outcomes(found) == [outcome]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param(
            [
                *every(5, "18:30", "20:00", HEARS),
                *every(5, "20:00", "20:30", DEAF),
                *every(5, "20:30", "23:00", HEARS),
            ],
            [
                "20:00 curfew began confirmed left_during since 20:00",
                "20:30 curfew ended confirmed returned since 20:00",
            ],
            id="a unit in its place and deaf says so at once",
        ),
        pytest.param(
            [*every(5, "18:30", "23:00", HEARS), *every(7, "20:00", "23:00", A)],
            [],
            id="while the unit hears the tag, positions elsewhere say nothing",
        ),
        pytest.param(
            [*every(5, "18:30", "23:00", H), *every(7, "20:01", "23:00", DEAF)],
            [],
            id="a deaf unit says nothing against positions at home",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", H),
                f"20:01 {DEAF}",
                f"20:02 {A}",
                *every(5, "20:07", "23:00", A),
            ],
            [
                "20:02 curfew began confirmed left_during since 20:01",
                "23:00 curfew ended confirmed out_at_end since 20:01",
            ],
            id="a deaf unit and one position elsewhere are two witnesses",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", HEARS),
                "20:00 unit power_off home",
                *every(5, "20:01", "20:30", DEAF),
            ],
            [
                f"20:10 {NOT_KNOWN} since 20:10",
                "23:00 whereabouts ended confirmed period_ended since 20:10",
            ],
            id="without mains it is not believed deaf",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", HEARS),
                "20:00 unit moved home",
                *every(5, "20:01", "20:30", HEARS),
                "20:31 unit returned home",
                *every(5, "20:32", "23:00", HEARS),
            ],
            [f"20:10 {NOT_KNOWN} since 20:10", f"20:32 {KNOWN_AGAIN} since 20:10"],
            id="a moved unit hears the tag anywhere",
        ),
        pytest.param(
            [
                *every(5, "18:30", "20:00", HEARS),
                *every(5, "20:00", "23:00", "unit hears elsewhere"),
            ],
            [
                f"20:10 {NOT_KNOWN} since 20:10",
                "23:00 whereabouts ended confirmed period_ended since 20:10",
            ],
            id="the unit of another address says nothing of this one",
        ),
    ],
)
def test_by_home_unit(lines: list[str], wanted: list[str]) -> None:
    assert told(tells(lines)) == wanted


def test_any_of_several_addresses_will_do() -> None:
    both = curfew(places=(HOME, MOTHER))
    moving = [*every(5, "18:30", "20:00", H), *every(5, "20:00", "23:00", M)]
    assert outcomes(tells(moving, both)) == [
        "kept, absent 0:00:00, unknown 0:00:00, there 19:00 to 22:55"
    ]
    assert told(tells(moving))[0] == "20:05 curfew began confirmed left_during since 20:00"


def test_away_of_all_addresses_is_away_since_the_last_was_left() -> None:
    both = curfew(places=(HOME, MOTHER))
    lines = [*every(5, "18:30", "20:00", H), *every(5, "20:00", "21:00", M)]
    lines += every(5, "21:00", "23:00", A)
    assert told(tells(lines, both)) == [
        "21:05 curfew began confirmed left_during since 21:00",
        "23:00 curfew ended confirmed out_at_end since 21:00",
    ]


def test_of_an_address_that_nobody_placed_its_unit_alone_tells() -> None:
    caravan = curfew(places=(PlaceToBe("caravan", None),))
    lines = [*every(5, "18:30", "23:00", A), *every(5, "20:00", "21:00", "unit hears caravan")]
    assert told(tells(lines, caravan)) == [
        f"19:05 {NOT_KNOWN} since 19:05",
        f"20:00 {KNOWN_AGAIN} since 19:05",
    ]
    lines = [*every(5, "18:30", "23:00", A), *every(5, "18:30", "20:00", "unit deaf caravan")]
    assert told(tells(lines, caravan))[0] == (
        "19:05 curfew began confirmed out_at_start since 19:00"
    )


def test_each_row_has_addresses_of_its_own() -> None:
    start, turn, end = instant("19:00"), instant("21:00"), instant("23:00")
    demanded = (
        Demanded(start, turn, 0b01, start + 5 * MINUTE),
        Demanded(turn, end, 0b10, turn + 5 * MINUTE),
    )
    watch = CurfewWatch("c", (HOME, MOTHER), demanded)
    found = tells(every(5, "18:30", "23:00", H), watch)
    assert told(found) == [
        "21:05 curfew began confirmed out_at_start since 21:00",
        "23:00 curfew ended confirmed out_throughout since 21:00",
    ]
    assert [words.split(",")[0] for words in outcomes(found)] == ["kept", "broken"]


def test_a_curfew_that_goes_on_is_judged_without_a_grace() -> None:
    turn, end = instant("21:00"), instant("23:00")
    watch = CurfewWatch("c", (HOME,), (Demanded(turn, end, 1, turn),))
    assert told(tells(every(5, "20:00", "23:00", A), watch))[0] == (
        "21:00 curfew began confirmed out_at_start since 21:00"
    )


def test_a_curfew_that_goes_on_in_silence_ends_no_absence() -> None:
    turn, end = instant("21:00"), instant("23:00")
    went_on = CurfewWatch("c", (HOME, MOTHER), (Demanded(turn, end, 1, turn, goes_on=True),))
    both = [curfew("19:00-21:00"), went_on]
    found = told(told_of(facts(every(5, "18:30", "20:00", A)), both, instant("21:30")))
    assert found == [
        "19:05 curfew began confirmed out_at_start since 19:00",
        f"20:10 {NOT_KNOWN} since 20:10",
        "21:00 curfew ended confirmed period_ended since 19:00",
        "21:00 whereabouts ended confirmed period_ended since 20:10",
        f"21:00 {NOT_KNOWN} since 21:00",
        "21:00 curfew began confirmed out_at_start since 21:00",
    ]
    fresh = CurfewWatch("c", (HOME,), (Demanded(turn, end, 1, turn),))
    assert told(tells(every(5, "18:30", "20:00", A), fresh, "21:30")) == [
        f"21:00 {NOT_KNOWN} since 21:00"
    ]


def test_an_absence_over_midnight() -> None:
    lines = [*every(5, "18:30", "23:30", H), *every(5, "23:30", "23:59", A)]
    lines += [f"+1 {line}" for line in every(5, "00:00", "06:00", A)]
    found = tells(lines, curfew("19:00-+1 06:00"), until="+1 12:00")
    assert told(found) == [
        "23:35 curfew began confirmed left_during since 23:30",
        "+1 06:00 curfew ended confirmed out_at_end since 23:30",
    ]
    assert outcomes(found) == ["broken, absent 6:25:00, unknown 0:00:00, there 19:00 to 23:25"]
