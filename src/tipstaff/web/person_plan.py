"""A person's joint plans: goals, agencies, reviews, tasks, and the contacts under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.plan_due import next_due
from tipstaff.domain.plan_work import Contact, Review, Task, TaskState
from tipstaff.domain.plans import Goal, Plan, agency_of
from tipstaff.domain.wall_time import wall_time
from tipstaff.services.case_view import CaseView
from tipstaff.web.cases import all_of, case_of, record_of
from tipstaff.web.person_forms.conditions import words_of_condition
from tipstaff.web.person_forms.plans import has_appointments
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.person_standing import allowed

#: So many of the latest contacts are shown; the history has them all.
_CONTACTS: Final = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as its page has it. `due`: by when it is to be reviewed; None: a review ended it."""

    plan: Plan
    due: date | None
    overdue: bool
    reviews: list[Review]
    tasks: list[Task]
    offers: list[PersonOffer]


@require_GET
def page(request: HttpRequest, wearer: str) -> HttpResponse:
    """Every plan of the person's, those that run first."""
    found = case_of(request, wearer)
    plans = [_shown(request, found, wearer, plan) for plan in all_of(found, Plan)]
    contacts = sorted(all_of(found, Contact), key=lambda one: one.at, reverse=True)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "record": record_of(found),
        "plans": sorted(plans, key=lambda one: (one.due is None, one.plan.starts_on)),
        "contacts": contacts[:_CONTACTS],
        "offers": [] if any(one.due for one in plans) else _making(request, wearer),
        "goal_offers": lambda one, goal: _goal_offers(request, wearer, one, goal),
        "done_offer": lambda task: _task_offers(request, wearer, task),
        "here": request.get_full_path(),
        "name_of": _name_of,
        "condition": lambda name: words_of_condition(found, name.order, name.condition),
        "open": TaskState.OPEN,
        "today": _today(),
    }
    return render(request, "person_plan.html.jinja", shown)


def _shown(request: HttpRequest, found: CaseView, wearer: str, plan: Plan) -> Shown:
    reviews = [one for one in all_of(found, Review) if one.plan == plan.reference]
    tasks = [one for one in all_of(found, Task) if one.plan == plan.reference]
    due = next_due(plan, reviews)
    offered = () if due is None else _offers(found, wearer, plan)
    return Shown(
        plan,
        due,
        due is not None and due < _today(),
        sorted(reviews, key=lambda one: (one.held_on, one.reference), reverse=True),
        sorted(tasks, key=lambda one: (one.state is not TaskState.OPEN, one.due, one.reference)),
        allowed(request, offered),
    )


def _offers(found: CaseView, wearer: str, plan: Plan) -> tuple[PersonOffer, ...]:
    """What may be recorded of a plan that no review ended."""
    about = plan.reference
    forms = [
        ("review", "Record a review"),
        ("task", "Set a task"),
        ("plan-goal", "Add a goal"),
        ("plan-agency", "Add an agency"),
        ("plan-relaxed", "Relax a condition by agreement"),
        ("plan-details", "Change the lead or the last day"),
    ]
    if has_appointments(found):
        forms.append(("plan-appointments", "Appointments with an agency"))
    return tuple(PersonOffer(name, words, wearer, about) for name, words in forms)


def _making(request: HttpRequest, wearer: str) -> list[PersonOffer]:
    return allowed(request, (PersonOffer("plan", "Make a joint plan", wearer),))


def _goal_offers(request: HttpRequest, wearer: str, one: Shown, goal: Goal) -> list[PersonOffer]:
    if one.due is None:
        return []
    which = {"goal": goal.reference, "state": goal.state.value}
    form = PersonOffer("plan-goal-stands", "Change it", wearer, one.plan.reference, which)
    return allowed(request, (form,))


def _task_offers(request: HttpRequest, wearer: str, task: Task) -> list[PersonOffer]:
    if task.state is not TaskState.OPEN:
        return []
    return allowed(request, (PersonOffer("task-done", "Say what came of it", wearer,
                                         task.reference),))  # fmt: skip


def _name_of(plan: Plan, reference: str) -> str:
    agency = agency_of(plan, reference)
    return reference if agency is None else agency.name


def _today() -> date:
    return wall_time(timezone.now()).date()
