"""What is wrong with a plan, given the wearer's orders, told to the person who entered it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tipstaff.domain.conditions import Attendance, Condition, TreatmentAppointment
from tipstaff.domain.orders import Order
from tipstaff.domain.plan_codes import PlanCode
from tipstaff.domain.plans import ConditionName, Plan, agency_of
from tipstaff.domain.problems import Problem

#: What a plan speaks of: each condition of the wearer's orders by both references.
Conditions = dict[tuple[str, str], Condition]


def check_plan(plan: Plan, orders: Iterable[Order]) -> tuple[Problem, ...]:
    """Everything wrong with a plan; `orders` are those of the wearer as they now stand."""
    known = conditions_of(orders)
    return (
        *_date_problems(plan),
        *_agency_problems(plan, known),
        *_goal_problems(plan),
        *_relaxed_problems(plan, known),
    )


def conditions_of(orders: Iterable[Order]) -> Conditions:
    """Every condition of these orders."""
    return {(o.reference, c.reference): c for o in orders for c in o.conditions}


def is_appointment(condition: Condition | None) -> bool:
    """Whether a condition is to attend somewhere."""
    return isinstance(condition, Attendance | TreatmentAppointment)


def _date_problems(plan: Plan) -> Iterator[Problem]:
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        action = "write an end on the day the plan starts or later, or leave it out"
        yield Problem(PlanCode.PLAN_ENDS_BEFORE_IT_BEGINS, "ends_on", action)
    if plan.first_review < plan.starts_on:
        action = "write a day on which the plan runs: a review looks back on it"
        yield Problem(PlanCode.REVIEW_BEFORE_PLAN, "first_review", action)
    elif plan.ends_on is not None and plan.ends_on < plan.first_review:
        action = "write a day before the plan ends: a plan is reviewed while it runs"
        yield Problem(PlanCode.REVIEW_AFTER_PLAN, "first_review", action)


def _agency_problems(plan: Plan, known: Conditions) -> Iterator[Problem]:
    references = [agency.reference for agency in plan.agencies]
    for index, agency in enumerate(plan.agencies):
        where = f"agencies[{index}]"
        if agency.reference in references[:index]:
            action = "name each agency once: goals and tasks name it by its reference"
            yield Problem(PlanCode.AGENCY_REPEATED, f"{where}.reference", action)
        for place, name in enumerate(agency.appointments):
            path = f"{where}.appointments[{place}]"
            yield from _appointment_problems(name, path, known)


def _appointment_problems(name: ConditionName, path: str, known: Conditions) -> Iterator[Problem]:
    condition = known.get((name.order, name.condition))
    if condition is None:
        yield _condition_not_known(path)
    elif not is_appointment(condition):
        action = "name an attendance or a treatment appointment: an agency hears of no other"
        yield Problem(PlanCode.CONDITION_IS_NO_APPOINTMENT, path, action)


def _condition_not_known(path: str) -> Problem:
    action = "name a condition of an order of this wearer: record or vary the order first"
    return Problem(PlanCode.CONDITION_NOT_KNOWN, path, action)


def _goal_problems(plan: Plan) -> Iterator[Problem]:
    if not plan.goals:
        yield Problem(
            PlanCode.NO_GOAL, "goals", "write what the plan is to reach: one goal at least"
        )
    references = [goal.reference for goal in plan.goals]
    for index, goal in enumerate(plan.goals):
        where = f"goals[{index}]"
        if goal.reference in references[:index]:
            action = "give each goal a reference of its own"
            yield Problem(PlanCode.GOAL_REPEATED, f"{where}.reference", action)
        if agency_of(plan, goal.owner) is None:
            action = (
                "name as owner the reference of an agency of this plan, the lead's own included"
            )
            yield Problem(PlanCode.AGENCY_NOT_ON_PLAN, f"{where}.owner", action)
        if goal.due < plan.starts_on:
            action = "write a day on which the plan runs, or later"
            yield Problem(PlanCode.GOAL_BEFORE_PLAN, f"{where}.due", action)


def _relaxed_problems(plan: Plan, known: Conditions) -> Iterator[Problem]:
    for index, relaxed in enumerate(plan.relaxed):
        name = relaxed.condition
        if (name.order, name.condition) not in known:
            yield _condition_not_known(f"relaxed[{index}].condition")
