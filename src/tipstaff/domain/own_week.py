"""A wearer's days to come: hour by hour what is demanded of them, by the clock on the wall.

Made from orders as they will stand on each of those days, so that a change which is on record
already shows on the day on which it begins. What is demanded is what an active order says, less
what approved absences excuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.absences import Absence
from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    TreatmentAppointment,
    ZoneCondition,
)
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.timetables import Timetable, demands
from tipstaff.domain.wall_time import DAY, first_reached, wall_time

DAYS: Final = 7
_MINUTES: Final = 24 * 60


class Clocks(StrEnum):
    """What the clocks do on a day."""

    STEADY = "steady"
    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True, slots=True, repr=False)
class Hold:
    """From `start` to `end` (minutes of the day by the wall clock) the condition holds.

    `addresses`: where to be, by reference. `excused`: an approved absence says that in this time
    it need not be kept.
    """

    start: int
    end: int
    condition: Condition
    addresses: tuple[str, ...] = ()
    excused: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class OwnDay:
    """A day with what holds in it, in the order of time."""

    on: date
    clocks: Clocks
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """A condition without hours: it holds all the time from `start` to `end` of the days asked."""

    condition: Condition
    start: datetime
    end: datetime


def days_from(first: date) -> Period:
    """The days that are told, as a period of instants."""
    return Period(_midnight(first), _midnight(first + DAYS * DAY))


def cut(order: Order, since: datetime, until: datetime | None) -> Order:
    """An order as one version says it, for the time in which that version shows."""
    ends = [end for end in (order.ends_at, until) if end is not None]
    return replace(order, starts_at=max(order.starts_at, since), ends_at=min(ends, default=None))


def own_days(
    orders: Iterable[Order], absences: Iterable[Absence], first: date
) -> tuple[OwnDay, ...]:
    """Seven days from `first` on. `orders` are cut to the time of their versions."""
    excuses = [_Excuse(one, period) for one in absences if (period := _excused(one)) is not None]
    during = days_from(first)
    found: list[tuple[date, Hold]] = []
    for order, period in _active(orders, during):
        for condition in order.conditions:
            own = [e for e in excuses if e.of(order, condition)]
            found += _holds(condition, period, [e.period for e in own])
    days = [first + n * DAY for n in range(DAYS)]
    return tuple(
        OwnDay(day, _clocks(day), tuple(sorted((h for on, h in found if on == day), key=_place)))
        for day in days
    )


def standing(orders: Iterable[Order], first: date) -> tuple[Standing, ...]:
    """Conditions that hold all day; one that goes on unchanged from version to version is one."""
    found: list[Standing] = []
    for order, period in _active(orders, days_from(first)):
        for one in order.conditions:
            if timetable_of(one) is not None:
                continue
            before = next((f for f in found if f.condition == one and f.end == period.start), None)
            if before is None:
                found.append(Standing(one, period.start, period.end))
            else:
                found[found.index(before)] = replace(before, end=period.end)
    return tuple(found)


def timetable_of(condition: Condition) -> Timetable | None:
    """The hours of a condition; None where it has none and holds all the time."""
    match condition:
        case Curfew() | Attendance() | TreatmentAppointment():
            return condition.timetable
        case ZoneCondition():
            return condition.zone.schedule
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Excuse:
    absence: Absence
    period: Period

    def of(self, order: Order, condition: Condition) -> bool:
        about = (self.absence.order, self.absence.condition)
        return about == (order.reference, condition.reference)


def _excused(one: Absence) -> Period | None:
    """What an absence excuses: nothing unless approved, nothing after it was cancelled."""
    if one.decision is None or not one.decision.approved:
        return None
    end = one.ends_at if one.cancelled_at is None else min(one.ends_at, one.cancelled_at)
    return Period(one.starts_at, end) if one.starts_at < end else None


def _active(orders: Iterable[Order], during: Period) -> Iterator[tuple[Order, Period]]:
    for order in orders:
        start = max(during.start, order.starts_at)
        end = during.end if order.ends_at is None else min(during.end, order.ends_at)
        if order.status is OrderStatus.ACTIVE and start < end:
            yield order, Period(start, end)


def _holds(
    condition: Condition, period: Period, excuses: list[Period]
) -> Iterator[tuple[date, Hold]]:
    timetable = timetable_of(condition)
    if timetable is not None:
        for demand in demands(timetable, period, excuses):
            for on, start, end in _by_day(demand.period):
                yield on, Hold(start, end, condition, demand.addresses)
    for excuse in excuses:
        since, until = max(excuse.start, period.start), min(excuse.end, period.end)
        if since < until:
            for on, start, end in _by_day(Period(since, until)):
                yield on, Hold(start, end, condition, excused=True)


def _by_day(period: Period) -> Iterator[tuple[date, int, int]]:
    """A period cut at midnights of the wall, each piece in minutes of its day."""
    start, end = wall_time(period.start), wall_time(period.end)
    day = start.date()
    while datetime.combine(day, time.min) < end or day == start.date():
        midnight = datetime.combine(day, time.min)
        yield day, _minute(max(start, midnight) - midnight), _minute(end - midnight)
        day += DAY


def _minute(since: timedelta) -> int:
    return min(_MINUTES, int(since.total_seconds() // 60))


def _place(hold: Hold) -> tuple[int, int, str]:
    return hold.start, hold.end, hold.condition.reference


def _clocks(day: date) -> Clocks:
    length = _midnight(day + DAY) - _midnight(day)
    if length == DAY:
        return Clocks.STEADY
    return Clocks.FORWARD if length < DAY else Clocks.BACK


def _midnight(day: date) -> datetime:
    return first_reached(datetime.combine(day, time.min))
