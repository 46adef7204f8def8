"""The zone rule as tables: where fixes put the wearer, and what is found. Both forms find it.

The zone is a square of 200 m by 200 m about the middle, forbidden from 10:00 to 12:00, unless a
case says otherwise. Places are metres east and north of the middle.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from engine_forms import told_of
from lives_in_words import MIDDLE, every, fixes, instant, periods, place, told

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.zones import Area, Circle, Corridor, Harm, Polygon, Ring, Shape
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.watches import Periods, ZoneWatch

HOURS = periods("10:00-12:00")
NIGHT = instant("23:59")


def square(half_m: float, about: LocalPlane = MIDDLE, hole_m: float = 0.0) -> Area:
    def ring(half: float) -> Ring:
        corners = ((-half, -half), (half, -half), (half, half), (-half, half))
        return tuple(place(x, y, about) for x, y in corners)

    return Area((Polygon(ring(half_m), (ring(hole_m),) if hole_m else ()),))


def watch(
    shape: Shape | None = None,
    *,
    hours: Periods = HOURS,
    harm: Harm = Harm.MEDIUM,
    keep_in: bool = False,
) -> ZoneWatch:
    return ZoneWatch("z", keep_in, harm, outline_of(shape or square(100)), hours)


def findings(lines: list[str], watched: ZoneWatch | None = None) -> list[str]:
    return told(told_of(fixes(lines), [watched or watch()], NIGHT))


VISIT = [
    "10:10 gps r10 -400,0",
    *every(1, "10:11", "10:15", "gps r10 0,0"),
    *every(1, "10:15", "10:20", "gps r10 -400,0"),
]
SWAYING = (0, 18, -9, 22, -20, 5, 28, -3)


def drift(radius: int, away_m: int) -> list[str]:
    """At rest beside the zone for an hour and a half: fixes sway, some of them into it."""
    ats = every(1, "10:00", "11:30", "")
    return [f"{at}gps r{radius} {SWAYING[i % 8] - 100 - away_m},0" for i, at in enumerate(ats)]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param(
            VISIT,
            [
                "10:12 began suspected fix_inside since 10:12",
                "10:13 grew confirmed fix_inside since 10:12",
                "10:16 ended confirmed fix_outside since 10:12",
            ],
            id="seen outside, then a stay of four minutes",
        ),
        pytest.param(
            ["10:10 gps r10 0,0", "10:11 gps r10 0,0"],
            [
                "10:10 began probable fix_inside since 10:10",
                "10:11 grew confirmed fix_inside since 10:10",
                "12:00 ended confirmed period_ended since 10:10",
            ],
            id="first seen inside",
        ),
        pytest.param(
            [*VISIT[5:7], "10:17 gps r10 0,0", *every(1, "10:18", "10:22", "gps r10 -400,0")],
            [],
            id="one gross outlier among fixes outside",
        ),
        pytest.param(drift(12, 25), [], id="drift at rest beside the zone (T2)"),
        pytest.param(drift(40, 25), [], id="drift of poor fixes at rest beside the zone (T2)"),
        pytest.param(
            every(2, "10:10", "11:40", "wifi r10 0,0"),
            [
                "10:10 began suspected fix_inside since 10:10",
                "12:00 ended suspected period_ended since 10:10",
            ],
            id="a coordinate looked up again and again is one witness",
        ),
        pytest.param(
            [f"{at}wifi r20 {i},0" for i, at in enumerate(every(2, "10:10", "11:10", ""))],
            [
                "10:12 began suspected fix_inside since 10:10",
                "10:16 grew probable fix_inside since 10:10",
                "12:00 ended probable period_ended since 10:10",
            ],
            id="network fixes alone never confirm",
        ),
        pytest.param(
            [*(f"10:{10 + 4 * i} wifi r20 {i},0" for i in range(5)), "10:40 gps r10 0,0"],
            [
                "10:14 began suspected fix_inside since 10:10",
                "10:18 grew probable fix_inside since 10:10",
                "10:40 grew confirmed fix_inside since 10:10",
                "12:00 ended confirmed period_ended since 10:10",
            ],
            id="a satellite fix confirms what network fixes said",
        ),
        pytest.param(every(2, "10:10", "10:40", "lbs r800 0,0"), [], id="a cell says little"),
        pytest.param(
            ["10:10 gps r5 -300,0", "10:11 gps r5 300,0"],
            [
                "10:11 began suspected line_crosses since 10:10",
                "10:11 ended suspected line_crosses since 10:10",
            ],
            id="a fast pass between two fixes is suspected (T9)",
        ),
        pytest.param(["10:10 gps r5 -300,0", "10:16 gps r5 300,0"], [], id="no line over a gap"),
        pytest.param(["10:10 gps r5 -300,0", "10:11 wifi r5 300,0"], [], id="no line by network"),
        pytest.param(["09:59 gps r5 -300,0", "10:00 gps r5 300,0"], [], id="no line from before"),
        pytest.param(["10:10 gps r5 -300,0", "10:11 gps r5 -300,300"], [], id="a line beside it"),
        pytest.param(
            [*every(1, "09:50", "09:55", "gps r10 0,0"), "10:05 gps r10 0,0"],
            [
                "10:00 began probable inside_at_start since 10:00",
                "10:05 grew confirmed fix_inside since 10:00",
                "12:00 ended confirmed period_ended since 10:00",
            ],
            id="inside when the hours begin (T1)",
        ),
        pytest.param(["09:00 gps r10 0,0"], [], id="evidence of an hour ago has faded"),
        pytest.param(every(1, "09:40", "09:59", "gps r10 -400,0"), [], id="outside all along"),
        pytest.param(
            every(1, "11:50", "12:10", "gps r10 0,0"),
            [
                "11:50 began probable fix_inside since 11:50",
                "11:51 grew confirmed fix_inside since 11:50",
                "12:00 ended confirmed period_ended since 11:50",
            ],
            id="it ends with the hours",
        ),
        pytest.param(
            [
                *every(1, "10:10", "10:13", "gps r10 0,0"),
                *every(1, "11:40", "11:43", "gps r10 -400,0"),
            ],
            [
                "10:10 began probable fix_inside since 10:10",
                "10:11 grew confirmed fix_inside since 10:10",
                "11:40 ended confirmed fix_outside since 10:10",
            ],
            id="a gap ends nothing, a fix does",
        ),
        pytest.param([], [], id="nothing known, nothing found"),
    ],
)
def test_exclusion(lines: list[str], wanted: list[str]) -> None:
    assert findings(lines) == wanted


@pytest.mark.parametrize(
    ("harm", "wanted"),
    [
        (Harm.HIGH, ["10:12 probable", "10:13 confirmed"]),
        (Harm.MEDIUM, ["10:12 suspected", "10:13 confirmed"]),
        (Harm.LOW, ["10:12 suspected", "10:13 probable", "10:14 confirmed"]),
    ],
)
def test_the_harm_of_a_zone_brings_levels_forward(harm: Harm, wanted: list[str]) -> None:
    words = [one.split() for one in findings(VISIT, watch(harm=harm))[:-1]]
    assert [f"{at} {level}" for at, _step, level, *_ in words] == wanted


def test_an_inclusion_zone_is_the_other_way_round() -> None:
    assert findings(VISIT[1:], watch(keep_in=True)) == [
        "10:16 began suspected fix_inside since 10:16",
        "10:17 grew confirmed fix_inside since 10:16",
        "12:00 ended confirmed period_ended since 10:16",
    ]


def test_no_line_is_drawn_for_an_inclusion_zone() -> None:
    lines = ["10:10 gps r5 -300,0", "10:11 gps r5 300,0"]
    assert not any("line" in one for one in findings(lines, watch(keep_in=True)))


def test_who_stays_in_a_hole_is_outside() -> None:
    assert findings(every(1, "10:10", "10:20", "gps r10 0,0"), watch(square(150, hole_m=80))) == []
    assert findings(every(1, "10:10", "10:12", "gps r5 115,0"), watch(square(150, hole_m=80)))


def test_a_corridor_is_entered_at_its_end_and_crossed_in_between() -> None:
    road = watch(Corridor((place(-500, 0), place(500, 0)), 25.0))
    along = [f"10:{10 + i} gps r5 {i * 50 - 200},3" for i in range(5)]
    assert findings(along, road)[1] == "10:11 grew confirmed fix_inside since 10:10"
    across = ["10:10 gps r5 0,-200", "10:11 gps r5 0,200"]
    assert findings(across, road)[0] == "10:11 began suspected line_crosses since 10:10"


def test_a_zone_across_the_antimeridian_is_like_any_other() -> None:
    there = LocalPlane(-17.0, 180.0)
    lines = fixes(VISIT, there)
    assert {one.lon_e7 > 0 for one in fixes(["10:00 gps 50,0", "10:00 gps -50,0"], there)} == {
        True,
        False,
    }
    assert told(told_of(lines, [watch(square(100, there))], NIGHT)) == findings(VISIT)
    passing = fixes(["10:10 gps r5 -300,0", "10:11 gps r5 300,0"], there)
    assert len(told_of(passing, [watch(square(100, there))], NIGHT)) == 2


def test_a_coarse_fix_amid_a_small_zone_says_nothing_against_it() -> None:
    garden = watch(Circle(place(0, 0), 20.0))
    seen = every(1, "10:10", "10:13", "gps r5 0,0")
    coarse = [f"10:{13 + 5 * i} lbs r800 {i},0" for i in range(8)]
    assert findings([*seen, *coarse], garden) == findings(seen, garden)
    elsewhere = [f"10:{13 + 5 * i} lbs r800 {3_000 + i},0" for i in range(8)]
    assert findings([*seen, *elsewhere], garden)[-1].endswith("fix_outside since 10:10")


def test_no_level_is_taken_back_before_the_end() -> None:
    wavering = [*VISIT[:4], "10:14 gps r10 -400,0", "10:14:20 gps r10 0,0", "10:15 gps r10 0,0"]
    assert findings(wavering) == [
        "10:12 began suspected fix_inside since 10:12",
        "10:13 grew confirmed fix_inside since 10:12",
        "12:00 ended confirmed period_ended since 10:12",
    ]


def test_two_visits_are_two_beginnings() -> None:
    again = [line.replace("10:", "11:") for line in VISIT]
    steps = [one.split()[:2] for one in findings([*VISIT, *again])]
    begun = [at for at, step in steps if step == "began"]
    assert begun == ["10:12", "11:12"]


def test_hours_that_touch_no_fix_are_empty() -> None:
    apart = watch(hours=periods("08:00-09:00", "13:00-14:00"))
    assert findings(VISIT, apart) == []


def test_neither_duplicates_nor_the_order_of_arrival_change_anything() -> None:
    doubled = [*VISIT, *VISIT]
    for seed in range(5):
        random.Random(seed).shuffle(doubled)
        assert findings(doubled) == findings(VISIT)


def test_of_two_fixes_at_one_instant_the_satellites_speaks() -> None:
    contradicted = [line.replace("gps r10 0,0", "wifi r10 900,0") for line in VISIT[1:5]]
    assert findings([*contradicted, *VISIT]) == findings(VISIT)


def test_a_zone_redrawn_round_the_wearer_ends_and_begins_at_one_instant() -> None:
    """Two versions of one condition: an episode takes the two for one (T11)."""
    versions = [
        watch(square(100), hours=periods("10:00-10:20")),
        watch(square(120), hours=periods("10:20-12:00")),
    ]
    lines = every(1, "10:10", "10:30", "gps r10 0,0")
    assert told(told_of(fixes(lines), versions, NIGHT)) == [
        "10:10 began probable fix_inside since 10:10",
        "10:11 grew confirmed fix_inside since 10:10",
        "10:20 ended confirmed period_ended since 10:10",
        "10:20 began confirmed inside_at_start since 10:20",
        "12:00 ended confirmed period_ended since 10:20",
    ]


@pytest.mark.parametrize(
    ("radius_m", "wanted"),
    [
        (120, ["10:40 ended confirmed period_ended", "10:40 began confirmed inside_at_start"]),
        (10, ["10:40 ended confirmed period_ended"]),
    ],
)
def test_a_change_in_a_gap_ends_only_what_is_no_longer_forbidden(
    radius_m: float, wanted: list[str]
) -> None:
    """Last seen 60 m from the middle, silent for half an hour when the zone is redrawn."""
    change = instant("10:40")
    redrawn = watch(square(radius_m), hours=periods("10:40-12:00"))
    versions = [
        watch(square(100), hours=periods("10:00-10:40")),
        replace(redrawn, goes_on=frozenset({change})),
    ]
    found = told(told_of(fixes(every(1, "10:00", "10:10", "gps r5 60,0")), versions, NIGHT))
    assert [words.split(" since")[0] for words in found if words.startswith("10:40")] == wanted


def test_hours_that_begin_long_after_are_no_change() -> None:
    lines = every(1, "09:00", "09:10", "gps r5 60,0")
    assert findings(lines) == []


def test_more_is_told_than_there_was_room_for() -> None:
    """Twelve hundred steps of one zone, each fix across it: the columns run again with room."""
    sides = [f"{10 + i // 60}:{i % 60:02} gps r5 {300 if i % 2 else -300},0" for i in range(700)]
    whole_day = watch(hours=periods("00:00-23:59"))
    assert len(findings(sides, whole_day)) == 2 * 699
