"""Timetables: when a curfew or a zone holds, in the wall time of Great Britain.

A timetable is what an order says: rows by weekday, a release day of its own, one-offs by date. It
is kept as written, in wall time, and turned into instants only for the interval that is asked for.
The rules (docs/adr/0008):

- A row belongs to the weekday on which it starts; an end at or before the start is the next day's.
  So a row from 19:00 to 19:00 lasts 24 hours by the wall clock: 23 or 25 when the clocks change.
- The first and last day say on which days rows may *start*; the row of the last day runs to its
  end next morning. What cuts it short is the end of the order: ask for the time it is in force.
- The release day's hours stand in place of the rows that start on the first day.
- A one-off covers whatever else is said for its time: it demands, or it lifts the demand.
- The clock: a demand begins when the clock shows its start for the last time and ends when the
  clock shows its end for the first. So of a time that comes twice a start takes the second and an
  end the first; of one that does not exist both take the first instant that does.

Rows that overlap with other addresses are refused by `timetable_checks`; should they come here
all the same, the row that started later holds. Nothing here judges a timetable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum

from tipstaff.domain.periods import Period
from tipstaff.domain.spans import Span, clipped, laid
from tipstaff.domain.wall_time import DAY, first_reached, last_reached, wall_time


class Weekday(IntEnum):
    """The days of the week, numbered as `date.weekday` does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end` by the wall clock, at any of `addresses` (references, not texts).

    A zone's timetable has no addresses.
    """

    start: time
    end: time
    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("hours are wall time: pass naive times")

    def on(self, day: date) -> Span:
        """These hours started on `day`, in wall time."""
        start = datetime.combine(day, self.start)
        ends_next_day = self.end <= self.start
        end = datetime.combine(day + DAY if ends_next_day else day, self.end)
        return Span(start, end, tuple(sorted(set(self.addresses))))


@dataclass(frozen=True, slots=True)
class Row:
    """Hours that come again each week, on the weekday on which they start."""

    weekday: Weekday
    hours: Hours


@dataclass(frozen=True, slots=True)
class OneOff:
    """A demand, or with `lifted` the lifting of any demand, from `start` to `end` in wall time."""

    start: datetime
    end: datetime
    addresses: tuple[str, ...] = ()
    lifted: bool = False

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("a one-off is in wall time: pass naive datetimes")

    @property
    def span(self) -> Span:
        """The one-off as a span of wall time."""
        at = None if self.lifted else tuple(sorted(set(self.addresses)))
        return Span(self.start, self.end, at)


@dataclass(frozen=True, slots=True)
class Timetable:
    """What an order says about time. `last_day` is None where only the order's end ends it."""

    rows: tuple[Row, ...]
    first_day: date
    last_day: date | None = None
    release_day: Hours | None = None
    one_offs: tuple[OneOff, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """A period of instants in which the timetable holds, at any of `addresses`."""

    period: Period
    addresses: tuple[str, ...]


def demands(
    timetable: Timetable, during: Period, absences: Iterable[Period] = ()
) -> tuple[Demand, ...]:
    """When the timetable holds within `during`, less the authorised `absences`.

    Half-open periods in UTC, apart from one another, in order; those that touch at the same
    addresses are one. Splitting `during` splits the answer and changes nothing else.
    """
    spans = wall_spans(timetable, wall_time(during.start).date(), wall_time(during.end).date())
    held = [_in_instants(span) for span in spans]
    free = [Span(absence.start, absence.end, None) for absence in absences]
    return tuple(
        Demand(Period(span.start, span.end), span.addresses or ())
        for span in clipped(laid([*held, *free]), during.start, during.end)
    )


def addresses_of(timetable: Timetable) -> tuple[str, ...]:
    """Every address that the timetable names, in the order of their references."""
    told = [row.hours.addresses for row in timetable.rows]
    told += [one_off.addresses for one_off in timetable.one_offs]
    if timetable.release_day is not None:
        told.append(timetable.release_day.addresses)
    return tuple(sorted({name for names in told for name in names}))


def wall_spans(timetable: Timetable, from_day: date, to_day: date) -> list[Span]:
    """What is demanded from `from_day` to `to_day` by the wall clock; may reach beyond them."""
    rows = sorted(
        _rows_started(timetable, from_day - DAY, to_day),
        key=lambda span: (span.start, span.end, span.addresses or ()),
    )
    return laid([*rows, *(one_off.span for one_off in timetable.one_offs)])


def _rows_started(timetable: Timetable, from_day: date, to_day: date) -> Iterator[Span]:
    day = max(from_day, timetable.first_day)
    last = to_day if timetable.last_day is None else min(to_day, timetable.last_day)
    while day <= last:
        yield from (hours.on(day) for hours in hours_on(timetable, day))
        day += DAY


def hours_on(timetable: Timetable, day: date) -> list[Hours]:
    """The hours that start on `day`, whether the timetable is valid that day or not."""
    if timetable.release_day is not None and day == timetable.first_day:
        return [timetable.release_day]
    return [row.hours for row in timetable.rows if row.weekday == day.weekday()]


def _in_instants(span: Span) -> Span:
    """The span in UTC; of no length where its start is the later, in the hour that comes twice."""
    start, end = last_reached(span.start), first_reached(span.end)
    return Span(start, max(start, end), span.addresses)
