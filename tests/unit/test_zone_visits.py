"""How often a zone would have been told of, from the course of the evidence."""

from __future__ import annotations

import pytest

from tipstaff.domain.findings import Level
from tipstaff.monitoring.zone_course import CoursePoint
from tipstaff.monitoring.zone_visits import zone_visits

LEVELS, LEFT = (0.5, 0.8, 0.95), 0.2
MINUTE = 60_000_000


def course(*told: tuple[int, float]) -> list[CoursePoint]:
    return [CoursePoint(minute * MINUTE, probability) for minute, probability in told]


@pytest.mark.parametrize(
    ("told", "visits"),
    [
        ([], []),
        ([(0, 0.1), (1, 0.4)], []),
        ([(0, 0.1), (1, 0.6), (2, 0.97), (3, 0.6), (4, 0.1)], [(1, 4, Level.CONFIRMED)]),
        ([(0, 0.6), (1, 0.3), (2, 0.6)], [(0, 2, Level.SUSPECTED)]),
        ([(0, 0.9), (1, 0.1), (10, 0.6), (11, 0.1)], [(0, 11, Level.PROBABLE)]),
        ([(0, 0.9), (1, 0.1), (30, 0.6), (31, 0.1)],
         [(0, 1, Level.PROBABLE), (30, 31, Level.SUSPECTED)]),
    ],
)  # fmt: skip
def test_visits(told: list[tuple[int, float]], visits: list[tuple[int, int, Level]]) -> None:
    found = zone_visits(course(*told), LEVELS, LEFT)
    assert [(v.start_us // MINUTE, v.end_us // MINUTE, v.level) for v in found] == visits
