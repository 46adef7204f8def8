"""Hours by calendar day and wall clock, and the nine hours of a home detention curfew."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from timetables_in_words import DAYS, timetable

from tipstaff.domain.curfews import HDC_LEAST, hdc_problems, hours_by_day, short_days
from tipstaff.domain.timetables import Timetable


def nightly(times: str, **others: str) -> Timetable:
    return timetable(
        [f"{day} {others.get(day, times)} a" for day in DAYS], dates="2026-01-12 2026-01-17"
    )


def counted(table: Timetable, first: str, last: str) -> list[float]:
    hours = hours_by_day(table, date.fromisoformat(first), date.fromisoformat(last))
    assert list(hours) == sorted(hours)
    return [day.total_seconds() / 3600 for day in hours.values()]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # Monday 12 January to the morning after Saturday 17
        (nightly("19:00-07:00"), [5, 12, 12, 12, 12, 12, 7]),
        (nightly("22:00-07:00"), [2, 9, 9, 9, 9, 9, 7]),
        (nightly("22:00-00:00"), [2, 2, 2, 2, 2, 2, 0]),
        (nightly("12:00-12:00"), [12, 24, 24, 24, 24, 24, 12]),
        # Nine hours a night are not nine hours a day: the Wednesday has 7 + 1
        (nightly("22:00-07:00", Wed="23:00-08:00"), [2, 9, 8, 10, 9, 9, 7]),
    ],
)
def test_a_day_is_midnight_to_midnight(table: Timetable, expected: list[float]) -> None:
    assert counted(table, "2026-01-12", "2026-01-18") == expected


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_the_nights_of_change_count_by_the_wall_clock(sunday: str) -> None:
    table = timetable([f"{day} 22:00-07:00 a" for day in DAYS])
    assert counted(table, sunday, sunday) == [9]


def test_a_lifting_lowers_the_hours_and_a_one_off_raises_them() -> None:
    table = timetable(
        ["Wed 19:00-23:00 a"],
        one_offs=[
            "2026-01-14 20:00 > 2026-01-14 21:00 lifted",
            "2026-01-14 06:00 > 2026-01-14 08:30 b",
        ],
    )
    assert counted(table, "2026-01-14", "2026-01-14") == [5.5]


def test_the_first_and_last_day_are_apart() -> None:
    hours = hours_by_day(nightly("22:00-07:00"), date(2026, 1, 12), date(2026, 1, 18))
    assert short_days(hours, HDC_LEAST) == []
    assert hdc_problems(hours) == []
    assert short_days(hours, timedelta(hours=9, minutes=1)) == [
        date(2026, 1, day) for day in range(13, 18)
    ]


def test_under_nine_hours_is_refused_and_told_when() -> None:
    hours = hours_by_day(nightly("22:00-06:59"), date(2026, 1, 12), date(2026, 1, 18))
    (problem,) = hdc_problems(hours)
    assert problem.code.value == "DAYS_UNDER_LEAST_HOURS"
    assert "5 have less" in problem.action
    assert "2026-01-13" in problem.action


def test_no_days_and_one_day_are_never_short() -> None:
    assert short_days({}, HDC_LEAST) == []
    assert short_days({date(2026, 1, 12): timedelta(0)}, HDC_LEAST) == []
    assert hours_by_day(nightly("22:00-07:00"), date(2026, 1, 12), date(2026, 1, 11)) == {}


def test_a_varied_order_is_the_sum_of_its_timetables() -> None:
    old = timetable([f"{day} 22:00-07:00 a" for day in DAYS], dates="2026-01-01 2026-01-13")
    new = timetable([f"{day} 22:00-07:00 b" for day in DAYS], dates="2026-01-14 2026-01-31")
    total: Counter[date] = Counter()
    for table in (old, new):
        for day, hours in hours_by_day(table, date(2026, 1, 10), date(2026, 1, 20)).items():
            total[day] += int(hours.total_seconds())
    assert set(total.values()) == {9 * 3600}
