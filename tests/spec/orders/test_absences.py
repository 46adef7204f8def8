"""Absences: what they excuse by what was known, and what is wrong with an entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from made_cases import absence, order, utc

from tipstaff.domain.absences import (
    AbsenceDecision,
    absence_covers,
    absence_period,
    check_absence,
)
from tipstaff.domain.periods import Period

YES = AbsenceDecision(True, "E Officer", utc("2026-01-08"), "confirmed")
AFTERWARDS = AbsenceDecision(True, "E Officer", utc("2026-01-20"), "was in hospital")
NO = AbsenceDecision(False, "E Officer", utc("2026-01-08"), "no proof")
STOPPED = {"decision": YES, "cancelled_at": utc("2026-01-10 22:00")}
LATER = utc("2026-02-01")


@pytest.mark.parametrize(
    ("other", "instant", "known", "covered"),
    [
        ({"decision": YES}, "2026-01-10 18:00", LATER, True),
        ({"decision": YES}, "2026-01-11 08:59", LATER, True),
        ({"decision": YES}, "2026-01-11 09:00", LATER, False),
        ({"decision": YES}, "2026-01-10 17:59", LATER, False),
        ({}, "2026-01-10 20:00", LATER, False),
        ({"decision": NO}, "2026-01-10 20:00", LATER, False),
        ({"decision": YES}, "2026-01-10 20:00", utc("2026-01-07"), False),
        ({"decision": AFTERWARDS}, "2026-01-10 20:00", utc("2026-01-19"), False),
        ({"decision": AFTERWARDS}, "2026-01-10 20:00", utc("2026-01-20"), True),
        (STOPPED, "2026-01-10 21:59", LATER, True),
        (STOPPED, "2026-01-10 22:00", LATER, False),
        (STOPPED, "2026-01-10 23:00",
         utc("2026-01-10 21:00"), True),
        ({"decision": YES, "condition": "t1"}, "2026-01-10 20:00", LATER, False),
        ({"decision": YES, "order": "O2"}, "2026-01-10 20:00", LATER, False),
    ],
)  # fmt: skip
def test_what_is_excused(
    other: dict[str, Any], instant: str, known: datetime, covered: bool
) -> None:
    found = absence_covers((absence(**other),), "O1", "c1", utc(instant), known)
    assert found is covered


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({}, []),
        ({"decision": YES}, []),
        ({"wearer": "W2"}, ["ABSENCE_OF_ANOTHER"]),
        ({"condition": "c9"}, ["CONDITION_NOT_KNOWN"]),
        ({"ends_at": utc("2026-01-10 18:00")}, ["ABSENCE_ENDS_BEFORE_IT_BEGINS"]),
        ({"ends_at": utc("2026-08-10")}, ["ABSENCE_OUTSIDE_ORDER"]),
        ({"starts_at": utc("2025-12-31")}, ["ABSENCE_OUTSIDE_ORDER"]),
        ({"asked_by": "e officer", "decision": YES}, ["ASKER_DECIDES"]),
        ({"decision": AbsenceDecision(True, "E", utc("2026-01-08"), " ")},
         ["DECISION_WITHOUT_REASON"]),
        ({"cancelled_at": utc("2026-01-05")}, ["CANCELLED_BEFORE_ASKED"]),
    ],
)  # fmt: skip
def test_checks(other: dict[str, Any], codes: list[str]) -> None:
    found = check_absence(absence(**other), order(), ())
    assert [str(p.code) for p in found] == codes
    assert check_absence(absence(), None, ())[0].code == "CONDITION_NOT_KNOWN"


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({}, True),
        ({"decision": YES}, True),
        ({"decision": NO}, False),
        ({"cancelled_at": utc("2026-01-07")}, False),
        ({"condition": "c2"}, False),
        ({"starts_at": utc("2026-01-11 09:00"), "ends_at": utc("2026-01-12")}, False),
        ({"starts_at": utc("2026-01-11 08:59"), "ends_at": utc("2026-01-12")}, True),
    ],
)
def test_two_never_overlap(other: dict[str, Any], overlaps: bool) -> None:
    found = check_absence(absence("A2"), order(), (absence(**other), absence("A2")))
    assert ["ABSENCE_OVERLAPS"] * overlaps == [p.code for p in found]


@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        ("2026-03-29T01:30", "2026-03-29T05:00", ["LOCAL_TIME_DOES_NOT_EXIST"]),
        ("2026-10-24T20:00", "2026-10-25T01:30", ["LOCAL_TIME_COMES_TWICE"]),
        ("2026-10-25T01:00", "2026-10-25T01:59", ["LOCAL_TIME_COMES_TWICE"] * 2),
        ("2026-03-02T20:00", "2026-03-02T20:00", ["ABSENCE_ENDS_BEFORE_IT_BEGINS"]),
        ("1990-03-02T20:00", "2026-03-02T20:00", ["ABSENCE_OUT_OF_RANGE"]),
    ],
)
def test_wall_times_that_mean_no_one_instant(starts: str, ends: str, codes: list[str]) -> None:
    found = absence_period(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    assert not isinstance(found, Period)
    assert [str(p.code) for p in found] == codes


def test_a_summer_evening_is_an_hour_earlier_in_utc() -> None:
    found = absence_period(datetime(2026, 6, 1, 19), datetime(2026, 6, 2, 7))  # noqa: DTZ001
    assert found == Period(
        datetime(2026, 6, 1, 18, tzinfo=UTC), datetime(2026, 6, 2, 6, tzinfo=UTC)
    )
