"""Local time agrees with the tz database, the days of change hour by hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.local_time import (
    HOUR_US,
    MINUTE_US,
    changes_between,
    clock_changes,
    is_repeated,
    is_summer,
    is_weekend,
    local_date,
    local_days,
    local_minutes,
    offset_us,
)
from tipstaff.domain.periods import to_micros

LONDON = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)


def agree(moments: list[datetime]) -> None:
    t_us = np.array([to_micros(m) for m in moments], np.int64)
    local = [m.astimezone(LONDON) for m in moments]
    offsets = [m.utcoffset() for m in local]
    assert offset_us(t_us).tolist() == [
        o // timedelta(microseconds=1) for o in offsets if o is not None
    ]
    assert local_days(t_us).tolist() == [(m.date() - EPOCH).days for m in local]
    assert local_minutes(t_us).tolist() == [m.hour * 60 + m.minute for m in local]
    assert [local_date(m) for m in moments] == [m.date() for m in local]


def test_an_instant_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("year", range(1996, 2038))
def test_every_six_hours_of_a_year(year: int) -> None:
    begin = datetime(year, 1, 1, 0, 59, 59, 999_999, tzinfo=UTC)
    agree([begin + timedelta(hours=6 * k) for k in range(366 * 4)])


@pytest.mark.parametrize("year", range(1996, 2038))
def test_about_the_changes_of_a_year(year: int) -> None:
    moments = []
    for month in (3, 10):
        for day in range(24, 32):
            one = datetime(year, month, day, 1, tzinfo=UTC)
            moments += [one + timedelta(microseconds=k) for k in (-1, 0, 1)]
            moments += [one + timedelta(minutes=k) for k in (-60, 59, 60)]
    agree(moments)


@settings(max_examples=300)
@given(
    st.lists(
        st.integers(820_454_400, 2_145_916_800).map(lambda s: datetime.fromtimestamp(s, UTC)),
        min_size=1,
    )
)
def test_any_instants(moments: list[datetime]) -> None:
    agree(moments)


def test_the_night_the_clocks_go_back_has_one_hour_twice() -> None:
    midnight = to_micros(datetime(2026, 10, 24, 23, tzinfo=UTC))
    hours = midnight + np.arange(25) * HOUR_US
    assert len(set(local_days(hours).tolist())) == 1
    assert local_minutes(hours).tolist() == [0, 60, 60, *range(120, 1440, 60)]


def test_the_night_the_clocks_go_forward_lacks_an_hour() -> None:
    midnight = to_micros(datetime(2026, 3, 29, tzinfo=UTC))
    hours = midnight + np.arange(23) * HOUR_US
    assert len(set(local_days(hours).tolist())) == 1
    assert local_minutes(hours).tolist() == [0, *range(120, 1440, 60)]


def test_weekends() -> None:
    days = np.array([(date(2026, 11, 20) - EPOCH).days + k for k in range(8)])
    # Friday to the next Friday
    assert is_weekend(days).tolist() == [False, True, True, *[False] * 5]
    early = np.array([-5, -4, -3, 2, 3])  # 27, 28, 29 December 1969; 3, 4 January 1970
    assert is_weekend(early).tolist() == [True, True, False, True, True]


def test_a_minute_is_the_one_that_has_begun() -> None:
    t_us = np.array([to_micros(datetime(2026, 1, 5, 9, 30, 59, 999_999, tzinfo=UTC))])
    assert local_minutes(t_us).tolist() == [570]
    assert local_minutes(t_us + 1).tolist() == [571]
    assert MINUTE_US == 60_000_000


@pytest.mark.parametrize("year", range(1996, 2038))
def test_an_hour_of_october_comes_twice(year: int) -> None:
    begin = datetime(year, 1, 1, 0, 30, tzinfo=UTC)
    moments = [begin + timedelta(hours=k) for k in range(366 * 24)]
    local = [m.astimezone(LONDON) for m in moments]
    # of an hour that is missing, fold changes the offset the other way
    twice = [m.replace(fold=0).utcoffset() > m.replace(fold=1).utcoffset() for m in local]  # type: ignore[operator]
    assert [is_repeated(to_micros(moment)) for moment in moments] == twice
    assert sum(twice) == 2


def test_the_changes_of_a_year() -> None:
    spring, autumn = (
        to_micros(datetime(2026, month, day, 1, tzinfo=UTC)) for month, day in ((3, 29), (10, 25))
    )
    assert changes_between(spring - 1, autumn) == [spring, autumn]
    assert changes_between(spring, autumn - 1) == []


def test_one_instant_is_as_a_column_of_it() -> None:
    edges = [to_micros(change) + shift for change in clock_changes() for shift in (-1, 0, 1)]
    told = [is_summer(at_us) for at_us in edges]
    assert (offset_us(np.array(edges, np.int64)) > 0).tolist() == told
