"""When a zone holds: always, by a timetable, less what was authorised."""

from __future__ import annotations

import pytest
from drawn_shapes import HERE
from timetables_in_words import during, timetable

from tipstaff.domain.zones import Circle, Harm, Zone, ZoneKind, zone_periods

SHAPE = Circle(HERE, 100.0)
ALWAYS = Zone(ZoneKind.EXCLUSION, SHAPE)
EVENINGS = Zone(ZoneKind.INCLUSION, SHAPE, Harm.HIGH, timetable(["Wed 19:00-23:00"]))
WEEK = "2026-07-13 00:00 > 2026-07-20 00:00"


@pytest.mark.parametrize(
    ("zone", "absences", "expected"),
    [
        (ALWAYS, [], [WEEK]),
        (
            ALWAYS,
            ["2026-07-12 00:00 > 2026-07-14 00:00", "2026-07-15 09:00 > 2026-07-15 10:00"],
            [
                "2026-07-14 00:00 > 2026-07-15 09:00",
                "2026-07-15 10:00 > 2026-07-20 00:00",
            ],
        ),
        (ALWAYS, [WEEK], []),
        (EVENINGS, [], ["2026-07-15 18:00 > 2026-07-15 22:00"]),
        (
            EVENINGS,
            ["2026-07-15 19:00 > 2026-07-15 22:00"],
            ["2026-07-15 18:00 > 2026-07-15 19:00"],
        ),
    ],
)
def test_zone_periods(zone: Zone, absences: list[str], expected: list[str]) -> None:
    away = [during(words) for words in absences]
    assert zone_periods(zone, during(WEEK), away) == tuple(during(words) for words in expected)


def test_a_zone_of_no_time() -> None:
    assert zone_periods(ALWAYS, during("2026-07-13 00:00 > 2026-07-13 00:00")) == ()


def test_harm_is_in_order() -> None:
    assert sorted([Harm.HIGH, Harm.LOW, Harm.MEDIUM]) == [Harm.LOW, Harm.MEDIUM, Harm.HIGH]
    assert ALWAYS.harm is Harm.MEDIUM
