"""When chores are due: a clock that changes, one that was missed, one that never began."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tipstaff.domain.chore_times import Daily, Every, Monthly, Rhythm


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "began", "due"),
    [
        (Every(timedelta(minutes=5)), "2026-01-05 10:00", "2026-01-05 10:05"),
        (Daily(time(2)), "2026-01-05 02:00", "2026-01-06 02:00"),
        (Daily(time(2)), "2026-01-05 01:59", "2026-01-05 02:00"),
        (Daily(time(2)), "2026-01-05 14:00", "2026-01-06 02:00"),
        # 02:00 in summer is 01:00 UTC
        (Daily(time(2)), "2026-07-05 01:00", "2026-07-06 01:00"),
        # 01:30 comes twice on 25 October: the first
        (Daily(time(1, 30)), "2026-10-24 12:00", "2026-10-25 00:30"),
        # 01:30 does not exist on 29 March: the first instant that does
        (Daily(time(1, 30)), "2026-03-28 12:00", "2026-03-29 01:00"),
        (Monthly(time(4)), "2026-01-01 04:00", "2026-02-01 04:00"),
        (Monthly(time(4)), "2026-01-01 03:00", "2026-01-01 04:00"),
        (Monthly(time(4)), "2026-12-31 10:00", "2027-01-01 04:00"),
    ],
)
def test_due_after_it_began(rhythm: Rhythm, began: str, due: str) -> None:
    assert rhythm.due_at(utc(began), utc("2030-01-01")) == utc(due)


@pytest.mark.parametrize("rhythm", [Every(timedelta(hours=1)), Daily(time(2)), Monthly(time(4))])
def test_at_once_where_it_never_began(rhythm: Rhythm) -> None:
    now = utc("2026-01-05 10:00")
    assert rhythm.due_at(None, now) == now
