"""What a wearer is told of the days to come: hours as they will be, less what is allowed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from made_cases import absence, curfew, decision, order, utc, zone

from tipstaff.domain.absences import AbsenceDecision
from tipstaff.domain.conditions import Trail
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.own_week import Clocks, OwnDay, cut, own_days, standing

MONDAY = date(2026, 3, 2)
NIGHT = [(0, 420), (1140, 1440)]


def day(days: tuple[OwnDay, ...], on: date) -> OwnDay:
    return next(one for one in days if one.on == on)


def hours(one: OwnDay, *, excused: bool = False) -> list[tuple[int, int]]:
    return [(hold.start, hold.end) for hold in one.holds if hold.excused is excused]


def test_a_night_is_cut_at_midnight_on_each_of_seven_days() -> None:
    days = own_days([order()], [], MONDAY)
    assert [one.on for one in days] == [MONDAY + timedelta(days=n) for n in range(7)]
    assert [hours(one) for one in days] == [NIGHT] * 7
    assert {hold.addresses for one in days for hold in one.holds} == {("home",)}


@pytest.mark.parametrize("status", [s for s in OrderStatus if s is not OrderStatus.ACTIVE])
def test_only_an_active_order_demands(status: OrderStatus) -> None:
    made = order(status=status, decision=decision(status))
    assert all(not one.holds for one in own_days([made], [], MONDAY))
    assert standing([made], MONDAY) == ()


def test_an_order_demands_from_its_start_to_its_end() -> None:
    made = order(starts_at=utc("2026-03-03 20:00"), ends_at=utc("2026-03-05 20:00"))
    days = own_days([made], [], MONDAY)
    told = [hours(one) for one in days]
    assert told == [[], [(1200, 1440)], NIGHT, [(0, 420), (1140, 1200)], [], [], []]


def test_a_change_shows_on_its_day() -> None:
    at = utc("2026-03-04 12:00")
    later = order(conditions=(curfew(rows=("Thu 21:00-22:00 home",)), Trail("t1")))
    days = own_days([cut(order(), utc("2026-01-01"), at), cut(later, at, None)], [], MONDAY)
    assert hours(day(days, date(2026, 3, 3))) == NIGHT
    assert hours(day(days, date(2026, 3, 4))) == [(0, 420)]
    assert hours(day(days, date(2026, 3, 5))) == [(1260, 1320)]
    assert hours(day(days, date(2026, 3, 6))) == []


@pytest.mark.parametrize(
    ("other", "home", "free"),
    [
        ({}, NIGHT, []),
        ({"approved": False}, NIGHT, []),
        ({"approved": True}, [(0, 420), (1140, 1200), (1320, 1440)], [(1200, 1320)]),
        ({"approved": True, "condition": "c2"}, NIGHT, []),
        ({"approved": True, "order": "O2"}, NIGHT, []),
        (
            {"approved": True, "cancelled_at": utc("2026-03-03 21:00")},
            [(0, 420), (1140, 1200), (1260, 1440)],
            [(1200, 1260)],
        ),
        ({"approved": True, "cancelled_at": utc("2026-03-03 10:00")}, NIGHT, []),
    ],
)
def test_an_absence_excuses_once_it_is_approved(
    other: dict[str, Any], home: list[Any], free: list[Any]
) -> None:
    told = {k: v for k, v in other.items() if k != "approved"}
    if "approved" in other:
        told["decision"] = AbsenceDecision(other["approved"], "B", utc("2026-03-01"), "why")
    times = {"starts_at": utc("2026-03-03 20:00"), "ends_at": utc("2026-03-03 22:00")}
    days = own_days([order()], [absence(**times, **told)], MONDAY)
    one = day(days, date(2026, 3, 3))
    assert (hours(one), hours(one, excused=True)) == (home, free)


@pytest.mark.parametrize(
    ("first", "on", "clocks"),
    [
        (date(2026, 3, 26), date(2026, 3, 29), Clocks.FORWARD),
        (date(2026, 10, 22), date(2026, 10, 25), Clocks.BACK),
    ],
)
def test_the_day_of_a_clock_change_is_told_and_hours_stay_those_of_the_wall(
    first: date, on: date, clocks: Clocks
) -> None:
    days = own_days([order(ends_at=utc("2027-01-01"))], [], first)
    assert {one.on: one.clocks for one in days if one.clocks is not Clocks.STEADY} == {on: clocks}
    assert [hours(one) for one in days] == [NIGHT] * 7


def test_what_holds_always_is_one_though_its_order_was_varied() -> None:
    at = utc("2026-03-04 12:00")
    first = order(conditions=(zone(), Trail("t1")))
    then = order(conditions=(zone(), curfew()))
    made = [cut(first, utc("2026-01-01"), at), cut(then, at, None)]
    told = [(one.condition.reference, one.start, one.end) for one in standing(made, MONDAY)]
    assert told == [
        ("z1", utc("2026-03-02"), utc("2026-03-09")),
        ("t1", utc("2026-03-02"), at),
    ]
