"""The days over which an order's curfew is counted, and its hours on each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tipstaff.domain.conditions import Condition, Curfew
from tipstaff.domain.curfews import hours_by_day
from tipstaff.domain.orders import Order
from tipstaff.domain.timetables import Timetable
from tipstaff.domain.wall_time import DAY, wall_time

#: A timetable without an end comes again each week: two weeks beyond what has dates show all of it.
_SHOWN: Final = timedelta(days=14)
_MICROSECOND: Final = timedelta(microseconds=1)


def never_holds(order: Order, condition: Condition) -> bool:
    """Whether it is a curfew that has no day within the order."""
    if not isinstance(condition, Curfew):
        return False
    timetable, end = condition.timetable, _order_last_day(order)
    if end is not None and timetable.first_day > end:
        return True
    last = timetable.last_day
    return last is not None and last + DAY < _order_first_day(order)


def curfew_hours(order: Order) -> dict[date, timedelta]:
    """The hours of curfew on each day of the condition, all curfews of the order together.

    From the first day on which one holds to the last, or to the order's end. Where neither is set:
    to two weeks after the last day that has a date of its own, and one day more, which stands for
    the last that is not known.
    """
    timetables = [c.timetable for c in order.conditions if isinstance(c, Curfew)]
    first = max(min(t.first_day for t in timetables), _order_first_day(order))
    last = _last_day(order, timetables)
    hours: dict[date, timedelta] = {}
    for timetable in timetables:
        for day, length in hours_by_day(timetable, first, last).items():
            hours[day] = hours.get(day, timedelta(0)) + length
    return hours


def _last_day(order: Order, timetables: list[Timetable]) -> date:
    """The last day of the condition: its rows may run into the morning after their last."""
    end = _order_last_day(order)
    given = [t.last_day for t in timetables if t.last_day is not None]
    if len(given) == len(timetables):
        latest = max(given) + DAY
        return latest if end is None else min(latest, end)
    if end is not None:
        return end
    dated = [one_off.end.date() for t in timetables for one_off in t.one_offs]
    firsts = [_order_first_day(order), *(t.first_day for t in timetables)]
    return max([*given, *dated, *firsts]) + _SHOWN + DAY


def _order_first_day(order: Order) -> date:
    return wall_time(order.starts_at).date()


def _order_last_day(order: Order) -> date | None:
    return None if order.ends_at is None else wall_time(order.ends_at - _MICROSECOND).date()
