"""A partner agency's summary in sentences: numbers and days, in plain English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tipstaff.domain.partner_summary import AppointmentKind, Appointments, PartnerSummary
from tipstaff.domain.wall_time import wall_time


def summary_sentences(summary: PartnerSummary) -> tuple[str, ...]:
    """The summary, a sentence or two to each thing that it tells."""
    return (
        f"Wearer {summary.wearer}, for {summary.agency}, on {_day(summary.on)}.",
        f"On {_number(summary.plans, 'plan')} with you; "
        f"{_number(summary.orders_in_force, 'order')} in force.",
        *_appointments(summary),
        *_goals(summary),
        *_tasks(summary),
        *_reviews(summary),
        _alerts(summary.alerts),
        "This summary holds no positions, addresses, zones or offences. It is not evidence.",
    )


def _appointments(summary: PartnerSummary) -> Iterator[str]:
    if not summary.appointments:
        yield "No appointment with you falls in the next 28 days."
    for one in summary.appointments:
        yield f"{_appointment_count(one)} in the next 28 days; the next begins {_time(one)}."


def _appointment_count(one: Appointments) -> str:
    what = "treatment appointment" if one.kind is AppointmentKind.TREATMENT else "appointment"
    return f"{_number(len(one.begin), what)} with you"


def _time(one: Appointments) -> str:
    wall = wall_time(one.begin[0])
    return f"on {_day(wall.date())} at {wall:%H:%M}"


def _goals(summary: PartnerSummary) -> Iterator[str]:
    goals = summary.goals
    yield (
        f"Goals that you own: {goals.open} open ({goals.overdue} past their day), {goals.met} met, "
        f"{goals.not_met} not met, {goals.dropped} dropped."
    )


def _tasks(summary: PartnerSummary) -> Iterator[str]:
    tasks = summary.tasks
    yield (
        f"Tasks for you: {len(tasks.open_due)} open ({tasks.overdue} past their day), "
        f"{tasks.done} done, {tasks.not_done} not done, {tasks.cancelled} cancelled."
    )
    if tasks.open_due:
        yield f"The first open task is due on {_day(tasks.open_due[0])}."


def _reviews(summary: PartnerSummary) -> Iterator[str]:
    reviews = summary.reviews
    held = _number(reviews.held, "review")
    last = "" if reviews.last_held is None else f", the last on {_day(reviews.last_held)}"
    yield f"{held} held{last}."
    if reviews.next_due is not None:
        late = " and is overdue" if reviews.overdue else ""
        yield f"The next review was set for {_day(reviews.next_due)}{late}."


def _alerts(alerts: int | None) -> str:
    if alerts is None:
        return "Alerts about breaches are not counted here yet: that none is told means nothing."
    return f"{_number(alerts, 'alert')} about a breach since the plan began."


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B %Y}"
