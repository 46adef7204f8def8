"""Joint plans recorded: plans, reviews and tasks, each in a plan document's own JSON."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest
from pydantic import Field

from tipstaff.domain.plan_work import Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.formats.plan_json import PLAN, REVIEW, TASK
from tipstaff.services.plans import record_plan, record_review, record_task
from tipstaff.web.api.asking import who
from tipstaff.web.api.casework import PART
from tipstaff.web.api.order_acts import VersionRecorded, read_sent, recorded
from tipstaff.web.api.shapes import Asked, Instant, Line

_AS_WRITTEN: Final = "As docs/reference/plan.schema.json has it"
_Written = Annotated[dict[str, Any], Field(description=_AS_WRITTEN)]


class PlanRecorded(Asked):
    """A plan as a whole: a new one, or the one that is there told anew, with the reason."""

    plan: _Written
    reason: Line = ""
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class ReviewRecorded(Asked):
    """A review that was held."""

    review: _Written
    reason: Line = ""
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class TaskRecorded(Asked):
    """A task: a new one, or what became of one that is there."""

    task: _Written
    reason: Line = ""
    valid_from: Instant | None = None
    valid_to: Instant | None = None


@PART.acts("/plans", "record_plan", VersionRecorded)
def plan(request: HttpRequest, body: PlanRecorded) -> Any:
    """A wearer's joint plan, with its goals, agencies and what is relaxed."""
    value: Plan = read_sent(PLAN, body.plan, "plan")
    return recorded(record_plan(**who(request), plan=value, **_when(body)), "plan")


@PART.acts("/plan-reviews", "record_review", VersionRecorded)
def review(request: HttpRequest, body: ReviewRecorded) -> Any:
    """A review of a plan. One that ends the plan does not end the order."""
    value: Review = read_sent(REVIEW, body.review, "review")
    return recorded(record_review(**who(request), review=value, **_when(body)), "review")


@PART.acts("/tasks", "record_task", VersionRecorded)
def task(request: HttpRequest, body: TaskRecorded) -> Any:
    """A task under a plan; what becomes of it is the task told anew."""
    value: Task = read_sent(TASK, body.task, "task")
    return recorded(record_task(**who(request), task=value, **_when(body)), "task")


def _when(body: PlanRecorded | ReviewRecorded | TaskRecorded) -> dict[str, Any]:
    return {"reason": body.reason, "valid_from": body.valid_from, "valid_to": body.valid_to}
