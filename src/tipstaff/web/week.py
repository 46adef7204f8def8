"""A week of an order as a picture: in which hours which condition holds, by the clock on the wall.

The picture is text too: each bar says what it is, and the page has the hours in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from tipstaff.domain.absences import Absence
from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    TreatmentAppointment,
    ZoneCondition,
)
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period
from tipstaff.domain.timetables import Timetable, demands
from tipstaff.domain.wall_time import DAY, first_reached, wall_time
from tipstaff.domain.zones import zone_periods

_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one day: minutes of the day from `start` to `end`, and what it is."""

    start: int
    end: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with its bars; `hours`: its real length, 23 or 25 when clocks change."""

    on: date
    bars: tuple[Bar, ...]
    hours: int


def week_of(
    orders: Iterable[Order], absences: Iterable[Absence], monday: date
) -> tuple[WeekDay, ...]:
    """Seven days from a Monday: what orders in force demand, and what approved absences excuse."""
    days = [monday + n * DAY for n in range(7)]
    during = Period(_midnight(days[0]), _midnight(days[-1] + DAY))
    found = [bar for order in orders for bar in _of_order(order, during)]
    found += [bar for one in absences for bar in _of_absence(one, during)]
    return tuple(
        WeekDay(day, tuple(sorted((b for on, b in found if on == day), key=_place)), _hours(day))
        for day in days
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _place(bar: Bar) -> tuple[str, int]:
    return bar.kind, bar.start


def _hours(day: date) -> int:
    return round((_midnight(day + DAY) - _midnight(day)).total_seconds() / 3600)


def _of_order(order: Order, during: Period) -> Iterator[tuple[date, Bar]]:
    start = max(during.start, order.starts_at)
    end = during.end if order.ends_at is None else min(during.end, order.ends_at)
    if start >= end:
        return
    for condition in order.conditions:
        kind, words, periods = _demanded(condition, Period(start, end))
        for period in periods:
            yield from _bars(period, kind, words)


def _demanded(one: Condition, during: Period) -> tuple[str, str, Iterable[Period]]:
    """What a condition is as a bar, and when it holds; never: what has no hours of its own."""
    match one:
        case Curfew():
            return "curfew", "At home", _hours_of(one.timetable, during)
        case Attendance():
            return "appointment", f"At {one.venue.name}", _hours_of(one.timetable, during)
        case TreatmentAppointment():
            words = f"Treatment at {one.venue.name}"
            return "appointment", words, _hours_of(one.timetable, during)
        case ZoneCondition():
            return "zone", f"Zone {one.reference}", zone_periods(one.zone, during)
        case _:
            return "", "", ()


def _hours_of(timetable: Timetable, during: Period) -> Iterator[Period]:
    return (demand.period for demand in demands(timetable, during))


def _of_absence(one: Absence, during: Period) -> Iterator[tuple[date, Bar]]:
    approved = one.decision is not None and one.decision.approved
    end = one.ends_at if one.cancelled_at is None else min(one.ends_at, one.cancelled_at)
    start, end = max(one.starts_at, during.start), min(end, during.end)
    if approved and start < end:
        yield from _bars(Period(start, end), "absence", f"Allowed away from {one.condition}")


def _bars(period: Period, kind: str, words: str) -> Iterator[tuple[date, Bar]]:
    """A period cut at midnights of the wall."""
    start, end = wall_time(period.start), wall_time(period.end)
    day = start.date()
    while datetime.combine(day, time.min) < end.replace(tzinfo=None):
        midnight = datetime.combine(day, time.min)
        begins = max(start.replace(tzinfo=None), midnight)
        ends = min(end.replace(tzinfo=None), midnight + DAY)
        said = (
            f"{words}, {begins:%H:%M} to {'24:00' if ends == midnight + DAY else f'{ends:%H:%M}'}"
        )
        yield day, Bar(_minute(begins - midnight), _minute(ends - midnight), kind, said)
        day += DAY


def _minute(since: timedelta) -> int:
    return min(_MINUTES, round(since.total_seconds() / 60))


def _midnight(day: date) -> datetime:
    return first_reached(datetime.combine(day, time.min))
