"""The two nights of 2026 when the clocks change: what a timetable demands then, in UTC.

29 March: 01:00 UTC is 02:00 by the wall clock; 01:00–02:00 do not exist.
25 October: 01:00 UTC is 01:00 by the wall clock again; 01:00–02:00 come twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from timetables_in_words import during, timetable, told, utc

from tipstaff.domain.timetables import demands
from tipstaff.domain.wall_time import exists, first_reached, last_reached, wall_time

SPRING = "2026-03-28 12:00 > 2026-03-29 12:00"
AUTUMN = "2026-10-24 12:00 > 2026-10-25 12:00"

CASES = [
    ("spring, the whole night: 11 hours", ["Sat 19:00-07:00 a"], SPRING,
     ["03-28 19:00 > 03-29 06:00 a"]),
    ("autumn, the whole night: 13 hours", ["Sat 19:00-07:00 a"], AUTUMN,
     ["10-24 18:00 > 10-25 07:00 a"]),
    ("a start that does not exist is the first instant that does", ["Sun 01:30-07:00 a"], SPRING,
     ["03-29 01:00 > 03-29 06:00 a"]),
    ("an end that does not exist is the first instant that does", ["Sat 19:00-01:30 a"], SPRING,
     ["03-28 19:00 > 03-29 01:00 a"]),
    ("all of it in the hour that does not exist: nothing", ["Sun 01:00-02:00 a"], SPRING, []),
    ("it starts as the clocks jump", ["Sun 02:00-03:00 a"], SPRING,
     ["03-29 01:00 > 03-29 02:00 a"]),
    ("a start that comes twice: the second", ["Sun 01:30-07:00 a"], AUTUMN,
     ["10-25 01:30 > 10-25 07:00 a"]),
    ("an end that comes twice: the first", ["Sat 19:00-01:30 a"], AUTUMN,
     ["10-24 18:00 > 10-25 00:30 a"]),
    ("01:00 comes twice", ["Sat 19:00-01:00 a", "Sun 01:00-02:00 b"], AUTUMN,
     ["10-24 18:00 > 10-25 00:00 a", "10-25 01:00 > 10-25 02:00 b"]),
    ("02:00 does not", ["Sun 02:00-03:00 a"], AUTUMN, ["10-25 02:00 > 10-25 03:00 a"]),
    ("start and end in the hour that comes twice: nothing", ["Sun 01:15-01:45 a"], AUTUMN, []),
    ("rows that meet at one address have no hole where they meet",
     ["Sat 19:00-01:30 a", "Sun 01:30-07:00 a"], AUTUMN, ["10-24 18:00 > 10-25 07:00 a"]),
    ("rows that meet at two have one, in the wearer's favour",
     ["Sat 19:00-01:30 a", "Sun 01:30-07:00 b"], AUTUMN,
     ["10-24 18:00 > 10-25 00:30 a", "10-25 01:30 > 10-25 07:00 b"]),
    ("what lies between falls out: one period at one address",
     ["Sat 19:00-01:00 a", "Sun 01:00-02:00 b", "Sun 02:00-07:00 a"], SPRING,
     ["03-28 19:00 > 03-29 06:00 a"]),
    ("24 hours by the wall clock are 23", ["Sat 20:00-20:00 a"],
     "2026-03-28 12:00 > 2026-03-30 12:00", ["03-28 20:00 > 03-29 19:00 a"]),
    ("24 hours by the wall clock are 25", ["Sat 20:00-20:00 a"],
     "2026-10-24 12:00 > 2026-10-26 12:00", ["10-24 19:00 > 10-25 20:00 a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "when", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_rows_on_the_nights_of_change(rows: list[str], when: str, expected: list[str]) -> None:
    assert told(demands(timetable(rows), during(when))) == expected


def test_a_lifting_gives_the_wearer_both_hours() -> None:
    lifted = timetable(
        ["Sat 19:00-07:00 a"], one_offs=["2026-10-25 01:15 > 2026-10-25 01:45 lifted"]
    )
    assert told(demands(lifted, during(AUTUMN))) == [
        "10-24 18:00 > 10-25 00:15 a",
        "10-25 01:45 > 10-25 07:00 a",
    ]


@pytest.mark.parametrize(
    ("wall", "first", "last", "shown"),
    [
        ("2026-01-15 12:00", "2026-01-15 12:00", "2026-01-15 12:00", True),
        ("2026-07-15 12:00", "2026-07-15 11:00", "2026-07-15 11:00", True),
        ("2026-03-29 00:59", "2026-03-29 00:59", "2026-03-29 00:59", True),
        ("2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00", False),
        ("2026-03-29 01:59", "2026-03-29 01:00", "2026-03-29 01:00", False),
        ("2026-03-29 02:00", "2026-03-29 01:00", "2026-03-29 01:00", True),
        ("2026-10-25 00:59", "2026-10-24 23:59", "2026-10-24 23:59", True),
        ("2026-10-25 01:00", "2026-10-25 00:00", "2026-10-25 01:00", True),
        ("2026-10-25 01:59", "2026-10-25 00:59", "2026-10-25 01:59", True),
        ("2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 02:00", True),
    ],
)
def test_instants_of_a_wall_time(wall: str, first: str, last: str, shown: bool) -> None:
    moment = datetime.fromisoformat(wall)
    assert first_reached(moment) == utc(first)
    assert last_reached(moment) == utc(last)
    assert exists(moment) is shown


def test_mixed_kinds_of_time_are_broken_calls() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (the point of the test)
    with pytest.raises(ValueError, match="time zone"):
        wall_time(naive)
    for reading in (first_reached, last_reached):
        with pytest.raises(ValueError, match="no time zone"):
            reading(datetime(2026, 1, 1, tzinfo=UTC))
