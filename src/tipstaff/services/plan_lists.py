"""What is to be done under plans: tasks, and plans whose review is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from tipstaff.domain.plan_work import TaskState
from tipstaff.domain.purposes import Purpose
from tipstaff.records import plan_pages
from tipstaff.records.plan_pages import After, DueLine, ReviewsWanted, TaskLine, TasksWanted
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import list_reach
from tipstaff.services.recording import reading


def list_tasks(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    state: TaskState = TaskState.OPEN,
    agency: str | None = None,
    after: After | None = None,
    limit: int = 50,
) -> tuple[TaskLine, ...]:
    """A page of tasks by the day due, of whom the actor reaches, as they stand now.

    `after`: day, reference and subject of the last line of the page before.
    """
    access = admit_to(actor, purpose, authority, "list_tasks")
    wanted = TasksWanted(list_reach(access), state, agency, after, limit)
    extent: dict[str, Any] = {"state": state, "agency": agency, "limit": limit}
    with reading(access, extent=extent) as looked:
        lines = plan_pages.tasks(wanted, now=clock())
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines


def list_plan_reviews(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    until: date,
    organisation: str | None = None,
    after: After | None = None,
    limit: int = 50,
) -> tuple[DueLine, ...]:
    """A page of plans whose review is due by the end of `until`, overdue ones first.

    A plan that ran out without a review that ended it stays in the list until it has one.
    """
    access = admit_to(actor, purpose, authority, "list_plan_reviews")
    wanted = ReviewsWanted(list_reach(access), until, organisation, after, limit)
    extent = {"until": until.isoformat(), "organisation": organisation, "limit": limit}
    with reading(access, extent=extent) as looked:
        lines = plan_pages.plan_reviews(wanted, now=clock())
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines
