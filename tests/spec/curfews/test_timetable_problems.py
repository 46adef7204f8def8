"""What is refused in a timetable, where, and that there is something to do about it."""

from __future__ import annotations

import pytest
from timetables_in_words import timetable, utc

from tipstaff.domain.timetable_checks import order_date_problems, timetable_problems
from tipstaff.domain.timetables import Timetable

EVENING = ["Wed 19:00-07:00 a"]

#: name, timetable, (code, where)…
CASES: list[tuple[str, Timetable, set[tuple[str, str]]]] = [
    ("a good one", timetable(EVENING, dates="2026-01-01 2026-01-01"), set()),
    ("24 hours are good", timetable(["Wed 19:00-19:00 a"]), set()),
    ("three addresses are good", timetable(["Wed 19:00-07:00 a|b|c"]), set()),
    ("no last day is good", timetable(EVENING, dates="2026-01-01"), set()),
    ("a release day and no row is good", timetable(release="14:00-07:00 a"), set()),
    ("nothing at all", timetable(), {("EMPTY", "")}),
    ("last day before first", timetable(EVENING, dates="2026-02-01 2026-01-31"),
     {("LAST_DAY_BEFORE_FIRST", "last_day")}),
    ("last century", timetable(EVENING, dates="1926-01-01"), {("DAY_OUT_OF_RANGE", "first_day")}),
    ("no year to reckon with", timetable(EVENING, dates="2026-01-01 9999-12-31"),
     {("DAY_OUT_OF_RANGE", "last_day")}),
    ("no address", timetable(["Wed 19:00-07:00"]), {("NO_ADDRESS", "rows[0].hours.addresses")}),
    ("four addresses", timetable(["Wed 19:00-07:00 a|b|c|d"]),
     {("TOO_MANY_ADDRESSES", "rows[0].hours.addresses")}),
    ("an address twice", timetable(["Wed 19:00-07:00 a|a"]),
     {("ADDRESS_REPEATED", "rows[0].hours.addresses")}),
    ("seconds", timetable(["Wed 19:00:30-07:00 a"]),
     {("NOT_WHOLE_MINUTES", "rows[0].hours.start")}),
    ("two places at once", timetable(["Wed 19:00-07:00 a", "Thu 06:59-08:00 b"]),
     {("ROWS_OVERLAP", "rows[1].hours")}),
    ("two places at once, round the week", timetable(["Mon 06:00-08:00 a", "Sun 19:00-07:00 b"]),
     {("ROWS_OVERLAP", "rows[1].hours")}),
    ("one after the other is good", timetable(["Wed 19:00-07:00 a", "Thu 07:00-08:00 b"]), set()),
    ("the same place twice is good",
     timetable(["Wed 19:00-07:00 a|b", "Thu 06:00-08:00 b|a"]), set()),
    ("release day without address", timetable(EVENING, release="14:00-07:00"),
     {("NO_ADDRESS", "release_day.addresses")}),
    ("release day into the next day's row",
     timetable(["Fri 06:00-08:00 a"], dates="2026-01-01", release="14:00-07:00 b"),
     {("ROWS_OVERLAP", "release_day.end")}),
    ("release day in the hour that does not exist",
     timetable(EVENING, dates="2026-03-29", release="01:30-07:00 a"),
     {("TIME_DOES_NOT_EXIST", "release_day.start")}),
    ("a weekly row may name that hour", timetable(["Sun 01:30-07:00 a"]), set()),
    ("one-off in the hour that does not exist",
     timetable(EVENING, one_offs=["2026-03-29 01:00 > 2026-03-29 07:00 a"]),
     {("TIME_DOES_NOT_EXIST", "one_offs[0].start")}),
    ("one-off ending in it",
     timetable(EVENING, one_offs=["2026-03-28 19:00 > 2026-03-29 01:59 a"]),
     {("TIME_DOES_NOT_EXIST", "one_offs[0].end")}),
    ("one-off before and after it is good",
     timetable(EVENING, one_offs=["2026-03-29 00:59 > 2026-03-29 02:00 a"]), set()),
    ("one-off within the hour that comes twice",
     timetable(EVENING, one_offs=["2026-10-25 01:15 > 2026-10-25 01:45 a"]),
     {("TIME_COMES_TWICE", "one_offs[0].start")}),
    ("its lifting is good",
     timetable(EVENING, one_offs=["2026-10-25 01:15 > 2026-10-25 01:45 lifted"]), set()),
    ("one-off backwards", timetable(EVENING, one_offs=["2026-05-02 09:00 > 2026-05-01 17:00 a"]),
     {("END_NOT_AFTER_START", "one_offs[0].end")}),
    ("one-off of no length", timetable(EVENING, one_offs=["2026-05-01 09:00 > 2026-05-01 09:00 a"]),
     {("END_NOT_AFTER_START", "one_offs[0].end")}),
    ("one-offs overlap",
     timetable(EVENING, one_offs=["2026-05-01 09:00 > 2026-05-01 17:00 a",
                                  "2026-05-01 16:59 > 2026-05-01 18:00 lifted"]),
     {("ONE_OFFS_OVERLAP", "one_offs[1]")}),
    ("one-offs that meet are good",
     timetable(EVENING, one_offs=["2026-05-01 09:00 > 2026-05-01 17:00 a",
                                  "2026-05-01 17:00 > 2026-05-01 18:00 lifted"]), set()),
    ("one-off after the last day",
     timetable(EVENING, dates="2026-01-01 2026-01-31",
               one_offs=["2026-02-01 09:00 > 2026-02-01 10:00 a"]),
     {("ONE_OFF_OUTSIDE_DATES", "one_offs[0].start")}),
    ("the last night's morning may be lifted",
     timetable(EVENING, dates="2026-01-01 2026-01-31",
               one_offs=["2026-02-01 06:00 > 2026-02-01 07:00 lifted"]),
     set()),
    ("one-off before the first day",
     timetable(EVENING, dates="2026-02-01", one_offs=["2026-01-31 09:00 > 2026-01-31 10:00 a"]),
     {("ONE_OFF_OUTSIDE_DATES", "one_offs[0].start")}),
    ("one-off without address",
     timetable(EVENING, one_offs=["2026-05-01 09:00 > 2026-05-01 17:00"]),
     {("NO_ADDRESS", "one_offs[0].addresses")}),
    ("one-off in the year 1",
     timetable(EVENING, one_offs=["0001-01-01 00:00 > 2026-05-01 17:00 a"]),
     {("DAY_OUT_OF_RANGE", "one_offs[0].start")}),
    ("everything wrong is told at once",
     timetable(["Wed 19:00-07:00", "Thu 19:00-07:00 a|b|c|d"], dates="2026-02-01 2026-01-31"),
     {("LAST_DAY_BEFORE_FIRST", "last_day"), ("NO_ADDRESS", "rows[0].hours.addresses"),
      ("TOO_MANY_ADDRESSES", "rows[1].hours.addresses")}),
]  # fmt: skip


@pytest.mark.parametrize(("entered", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_refused(entered: Timetable, expected: set[tuple[str, str]]) -> None:
    found = timetable_problems(entered, at_addresses=True)
    assert {(problem.code.value, problem.where) for problem in found} == expected
    assert len(found) == len(expected)
    assert all(len(problem.action) > 15 for problem in found)


def test_a_zone_has_hours_and_no_addresses() -> None:
    assert timetable_problems(timetable(["Wed 19:00-07:00"]), at_addresses=False) == []
    (problem,) = timetable_problems(timetable(EVENING), at_addresses=False)
    assert problem.code.value == "ADDRESS_NOT_EXPECTED"


def test_a_lifting_has_no_address() -> None:
    (lifted,) = timetable(one_offs=["2026-05-01 09:00 > 2026-05-01 17:00 lifted"]).one_offs
    odd = type(lifted)(lifted.start, lifted.end, ("a",), lifted=True)
    entered = Timetable((), lifted.start.date(), one_offs=(odd,))
    assert [p.code.value for p in timetable_problems(entered, at_addresses=True)] == [
        "ADDRESS_NOT_EXPECTED"
    ]


@pytest.mark.parametrize(
    ("ends", "refused"),
    [
        ("2026-05-01 08:59", True),
        ("2026-05-01 09:00", True),
        ("2026-05-01 09:01", False),
        ("", False),
    ],
)
def test_an_order_ends_after_it_begins(ends: str, refused: bool) -> None:
    found = order_date_problems(utc("2026-05-01 09:00"), utc(ends) if ends else None)
    assert [(p.code.value, p.where) for p in found] == (
        [("ORDER_ENDS_BEFORE_IT_BEGINS", "ends")] if refused else []
    )
