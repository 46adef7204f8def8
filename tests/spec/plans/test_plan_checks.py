"""What makes a plan, a review, a task or a contact wrong: a table of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_cases import order, utc
from made_plans import HOUSING, attendance, contact, plan, review, task

from tipstaff.domain.plan_checks import check_plan
from tipstaff.domain.plan_work import Channel, Participant, Party, ReviewOutcome, TaskState
from tipstaff.domain.plan_work_checks import check_contact, check_review, check_task
from tipstaff.domain.plans import Agency, AgencyKind, ConditionName, Goal, Relaxed

ORDERS = (order(conditions=(attendance(), *order().conditions)),)
TODAY = date(2026, 3, 1)


def with_appointment(condition: str) -> Agency:
    return Agency("x", "X", AgencyKind.OTHER, appointments=(ConditionName("O1", condition),))


def goal(**other: Any) -> Goal:
    values: dict[str, Any] = {
        "reference": "g1", "aim": "a", "owner": "housing", "measure": "m", "due": date(2026, 4, 1),
    }  # fmt: skip
    return Goal(**(values | other))


def relaxed(condition: str) -> Relaxed:
    return Relaxed(ConditionName("O1", condition), "Fridays free", date(2026, 1, 5), "the board")


def told(problems: Any) -> list[tuple[str, str]]:
    assert all(problem.action for problem in problems)
    return [(str(problem.code), problem.where) for problem in problems]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"agencies": (HOUSING, with_appointment("a1"))}, []),
        ({"relaxed": (relaxed("c1"),)}, []),
        ({"ends_on": date(2026, 1, 4)},
         [("PLAN_ENDS_BEFORE_IT_BEGINS", "ends_on"), ("REVIEW_AFTER_PLAN", "first_review")]),
        ({"first_review": date(2026, 1, 4)}, [("REVIEW_BEFORE_PLAN", "first_review")]),
        ({"ends_on": date(2026, 2, 1)}, [("REVIEW_AFTER_PLAN", "first_review")]),
        ({"ends_on": date(2026, 2, 2)}, []),
        ({"goals": ()}, [("NO_GOAL", "goals")]),
        ({"goals": (goal(), goal())}, [("GOAL_REPEATED", "goals[1].reference")]),
        ({"goals": (goal(owner="nobody"),)}, [("AGENCY_NOT_ON_PLAN", "goals[0].owner")]),
        ({"goals": (goal(due=date(2026, 1, 4)),)}, [("GOAL_BEFORE_PLAN", "goals[0].due")]),
        ({"agencies": (HOUSING, HOUSING)}, [("AGENCY_REPEATED", "agencies[1].reference")]),
        ({"agencies": (HOUSING, with_appointment("no"))},
         [("CONDITION_NOT_KNOWN", "agencies[1].appointments[0]")]),
        ({"agencies": (HOUSING, with_appointment("c1"))},
         [("CONDITION_IS_NO_APPOINTMENT", "agencies[1].appointments[0]")]),
        ({"relaxed": (relaxed("no"),)}, [("CONDITION_NOT_KNOWN", "relaxed[0].condition")]),
    ],
)  # fmt: skip
def test_plans(other: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(check_plan(plan(**other), ORDERS)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"wearer_view": ""}, [("WEARERS_VIEW_MISSING", "wearer_view")]),
        ({"wearer_view": " ", "no_view_because": " "}, [("WEARERS_VIEW_MISSING", "wearer_view")]),
        ({"wearer_view": "", "no_view_because": "in hospital"}, []),
        ({"no_view_because": "in hospital"}, [("WEARERS_VIEW_CONTRADICTED", "no_view_because")]),
        ({"reasons": ""}, [("REASONS_MISSING", "reasons")]),
        ({"took_part": ()}, [("NOBODY_TOOK_PART", "took_part")]),
        ({"took_part": (Participant("B", "nobody"),)},
         [("AGENCY_NOT_ON_PLAN", "took_part[0].agency")]),
        ({"next_due": None}, [("NEXT_REVIEW_MISSING", "next_due")]),
        ({"next_due": date(2026, 2, 2)}, [("NEXT_REVIEW_NOT_LATER", "next_due")]),
        ({"outcome": ReviewOutcome.END}, [("NEXT_REVIEW_AFTER_END", "next_due")]),
        ({"outcome": ReviewOutcome.END, "next_due": None}, []),
        ({"held_on": date(2026, 3, 2), "next_due": date(2026, 4, 1)},
         [("IN_THE_FUTURE", "held_on")]),
        ({"held_on": date(2026, 1, 4)}, [("REVIEW_BEFORE_PLAN", "held_on")]),
        ({"next_due": date(2026, 9, 1)}, [("REVIEW_AFTER_PLAN", "next_due")]),
    ],
)  # fmt: skip
def test_reviews(other: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(check_review(review(**other), plan(ends_on=date(2026, 8, 31)), TODAY)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"agency": "nobody"}, [("AGENCY_NOT_ON_PLAN", "agency")]),
        ({"due": date(2026, 1, 4)}, [("DUE_BEFORE_SET", "due")]),
        ({"due": date(2026, 1, 5)}, []),
        ({"result": "two flats"}, [("RESULT_TOO_EARLY", "result")]),
        ({"state": TaskState.DONE}, [("RESULT_MISSING", "result")]),
        ({"state": TaskState.NOT_DONE}, [("RESULT_MISSING", "result")]),
        ({"state": TaskState.CANCELLED, "result": "moved away"}, []),
    ],
)
def test_tasks(other: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(check_task(task(**other), plan())) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"at": utc("2026-01-08 10:06")}, [("IN_THE_FUTURE", "at")]),
        ({"at": utc("2026-01-08 10:05")}, []),
        ({"note": ""}, [("REASONS_MISSING", "note")]),
        ({"party": Party.FAMILY}, [("WITH_WHOM_MISSING", "party_name")]),
        ({"party": Party.FAMILY, "party_name": "his mother", "channel": Channel.PHONE}, []),
    ],
)
def test_contacts(other: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(check_contact(contact(**other), utc("2026-01-08 10:00"))) == expected


def test_without_a_plan_nothing_hangs_on_it() -> None:
    assert told(check_review(review(), None, TODAY)) == [("PLAN_NOT_KNOWN", "plan")]
    assert told(check_task(task(), None)) == [("PLAN_NOT_KNOWN", "plan")]
