"""A week's bars: cut at midnights of the wall, right on the days on which clocks change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from made_cases import absence, curfew, order, utc, zone

from tipstaff.domain.absences import AbsenceDecision
from tipstaff.web.week import monday_of, week_of

MONDAY = date(2026, 3, 23)  # the clocks go on on the 29th


def held(**other: Any) -> Any:
    return order(starts_at=utc("2026-01-01"), ends_at=utc("2026-07-01"), conditions=(curfew(),),
                 **other)  # fmt: skip


def test_a_night_is_two_bars_and_the_clocks_change() -> None:
    days = week_of([held()], [], MONDAY)
    assert [day.hours for day in days] == [24] * 6 + [23]
    for day in days:
        assert [(bar.start, bar.end) for bar in day.bars] == [(0, 420), (1140, 1440)]
    assert days[0].bars[1].words == "At home, 19:00 to 24:00"


def test_an_order_that_ends_in_the_week_holds_no_longer() -> None:
    ended = order(starts_at=utc("2026-01-01"), ends_at=utc("2026-03-25"), conditions=(curfew(),))
    days = week_of([ended], [], MONDAY)
    assert [len(day.bars) for day in days] == [2, 2, 0, 0, 0, 0, 0]


def test_an_approved_absence_shows_until_it_is_cancelled() -> None:
    asked = absence(starts_at=utc("2026-03-24 18:00"), ends_at=utc("2026-03-25 09:00"))
    approved = AbsenceDecision(True, "B Officer", utc("2026-03-20"), "a shift")
    kinds = lambda one: [b.kind for d in week_of([], [one], MONDAY) for b in d.bars]  # noqa: E731
    assert kinds(asked) == []
    from dataclasses import replace

    decided = replace(asked, decision=approved)
    assert kinds(decided) == ["absence", "absence"]
    assert kinds(replace(decided, cancelled_at=utc("2026-03-24 20:00"))) == ["absence"]


def test_the_monday_of_any_day() -> None:
    assert {monday_of(MONDAY + timedelta(days=n)) for n in range(7)} == {MONDAY}


def test_a_zone_without_hours_always_holds() -> None:
    until = utc("2026-03-25")
    ended = order(starts_at=utc("2026-01-01"), ends_at=until, conditions=(zone("keep-out"),))
    days = week_of([ended], [], MONDAY)
    assert [(bar.start, bar.end) for day in days for bar in day.bars] == [(0, 1440), (0, 1440)]
    assert days[0].bars[0].words == "Zone keep-out, 00:00 to 24:00"
    assert days[0].bars[0].kind == "zone"
