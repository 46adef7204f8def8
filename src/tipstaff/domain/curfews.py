"""Curfews: how many hours a timetable demands in a day, and whether the law asks for more.

When a curfew holds is `timetables.demands`. Here hours are counted by the wall clock, as the
law's are: 22:00 to 07:00 is nine hours, the nights when the clocks change included.

A *day* is a calendar day, midnight to midnight: a curfew from 19:00 to 07:00 gives five hours to
the day on which it starts and seven to the next. The Criminal Justice Act 2003, s.253(2), asks for
nine hours "in any one day (excluding for this purpose the first and last days of the period for
which the condition is in force)". The exclusion speaks for this reading: the first day has no
morning and the last no evening, if days are calendar days. The law may be read otherwise; nothing
but `hours_by_day` would change.

What the order specifies is counted: one-offs change it, authorised absences do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.spans import clipped
from tipstaff.domain.timetables import Timetable, wall_spans
from tipstaff.domain.wall_time import DAY

HDC_LEAST: Final = timedelta(hours=9)


class CurfewCode(StrEnum):
    """Why a curfew is not what the law asks for."""

    DAYS_UNDER_LEAST_HOURS = "DAYS_UNDER_LEAST_HOURS"


def hours_by_day(timetable: Timetable, first: date, last: date) -> dict[date, timedelta]:
    """The hours demanded on each calendar day from `first` to `last`, by the wall clock.

    Where an order was varied, its hours are the sum over its timetables.
    """
    hours = {first + n * DAY: timedelta(0) for n in range((last - first).days + 1)}
    spans = wall_spans(timetable, first, last)
    for span in clipped(spans, _midnight(first), _midnight(last + DAY)):
        day = span.start.date()
        while _midnight(day) < span.end:
            begins, ends = max(span.start, _midnight(day)), min(span.end, _midnight(day + DAY))
            hours[day] += ends - begins
            day += DAY
    return hours


def short_days(hours: Mapping[date, timedelta], least: timedelta) -> list[date]:
    """The days with fewer hours than `least`, the first and the last day of all left aside."""
    return [day for day in sorted(hours)[1:-1] if hours[day] < least]


def hdc_problems(hours: Mapping[date, timedelta]) -> list[Problem]:
    """What is wrong with a home detention curfew whose condition has these `hours_by_day`.

    The first and the last of the days are taken for those of the condition.
    """
    short = short_days(hours, HDC_LEAST)
    if not short:
        return []
    action = (
        f"a home detention curfew has at least 9 hours in any day but its first and last: "
        f"{len(short)} have less, the first of them {short[0]}; lengthen its hours"
    )
    return [Problem(CurfewCode.DAYS_UNDER_LEAST_HOURS, "rows", action)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
