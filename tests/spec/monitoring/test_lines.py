"""Lines between satellite fixes that cross a zone, as tables. Both forms of the engine tell them.

The zone is a square of 200 m about the middle, forbidden from 10:00 to 12:00; places are metres
east and north of it. A receiver at rest that jumps to the other side draws the same line as
somebody who drives there: who is back where they rested within 5 minutes has not moved.
"""

from __future__ import annotations

import pytest
from engine_forms import told_of
from lives_in_words import every, fixes, instant, periods, place, told

from tipstaff.domain.zones import Area, Harm, Polygon
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1, PARAMETERS_V3, EngineParameters
from tipstaff.monitoring.watches import ZoneWatch

CORNERS = ((-100, -100), (100, -100), (100, 100), (-100, 100))
SQUARE = Area((Polygon(tuple(place(*corner) for corner in CORNERS)),))
WATCH = ZoneWatch("z", False, Harm.MEDIUM, outline_of(SQUARE), periods("10:00-12:00"))
WEST, EAST = "gps r5 -300,0", "gps r5 300,0"
AT_REST = every(1, "10:00", "10:11", WEST)


def findings(lines: list[str], rules: EngineParameters = PARAMETERS_V3) -> list[str]:
    return told(told_of(fixes(lines), [WATCH], instant("23:59"), rules))


def passed(at: str, since: str) -> list[str]:
    return [f"{at} {step} suspected line_crosses since {since}" for step in ("began", "ended")]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param([f"10:10 {WEST}", f"10:11 {EAST}"], passed("10:11", "10:10"), id="T9"),
        pytest.param(
            [*AT_REST, f"10:11 {EAST}", *every(1, "10:12", "10:30", WEST)],
            [],
            id="a jump of one position from where the tag rests, and back",
        ),
        pytest.param(
            [*AT_REST, *every(1, "10:11", "10:14", EAST), *every(1, "10:14", "10:30", WEST)],
            [],
            id="a jump of three that agree",
        ),
        pytest.param(
            [*AT_REST, *(f"10:{11 + i} gps r5 {300 + 900 * i},0" for i in range(8))],
            passed("10:16", "10:10"),
            id="away from where it rested: told when it is not back after five minutes",
        ),
        pytest.param(
            [*AT_REST, *every(1, "10:11", "10:20", EAST)],
            passed("10:16", "10:10"),
            id="come to rest on the other side",
        ),
        pytest.param(
            [*AT_REST, f"10:11 {EAST}"],
            passed("12:00", "10:10"),
            id="never heard of again: told when the hours end",
        ),
        pytest.param(
            [*AT_REST, *every(1, "10:11", "10:20", EAST), *every(1, "10:20", "10:40", WEST)],
            [*passed("10:16", "10:10"), *passed("10:25", "10:19")],
            id="there, a rest, and back is two passes",
        ),
        pytest.param(
            [
                *AT_REST,
                *(f"10:{11 + i} gps r5 {-1200 - 900 * i},0" for i in range(6)),
                f"10:17 {WEST}",
                f"10:18 {EAST}",
            ],
            passed("10:18", "10:17"),
            id="who has been about for longer is told of at once",
        ),
        pytest.param(
            [*AT_REST, f"10:11 {EAST}", *every(1, "10:12", "10:15", "gps r5 0,0"), f"10:15 {WEST}"],
            [
                "10:13 began suspected fix_inside since 10:13",
                "10:14 grew confirmed fix_inside since 10:13",
                "12:00 ended confirmed period_ended since 10:13",
            ],
            id="seen inside: the stay is told, not the line",
        ),
        pytest.param(
            [*AT_REST, "10:11 wifi r30 300,0", *every(1, "10:12", "10:20", WEST)],
            [],
            id="networks draw no lines",
        ),
        pytest.param(
            [f"10:10 {WEST}", "10:11 gps r5 300,190"], [], id="a way that bows passes by the corner"
        ),
    ],
)  # fmt: skip
def test_lines(lines: list[str], wanted: list[str]) -> None:
    assert findings(lines) == wanted


def test_before_version_3_every_line_was_told_at_once() -> None:
    jump = [*AT_REST, f"10:11 {EAST}", *every(1, "10:12", "10:15", WEST)]
    assert findings(jump, PARAMETERS_V1) == [*passed("10:11", "10:10"), *passed("10:12", "10:11")]
    corner = [f"10:10 {WEST}", "10:11 gps r5 300,190"]
    assert findings(corner, PARAMETERS_V1) == passed("10:11", "10:10")
