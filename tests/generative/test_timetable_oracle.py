"""Timetables against a slow oracle that asks, minute by minute, what a clock on the wall has shown.

The oracle knows no wall time as an instant. It paints the timetable on a wall clock that never
changes, minute by minute; then it uses the tz database and the rule as it is written: a demand has
begun once the clock has shown its start for the last time, and it has ended as soon as the clock
has shown its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, groupby, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.curfews import hours_by_day
from tipstaff.domain.periods import Period
from tipstaff.domain.timetable_checks import timetable_problems
from tipstaff.domain.timetables import Demand, Hours, OneOff, Row, Timetable, Weekday, demands

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
#: Two stretches of ten days, each round one of 2026's changes.
STRETCHES = [datetime(2026, 3, 24, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)]
LENGTH = 10 * 24 * 60


class Clock:
    """Minute by minute: the most the wall clock has shown so far, the least it will show after."""

    def __init__(self, start: datetime) -> None:
        # Two days more at each end: no clock change lies there.
        self.start = start
        ticks = [start + (n - 2880) * MINUTE for n in range(LENGTH + 5760)]
        shown = [tick.astimezone(LONDON).replace(tzinfo=None) for tick in ticks]
        most = list(accumulate(shown, max))
        least = [
            *list(accumulate(reversed(shown), min))[-2::-1],
            ticks[-1].replace(tzinfo=None) + DAY,
        ]
        self.shown, self.most, self.least = (x[2880:-2880] for x in (shown, most, least))


CLOCKS = [Clock(start) for start in STRETCHES]

Label = tuple[str, ...] | None


def on_the_wall(table: Timetable, first: date, days: int) -> list[Label]:
    """What is demanded at every minute of the wall clock's days, had no clock ever changed."""
    answers: list[Label] = [None] * (days * 1440)

    def paint(start: datetime, length: timedelta, label: Label) -> None:
        begins = (start - datetime.combine(first, time())) // MINUTE
        for n in range(max(0, begins), min(len(answers), begins + length // MINUTE)):
            answers[n] = label

    for day in (first + n * DAY for n in range(-1, days)):
        if day < table.first_day or (table.last_day is not None and day > table.last_day):
            continue
        if day == table.first_day and table.release_day is not None:
            todays = [table.release_day]
        else:
            todays = [row.hours for row in table.rows if int(row.weekday) == day.weekday()]
        for hours in todays:
            start, end = (datetime.combine(day, t) for t in (hours.start, hours.end))
            paint(start, (end - start) % DAY or DAY, tuple(sorted(hours.addresses)))
    for one_off in table.one_offs:
        label = None if one_off.lifted else tuple(sorted(one_off.addresses))
        paint(one_off.start, one_off.end - one_off.start, label)
    return answers


def oracle(table: Timetable, clock: Clock) -> list[Label]:
    """For every minute the addresses demanded, None where nothing is."""
    first = clock.start.date() - 2 * DAY
    answers: list[Label] = [None] * LENGTH
    begins = datetime.combine(first, time())
    for label, run in groupby(on_the_wall(table, first, 14)):
        start, begins = begins, begins + len(list(run)) * MINUTE
        for n in range(LENGTH if label is not None else 0):
            begun = clock.shown[n] >= start and clock.least[n] > start
            if begun and clock.most[n] < begins:
                answers[n] = label
    return answers


def by_minute(found: Sequence[Demand], clock: Clock) -> list[Label]:
    answers: list[Label] = [None] * LENGTH
    for demand in found:
        first, last = (
            (t - clock.start) // MINUTE for t in (demand.period.start, demand.period.end)
        )
        answers[first:last] = [demand.addresses] * (last - first)
    return answers


quarters = st.integers(0, 95).map(lambda q: time(q // 4, q % 4 * 15))
minutes = st.integers(0, 1439).map(lambda m: time(m // 60, m % 60))
#: Times about the hour that is skipped or comes twice, more often than chance would have it.
nightly = st.sampled_from([time(0, 45), time(1), time(1, 1), time(1, 30), time(1, 59), time(2)])
times = nightly | nightly | quarters | minutes
addresses = st.sampled_from([("a",), ("b",), ("a", "b")])
hours_st = st.builds(Hours, times, times, addresses)


@st.composite
def one_offs_st(draw: st.DrawFn, start: datetime) -> tuple[OneOff, ...]:
    """One-offs that do not overlap, each about the change or anywhere in the ten days."""
    day = start.date() + 5 * DAY
    points = draw(
        st.lists(
            st.builds(datetime.combine, st.sampled_from([day - DAY, day, day + DAY]), times).filter(
                lambda t: not (t.date() == date(2026, 3, 29) and t.hour == 1)
            ),
            max_size=4,
            unique=True,
        )
    )
    ends = sorted(points)
    return tuple(
        OneOff(a, b, () if lifted else draw(addresses), lifted=lifted)
        for a, b in zip(ends[::2], ends[1::2], strict=False)
        for lifted in [draw(st.booleans())]
    )


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, Clock]:
    """A timetable that the checks accept, with a clock about one of the changes."""
    clock = draw(st.sampled_from(CLOCKS))
    first = clock.start.date() + draw(st.integers(-10, 8)) * DAY
    last = draw(st.none() | st.integers(0, 12).map(lambda n: first + n * DAY))
    rows: list[Row] = []
    # Half of the rows about the night of change, a Saturday's or a Sunday's.
    weekday = st.sampled_from(Weekday) | st.sampled_from([Weekday.SATURDAY, Weekday.SUNDAY])
    for row in draw(st.lists(st.builds(Row, weekday, hours_st), max_size=6)):
        if not timetable_problems(Timetable((*rows, row), first), at_addresses=True):
            rows.append(row)
    table = Timetable(
        tuple(rows), first, last, draw(st.none() | hours_st), draw(one_offs_st(clock.start))
    )
    codes = {p.code.value for p in timetable_problems(table, at_addresses=True)}
    # An overlap would be refused; the others make an odd timetable that still has a meaning.
    if "ROWS_OVERLAP" in codes:
        table = Timetable(table.rows, first, last, None, table.one_offs)
    return table, clock


def period(clock: Clock, first: int = 0, last: int = LENGTH) -> Period:
    return Period(clock.start + first * MINUTE, clock.start + last * MINUTE)


@settings(max_examples=400, deadline=None)
@given(timetables())
def test_expansion_equals_the_clock_on_the_wall(drawn: tuple[Timetable, Clock]) -> None:
    table, clock = drawn
    assert by_minute(demands(table, period(clock)), clock) == oracle(table, clock)


@settings(max_examples=200, deadline=None)
@given(
    timetables(),
    st.lists(st.integers(0, LENGTH), max_size=5),
    st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, 300)), max_size=4),
)
def test_splitting_and_absences(
    drawn: tuple[Timetable, Clock], cuts: list[int], away: list[tuple[int, int]]
) -> None:
    table, clock = drawn
    absences = [period(clock, n, min(n + length, LENGTH)) for n, length in away]
    whole = demands(table, period(clock), absences)
    for one, other in pairwise(whole):
        assert one.period.end <= other.period.start
        assert one.period.end < other.period.start or one.addresses != other.addresses
    assert all(demand.period.seconds > 0 for demand in whole)
    edges = [0, *sorted(cuts), LENGTH]
    split = [d for a, b in pairwise(edges) for d in demands(table, period(clock, a, b), absences)]
    assert by_minute(split, clock) == by_minute(whole, clock)
    expected = by_minute(demands(table, period(clock)), clock)
    for absence in absences:
        first, last = ((t - clock.start) // MINUTE for t in (absence.start, absence.end))
        expected[first:last] = [None] * (last - first)
    assert by_minute(whole, clock) == expected


@settings(max_examples=100, deadline=None)
@given(timetables())
def test_hours_are_the_minutes_of_the_wall_clock(drawn: tuple[Timetable, Clock]) -> None:
    """Away from the night of change, legal hours are what the expansion holds."""
    table, clock = drawn
    first = clock.start.date() + DAY
    hours = hours_by_day(table, first, first + 8 * DAY)
    minutes_held = dict.fromkeys(hours, 0)
    for n, label in enumerate(by_minute(demands(table, period(clock)), clock)):
        if label is not None and clock.shown[n].date() in minutes_held:
            minutes_held[clock.shown[n].date()] += 1
    for day in hours:
        if day not in {date(2026, 3, 29), date(2026, 10, 25)}:
            assert hours[day] == minutes_held[day] * MINUTE


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_oracle_sees_the_change(clock: Clock) -> None:
    offsets = {tick - datetime.combine(tick.date(), time()) for tick in clock.shown}
    assert len(offsets) == 1440
    assert (clock.shown[-1] - clock.shown[0]) != (LENGTH - 1) * MINUTE
