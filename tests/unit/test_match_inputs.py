"""Which fixes and which periods of wearing a match reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period, to_micros
from tipstaff.matching.inputs import ALWAYS, WornPeriod, history_around, within
from tipstaff.patterns.routine import HISTORY_DAYS


def crime(start: datetime, hours: float = 1) -> Crime:
    return Crime("Durham", "1", 1, "RB", start, start + timedelta(hours=hours), 54.8, -1.6)


def at(*date: int) -> datetime:
    return datetime(*date, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_history_reaches_so_far_either_side_of_every_crime() -> None:
    period = history_around([crime(at(2026, 5, 1)), crime(at(2026, 3, 1))])
    reach = timedelta(days=HISTORY_DAYS)
    assert at(2026, 3, 1) - period.start >= reach
    assert period.end - at(2026, 5, 1, 1) >= reach
    assert period.seconds < timedelta(days=61 + 2 * (HISTORY_DAYS + 2)).total_seconds()


@pytest.mark.parametrize("year", [1, 1969, 1970, 2100, 9998])
def test_a_crime_in_an_impossible_year_breaks_nothing(year: int) -> None:
    period = history_around([crime(at(year, 1, 2))])
    assert ALWAYS.start <= period.start <= period.end <= ALWAYS.end


def test_wearing_is_clipped_to_the_period() -> None:
    day = timedelta(days=1)
    period = Period(at(2026, 1, 10), at(2026, 1, 20))

    def worn(start: datetime, end: datetime) -> WornPeriod:
        return WornPeriod(1, "W", to_micros(start), to_micros(end))

    before, after = period.start, period.end
    assert within([worn(before - day, before), worn(after, after + day)], period) == []
    assert within([worn(before - day, after + day)], period) == [worn(before, after)]
    inside = worn(before + day, after - day)
    assert within([inside], period) == [inside]
