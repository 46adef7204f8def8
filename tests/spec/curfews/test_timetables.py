"""What a timetable demands: weekdays, midnight, several addresses, one-offs, release, absences."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from timetables_in_words import DAYS, during, timetable, told

from tipstaff.domain.timetables import Hours, OneOff, Timetable, demands

# A week of winter, where UTC is the wall clock: Monday 12 to Sunday 18 January 2026.
WEEK = "2026-01-12 00:00 > 2026-01-19 00:00"
NIGHTLY = [f"{day} 19:00-07:00 a" for day in DAYS]
DAYTIME = "2026-01-13 09:00 > 2026-01-13 17:00"

CASES: list[tuple[str, Timetable, str, list[str]]] = [
    ("no rows", timetable([]), WEEK, []),
    ("one evening", timetable(["Wed 19:00-23:00 a"]), WEEK, ["01-14 19:00 > 01-14 23:00 a"]),
    ("past midnight: of the weekday it starts on", timetable(["Wed 19:00-07:00 a"]), WEEK,
     ["01-14 19:00 > 01-15 07:00 a"]),
    ("to midnight", timetable(["Wed 19:00-00:00 a"]), WEEK, ["01-14 19:00 > 01-15 00:00 a"]),
    ("an end at the start: 24 hours", timetable(["Wed 19:00-19:00 a"]), WEEK,
     ["01-14 19:00 > 01-15 19:00 a"]),
    ("cut to what is asked for", timetable(["Sun 19:00-07:00 a"]), WEEK,
     ["01-12 00:00 > 01-12 07:00 a", "01-18 19:00 > 01-19 00:00 a"]),
    ("any of several addresses, in one order", timetable(["Wed 19:00-23:00 b|a|c"]), WEEK,
     ["01-14 19:00 > 01-14 23:00 a|b|c"]),
    ("rows that meet at the same addresses are one period",
     timetable(["Wed 19:00-23:00 a|b", "Wed 23:00-07:00 b|a"]), WEEK,
     ["01-14 19:00 > 01-15 07:00 a|b"]),
    ("rows that overlap at the same address too",
     timetable(["Wed 19:00-23:00 a", "Wed 22:00-07:00 a"]), WEEK, ["01-14 19:00 > 01-15 07:00 a"]),
    ("rows that meet at other addresses stay apart",
     timetable(["Wed 19:00-23:00 a", "Wed 23:00-07:00 b"]), WEEK,
     ["01-14 19:00 > 01-14 23:00 a", "01-14 23:00 > 01-15 07:00 b"]),
    ("should rows overlap at other addresses, the later one holds",
     timetable(["Wed 22:00-23:00 b", "Wed 19:00-07:00 a"]), WEEK,
     ["01-14 19:00 > 01-14 22:00 a", "01-14 22:00 > 01-14 23:00 b", "01-14 23:00 > 01-15 07:00 a"]),
    ("the whole week", timetable([f"{day} 00:00-00:00 a" for day in DAYS]),
     WEEK, ["01-12 00:00 > 01-19 00:00 a"]),
    ("first day: no morning; last day: the night runs to its end",
     timetable(NIGHTLY, dates="2026-01-13 2026-01-14"), WEEK,
     ["01-13 19:00 > 01-14 07:00 a", "01-14 19:00 > 01-15 07:00 a"]),
    ("no last day", timetable(["Sun 19:00-23:00 a"], dates="2026-01-13"), WEEK,
     ["01-18 19:00 > 01-18 23:00 a"]),
    ("before the first day", timetable(NIGHTLY, dates="2026-02-01"), WEEK, []),
    ("the release day's hours stand in place of the first day's rows",
     timetable(NIGHTLY, dates="2026-01-13 2026-01-14", release="14:30-07:00 b"), WEEK,
     ["01-13 14:30 > 01-14 07:00 b", "01-14 19:00 > 01-15 07:00 a"]),
    ("a one-off adds", timetable(["Wed 19:00-23:00 a"], one_offs=[f"{DAYTIME} b"]), WEEK,
     ["01-13 09:00 > 01-13 17:00 b", "01-14 19:00 > 01-14 23:00 a"]),
    ("a one-off covers the rows", timetable(["Tue 08:00-20:00 a"], one_offs=[f"{DAYTIME} b"]), WEEK,
     ["01-13 08:00 > 01-13 09:00 a", "01-13 09:00 > 01-13 17:00 b", "01-13 17:00 > 01-13 20:00 a"]),
    ("at the same address it only joins",
     timetable(["Tue 08:00-12:00 a"], one_offs=[f"{DAYTIME} a"]), WEEK,
     ["01-13 08:00 > 01-13 17:00 a"]),
    ("a lifting", timetable(["Tue 08:00-20:00 a"], one_offs=[f"{DAYTIME} lifted"]), WEEK,
     ["01-13 08:00 > 01-13 09:00 a", "01-13 17:00 > 01-13 20:00 a"]),
    ("a lifting of it all",
     timetable(["Tue 10:00-12:00 a"], one_offs=[f"{DAYTIME} lifted"]), WEEK, []),
    ("a one-off of many days",
     timetable(NIGHTLY, one_offs=["2026-01-12 00:00 > 2026-01-18 12:00 lifted"]),
     WEEK, ["01-18 19:00 > 01-19 00:00 a"]),
    ("without addresses, as of a zone", timetable(["Wed 19:00-23:00"]), WEEK,
     ["01-14 19:00 > 01-14 23:00"]),
    ("summer", timetable(["Wed 19:00-23:00 a"]), "2026-07-13 00:00 > 2026-07-20 00:00",
     ["07-15 18:00 > 07-15 22:00 a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told_so", "when", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_demands(told_so: Timetable, when: str, expected: list[str]) -> None:
    assert told(demands(told_so, during(when))) == expected


ABSENCES = [
    ("in the middle", "2026-01-14 20:00 > 2026-01-14 21:00",
     ["01-14 19:00 > 01-14 20:00 a", "01-14 21:00 > 01-14 23:00 a"]),
    ("at the start", "2026-01-14 18:00 > 2026-01-14 20:00", ["01-14 20:00 > 01-14 23:00 a"]),
    ("at the end", "2026-01-14 22:00 > 2026-01-15 20:00", ["01-14 19:00 > 01-14 22:00 a"]),
    ("of all of it", "2026-01-14 19:00 > 2026-01-14 23:00", []),
    ("of no length", "2026-01-14 20:00 > 2026-01-14 20:00", ["01-14 19:00 > 01-14 23:00 a"]),
    ("at another time", "2026-01-15 19:00 > 2026-01-15 23:00", ["01-14 19:00 > 01-14 23:00 a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("absent", "expected"), [c[1:] for c in ABSENCES], ids=[c[0] for c in ABSENCES]
)
def test_authorised_absences_are_taken_out(absent: str, expected: list[str]) -> None:
    table = timetable(["Wed 19:00-23:00 a"])
    assert told(demands(table, during(WEEK), [during(absent)])) == expected


def test_several_absences_in_any_order() -> None:
    table = timetable(["Wed 19:00-23:00 a"])
    absences = [
        during("2026-01-14 21:00 > 2026-01-14 22:00"),
        during("2026-01-14 20:00 > 2026-01-14 21:30"),
    ]
    expected = ["01-14 19:00 > 01-14 20:00 a", "01-14 22:00 > 01-14 23:00 a"]
    for given in (absences, absences[::-1]):
        assert told(demands(table, during(WEEK), given)) == expected


def test_nothing_is_demanded_in_no_time() -> None:
    assert demands(timetable(NIGHTLY), during("2026-01-14 20:00 > 2026-01-14 20:00")) == ()


def test_a_variation_leaves_no_hole() -> None:
    """The old timetable's last night runs on until the new one's first evening has its own."""
    old = timetable(NIGHTLY, dates="2026-01-01 2026-01-13")
    new = timetable([row.replace("19:00", "21:00") for row in NIGHTLY], dates="2026-01-14")
    night = during("2026-01-13 12:00 > 2026-01-15 00:00")
    assert told([*demands(old, night), *demands(new, night)]) == [
        "01-13 19:00 > 01-14 07:00 a",
        "01-14 21:00 > 01-15 00:00 a",
    ]


def test_wall_times_have_no_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        Hours(time(19, tzinfo=UTC), time(7))
    with pytest.raises(ValueError, match="naive"):
        OneOff(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2))  # noqa: DTZ001
