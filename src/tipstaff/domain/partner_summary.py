"""What a partner agency is told of a wearer: counts and days, and never where they were.

The type holds no text at all beside the two references that the asker gave, so nothing of a trail,
an address, a zone or an offence can get into it, by whatever mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from tipstaff.domain.conditions import Attendance, TreatmentAppointment
from tipstaff.domain.orders import OVER, Order, OrderStatus, enforceable_from
from tipstaff.domain.periods import Period
from tipstaff.domain.plan_due import next_due
from tipstaff.domain.plan_work import Review, Task, TaskState
from tipstaff.domain.plans import Agency, GoalState, Plan, agency_of
from tipstaff.domain.timetables import demands
from tipstaff.domain.wall_time import DAY, first_reached, wall_time

#: Appointments are told so many days ahead.
DAYS_AHEAD: Final = 28


class AppointmentKind(StrEnum):
    """What an appointment is for, as far as an agency is told."""

    ATTENDANCE = "attendance"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class Appointments:
    """Appointments of one kind with the agency in the days ahead: their beginnings, in order."""

    kind: AppointmentKind
    begin: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Goals:
    """Goals that the agency owns, counted by state."""

    open: int
    met: int
    not_met: int
    dropped: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks for the agency, counted by state; `open_due` are the days of open ones, in order."""

    done: int
    not_done: int
    cancelled: int
    open_due: tuple[date, ...]
    overdue: int


@dataclass(frozen=True, slots=True)
class Reviews:
    """Reviews held of plans with the agency, the last one's day, and by when the next is due."""

    held: int
    last_held: date | None
    next_due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class PartnerSummary:
    """The whole summary. `wearer` and `agency` are the references that were asked for.

    `alerts` counts breaches alerted since the plans began; None: not counted, which is not "none".
    """

    wearer: str
    agency: str
    on: date
    plans: int
    orders_in_force: int
    appointments: tuple[Appointments, ...]
    goals: Goals
    tasks: Tasks
    reviews: Reviews
    alerts: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the records say of a wearer as it now stands."""

    plans: tuple[Plan, ...]
    reviews: tuple[Review, ...]
    tasks: tuple[Task, ...]
    orders: tuple[Order, ...]


def summarise(
    told: Recorded, *, wearer: str, agency: str, now: datetime, alerts: int | None = None
) -> PartnerSummary | None:
    """The summary for an agency; None where the wearer is on no running plan with it."""
    today = wall_time(now).date()
    plans = tuple(plan for plan in told.plans if _runs(plan, told.reviews, agency, today))
    if not plans:
        return None
    names = {plan.reference for plan in plans}
    parts = tuple(a for plan in plans if (a := agency_of(plan, agency)) is not None)
    return PartnerSummary(
        wearer=wearer,
        agency=agency,
        on=today,
        plans=len(plans),
        orders_in_force=sum(_in_force(order, now) for order in told.orders),
        appointments=_appointments(parts, told.orders, now),
        goals=_goals(plans, agency, today),
        tasks=_tasks([t for t in told.tasks if t.agency == agency and t.plan in names], today),
        reviews=_reviews(plans, [r for r in told.reviews if r.plan in names], today),
        alerts=alerts,
    )


def _runs(plan: Plan, reviews: Iterable[Review], agency: str, today: date) -> bool:
    """Whether the agency takes part in a plan that runs: neither over nor ended by a review."""
    begun = plan.starts_on <= today and (plan.ends_on is None or today <= plan.ends_on)
    return begun and agency_of(plan, agency) is not None and next_due(plan, reviews) is not None


def _in_force(order: Order, now: datetime) -> bool:
    start = enforceable_from(order)
    begun = start is not None and start <= now
    over = order.status in OVER or (order.ends_at is not None and order.ends_at <= now)
    return begun and not over and order.status is OrderStatus.ACTIVE


def _appointments(
    parts: Iterable[Agency], orders: Iterable[Order], now: datetime
) -> tuple[Appointments, ...]:
    names = {(name.order, name.condition) for part in parts for name in part.appointments}
    begin: dict[AppointmentKind, set[datetime]] = {kind: set() for kind in AppointmentKind}
    for order in orders:
        ahead = _ahead(order, now)
        for condition in order.conditions:
            named = (order.reference, condition.reference) in names
            if ahead and named and isinstance(condition, Attendance | TreatmentAppointment):
                treats = isinstance(condition, TreatmentAppointment)
                kind = AppointmentKind.TREATMENT if treats else AppointmentKind.ATTENDANCE
                begin[kind] |= {d.period.start for d in demands(condition.timetable, ahead)}
    return tuple(Appointments(kind, tuple(sorted(at))) for kind, at in begin.items() if at)


def _ahead(order: Order, now: datetime) -> Period | None:
    """The days ahead, as far as the order is in force then; None where it is not."""
    end = first_reached(datetime.combine(wall_time(now).date() + DAYS_AHEAD * DAY, time.min))
    end = end if order.ends_at is None else min(end, order.ends_at)
    return Period(now, end) if _in_force(order, now) and now < end else None


def _goals(plans: Iterable[Plan], agency: str, today: date) -> Goals:
    own = [goal for plan in plans for goal in plan.goals if goal.owner == agency]
    count = {state: sum(goal.state is state for goal in own) for state in GoalState}
    late = sum(goal.state is GoalState.OPEN and goal.due < today for goal in own)
    return Goals(
        open=count[GoalState.OPEN],
        met=count[GoalState.MET],
        not_met=count[GoalState.NOT_MET],
        dropped=count[GoalState.DROPPED],
        overdue=late,
    )


def _tasks(own: list[Task], today: date) -> Tasks:
    count = {state: sum(task.state is state for task in own) for state in TaskState}
    due = tuple(sorted(task.due for task in own if task.state is TaskState.OPEN))
    return Tasks(
        done=count[TaskState.DONE],
        not_done=count[TaskState.NOT_DONE],
        cancelled=count[TaskState.CANCELLED],
        open_due=due,
        overdue=sum(day < today for day in due),
    )


def _reviews(plans: Iterable[Plan], held: list[Review], today: date) -> Reviews:
    days = [day for plan in plans if (day := next_due(plan, held)) is not None]
    due = min(days, default=None)
    last = max((review.held_on for review in held), default=None)
    return Reviews(len(held), last, due, overdue=due is not None and due < today)
