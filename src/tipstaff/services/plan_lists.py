"""What is to be done under plans: tasks, and plans whose review is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from tipstaff.domain.plan_work import TaskState
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import plan_pages
from tipstaff.records.plan_pages import After, DueLine, ReviewsWanted, TaskLine, TasksWanted
from tipstaff.services.access import Access, admit
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import cleared
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
    """A page of tasks by the day due, as they stand now. Limited access shows to the cleared only.

    `after`: day, reference and subject of the last line of the page before.
    """
    access = _admit(actor, purpose, authority, "list_tasks")
    wanted = TasksWanted(state, agency, after, limit, cleared(access))
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
    access = _admit(actor, purpose, authority, "list_plan_reviews")
    wanted = ReviewsWanted(until, organisation, after, limit, cleared(access))
    extent = {"until": until.isoformat(), "organisation": organisation, "limit": limit}
    with reading(access, extent=extent) as looked:
        lines = plan_pages.plan_reviews(wanted, now=clock())
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines


def _admit(actor: str, purpose: Purpose, authority: str, use_case: str) -> Access:
    return admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case=use_case,
    )
