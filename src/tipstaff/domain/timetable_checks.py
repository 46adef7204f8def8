"""What is wrong with a timetable, told to the person who entered it; nothing is put right silently.

Hours that end when they start are not a mistake: they last 24 hours (`timetables`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem, below
from tipstaff.domain.spans import Span
from tipstaff.domain.timetables import Hours, OneOff, Row, Timetable
from tipstaff.domain.wall_time import DAY, FIRST_DAY, LAST_DAY, exists, first_reached, last_reached

MOST_ADDRESSES: Final = 3
_ANY_MONDAY: Final = date(2024, 1, 1)
_WEEK: Final = timedelta(days=7)


class TimetableCode(StrEnum):
    """Why a timetable is refused."""

    EMPTY = "EMPTY"
    LAST_DAY_BEFORE_FIRST = "LAST_DAY_BEFORE_FIRST"
    DAY_OUT_OF_RANGE = "DAY_OUT_OF_RANGE"
    NOT_WHOLE_MINUTES = "NOT_WHOLE_MINUTES"
    NO_ADDRESS = "NO_ADDRESS"
    TOO_MANY_ADDRESSES = "TOO_MANY_ADDRESSES"
    ADDRESS_REPEATED = "ADDRESS_REPEATED"
    ADDRESS_NOT_EXPECTED = "ADDRESS_NOT_EXPECTED"
    ROWS_OVERLAP = "ROWS_OVERLAP"
    END_NOT_AFTER_START = "END_NOT_AFTER_START"
    TIME_DOES_NOT_EXIST = "TIME_DOES_NOT_EXIST"
    TIME_COMES_TWICE = "TIME_COMES_TWICE"
    ONE_OFFS_OVERLAP = "ONE_OFFS_OVERLAP"
    ONE_OFF_OUTSIDE_DATES = "ONE_OFF_OUTSIDE_DATES"
    ORDER_ENDS_BEFORE_IT_BEGINS = "ORDER_ENDS_BEFORE_IT_BEGINS"


_MINUTES: Final = "write hours and minutes only"
_SKIPPED: Final = (
    "the clocks go forward that night and this time does not exist: "
    "write a time before 01:00 or from 02:00 on"
)
_TWICE: Final = (
    "the clocks go back that night and both times come twice: "
    "begin before 01:00 or end at 02:00 or later"
)
_OVERLAP: Final = "overlaps an earlier one at other addresses: end one where the other starts"


def timetable_problems(timetable: Timetable, *, at_addresses: bool) -> list[Problem]:
    """Everything wrong with a timetable; `at_addresses` for a curfew's, not for a zone's."""
    found = list(_day_problems(timetable))
    if any(problem.code is TimetableCode.DAY_OUT_OF_RANGE for problem in found):
        return found
    for index, row in enumerate(timetable.rows):
        told = _hours_problems(row.hours, at_addresses=at_addresses)
        found += below(f"rows[{index}].hours", told)
    found += _row_overlaps(timetable.rows)
    found += below("release_day", _release_problems(timetable, at_addresses=at_addresses))
    for index, one_off in enumerate(timetable.one_offs):
        told = _one_off_problems(one_off, timetable, at_addresses=at_addresses)
        found += below(f"one_offs[{index}]", told)
    return [*found, *_one_off_overlaps(timetable.one_offs)]


def order_date_problems(begins: datetime, ends: datetime | None) -> list[Problem]:
    """What is wrong with when an order is in force; `ends` is None where it has no end yet."""
    if ends is None or ends > begins:
        return []
    action = "the order must end after it begins: put the two dates right"
    return [Problem(TimetableCode.ORDER_ENDS_BEFORE_IT_BEGINS, "ends", action)]


def _day_problems(timetable: Timetable) -> Iterator[Problem]:
    first, last = timetable.first_day, timetable.last_day
    if not (timetable.rows or timetable.release_day or timetable.one_offs):
        yield Problem(TimetableCode.EMPTY, "", "give at least one row, or leave the timetable out")
    if last is not None and last < first:
        action = "the last day is before the first: put the two dates right"
        yield Problem(TimetableCode.LAST_DAY_BEFORE_FIRST, "last_day", action)
    yield from _out_of_range("first_day", first)
    if last is not None:
        yield from _out_of_range("last_day", last)


def _out_of_range(where: str, day: date) -> Iterator[Problem]:
    if not FIRST_DAY <= day <= LAST_DAY:
        action = f"write a day from {FIRST_DAY} to {LAST_DAY}; leave an unknown last day out"
        yield Problem(TimetableCode.DAY_OUT_OF_RANGE, where, action)


def _hours_problems(hours: Hours, *, at_addresses: bool) -> list[Problem]:
    return [
        *_minute_problems(hours.start, hours.end),
        *_address_problems(hours.addresses, expected=at_addresses),
    ]


def _minute_problems(start: time | datetime, end: time | datetime) -> Iterator[Problem]:
    for where, moment in (("start", start), ("end", end)):
        if moment.second or moment.microsecond:
            yield Problem(TimetableCode.NOT_WHOLE_MINUTES, where, _MINUTES)


def _address_problems(addresses: tuple[str, ...], *, expected: bool) -> Iterator[Problem]:
    where = "addresses"
    if not expected and addresses:
        action = "leave the addresses out: they are for curfews and for one-offs that demand"
        yield Problem(TimetableCode.ADDRESS_NOT_EXPECTED, where, action)
    if expected and not addresses:
        yield Problem(TimetableCode.NO_ADDRESS, where, "name the address to be at")
    if len(addresses) > MOST_ADDRESSES:
        action = f"keep {MOST_ADDRESSES} addresses at most"
        yield Problem(TimetableCode.TOO_MANY_ADDRESSES, where, action)
    if len(set(addresses)) < len(addresses):
        yield Problem(TimetableCode.ADDRESS_REPEATED, where, "name each address once")


def _clash(one: Span, other: Span) -> bool:
    return one.addresses != other.addresses and one.start < other.end and other.start < one.end


def _row_overlaps(rows: tuple[Row, ...]) -> Iterator[Problem]:
    """Rows that cannot both be obeyed; the same address said twice does no harm."""
    weekly = [row.hours.on(_ANY_MONDAY + row.weekday * DAY) for row in rows]
    for index, span in enumerate(weekly):
        turns = [
            Span(span.start + n * _WEEK, span.end + n * _WEEK, span.addresses) for n in (-1, 0, 1)
        ]
        if any(_clash(turn, earlier) for turn in turns for earlier in weekly[:index]):
            yield Problem(TimetableCode.ROWS_OVERLAP, f"rows[{index}].hours", _OVERLAP)


def _release_problems(timetable: Timetable, *, at_addresses: bool) -> Iterator[Problem]:
    if timetable.release_day is None:
        return
    yield from _hours_problems(timetable.release_day, at_addresses=at_addresses)
    release = timetable.release_day.on(timetable.first_day)
    yield from _skipped(release.start, release.end)
    next_day = timetable.first_day + DAY
    following = [
        row.hours.on(next_day) for row in timetable.rows if row.weekday == next_day.weekday()
    ]
    if any(_clash(release, span) for span in following):
        action = "overlaps the next day's row at other addresses: end it where that starts"
        yield Problem(TimetableCode.ROWS_OVERLAP, "end", action)


def _skipped(start: datetime, end: datetime) -> Iterator[Problem]:
    for where, moment in (("start", start), ("end", end)):
        if not exists(moment):
            yield Problem(TimetableCode.TIME_DOES_NOT_EXIST, where, _SKIPPED)


def _one_off_problems(
    one_off: OneOff, timetable: Timetable, *, at_addresses: bool
) -> list[Problem]:
    unreal = [
        *_out_of_range("start", one_off.start.date()),
        *_out_of_range("end", one_off.end.date()),
    ]
    return unreal or [
        *_minute_problems(one_off.start, one_off.end),
        *_address_problems(one_off.addresses, expected=at_addresses and not one_off.lifted),
        *_skipped(one_off.start, one_off.end),
        *_one_off_length(one_off),
        *_one_off_outside(one_off, timetable),
    ]


def _one_off_length(one_off: OneOff) -> Iterator[Problem]:
    if one_off.end <= one_off.start:
        action = "a one-off has dates: write an end after its start"
        yield Problem(TimetableCode.END_NOT_AFTER_START, "end", action)
    elif not one_off.lifted and _lost_to_the_clock(one_off):
        yield Problem(TimetableCode.TIME_COMES_TWICE, "start", _TWICE)


def _one_off_outside(one_off: OneOff, timetable: Timetable) -> Iterator[Problem]:
    # The last day's row runs into the next morning, which may be lifted too.
    last = timetable.last_day
    latest = last + DAY if last is not None and one_off.lifted else last
    day = one_off.start.date()
    if day < timetable.first_day or (latest is not None and day > latest):
        action = "start it within the timetable's first and last day"
        yield Problem(TimetableCode.ONE_OFF_OUTSIDE_DATES, "start", action)


def _lost_to_the_clock(one_off: OneOff) -> bool:
    """Whether nothing is left of it, both its times lying in the hour that comes twice."""
    twice = first_reached(one_off.start) != last_reached(one_off.start)
    return twice and last_reached(one_off.start) >= first_reached(one_off.end)


def _one_off_overlaps(one_offs: tuple[OneOff, ...]) -> Iterator[Problem]:
    for index, one_off in enumerate(one_offs):
        if any(o.start < one_off.end and one_off.start < o.end for o in one_offs[:index]):
            action = "overlaps an earlier one-off: leave one out, or end one where the other starts"
            yield Problem(TimetableCode.ONE_OFFS_OVERLAP, f"one_offs[{index}]", action)
