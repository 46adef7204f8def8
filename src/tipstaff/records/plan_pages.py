"""Pages of what is to be done under plans: tasks, and reviews that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.plan_work import TaskState
from tipstaff.records.models import PlanStretch, TaskStretch
from tipstaff.records.plan_lists import beyond, standing
from tipstaff.records.reach import ListReach, count_up_to

MOST_LINES: Final = 1000
#: Where a page goes on: the day, the reference and the subject of the last line before it.
After = tuple[date, str, UUID]


@dataclass(frozen=True, slots=True, repr=False)
class TaskLine:
    """A task as it now stands. `wearer` is the reference, `subject_ref` the audit's."""

    subject: UUID
    subject_ref: UUID
    wearer: str
    reference: str
    plan: str
    agency: str
    assignee: str
    what: str
    due: date
    state: TaskState


@dataclass(frozen=True, slots=True, repr=False)
class DueLine:
    """A plan whose review is due, and by when."""

    subject: UUID
    subject_ref: UUID
    wearer: str
    reference: str
    scheme: str
    lead: str
    organisation: str
    due: date


@dataclass(frozen=True, slots=True)
class TasksWanted:
    """Which tasks a list shows. `reach`: whose may show to whoever asks."""

    reach: ListReach
    state: TaskState = TaskState.OPEN
    agency: str | None = None
    after: After | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ReviewsWanted:
    """Which plans a list shows: those whose review is due by the end of `until`."""

    reach: ListReach
    until: date
    organisation: str | None = None
    after: After | None = None
    limit: int = 50


def tasks(wanted: TasksWanted, *, now: datetime) -> tuple[TaskLine, ...]:
    """A page of tasks by the day due, as they stand at `now`. One statement, by an index."""
    rows = beyond(_tasks(wanted, now), "due", wanted.after).select_related("wearer")
    return tuple(_task(row) for row in rows[: min(wanted.limit, MOST_LINES)])


def count_tasks(wanted: TasksWanted, *, now: datetime) -> int:
    """How many tasks that list has, up to its `limit`."""
    return count_up_to(_tasks(wanted, now), wanted.limit)


def plan_reviews(wanted: ReviewsWanted, *, now: datetime) -> tuple[DueLine, ...]:
    """A page of plans by the day their review is due, as at `now`. One statement, by an index."""
    rows = standing(PlanStretch, wanted.reach, now=now)
    rows = rows.filter(review_due__lte=wanted.until)
    if wanted.organisation is not None:
        rows = rows.filter(organisation=wanted.organisation)
    rows = beyond(rows, "review_due", wanted.after).select_related("wearer")
    rows = rows.order_by("review_due", "reference", "subject")
    return tuple(_due(row) for row in rows[: min(wanted.limit, MOST_LINES)])


def _tasks(wanted: TasksWanted, now: datetime) -> Any:
    rows = standing(TaskStretch, wanted.reach, now=now).filter(state=wanted.state)
    rows = rows.order_by("due", "reference", "subject")
    return rows if wanted.agency is None else rows.filter(agency=wanted.agency)


def _task(row: Any) -> TaskLine:
    return TaskLine(
        subject=row.subject_id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        reference=row.reference,
        plan=row.plan,
        agency=row.agency,
        assignee=row.assignee,
        what=row.what,
        due=row.due,
        state=TaskState(row.state),
    )


def _due(row: Any) -> DueLine:
    return DueLine(
        subject=row.subject_id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        reference=row.reference,
        scheme=row.scheme,
        lead=row.lead,
        organisation=row.organisation,
        due=row.review_due,
    )
