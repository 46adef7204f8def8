"""What is wrong with a review, a task or a contact, told to the person who entered it.

`plan` is the plan that they name, as it stands; None: there is none. `today` is the day in Great
Britain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from tipstaff.domain.plan_codes import PlanCode
from tipstaff.domain.plan_work import Contact, Party, Review, ReviewOutcome, Task, TaskState
from tipstaff.domain.plans import Plan, agency_of
from tipstaff.domain.problems import Problem

#: A clock may be a little off.
_SLACK: Final = timedelta(minutes=5)


def check_review(review: Review, plan: Plan | None, today: date) -> tuple[Problem, ...]:
    """Everything wrong with a review."""
    return (
        *_plan_problems(plan),
        *_held_problems(review, plan, today),
        *_participant_problems(review, plan),
        *_view_problems(review),
        *_reason_problems(review),
        *_next_problems(review, plan),
    )


def check_task(task: Task, plan: Plan | None) -> tuple[Problem, ...]:
    """Everything wrong with a task."""
    return (
        *_plan_problems(plan),
        *_agency_problems(task.agency, plan, "agency"),
        *_due_problems(task),
        *_result_problems(task),
    )


def check_contact(contact: Contact, now: datetime) -> tuple[Problem, ...]:
    """Everything wrong with a contact by itself."""
    found: list[Problem] = []
    if contact.at > now + _SLACK:
        action = "write when it was made: what is planned is a task"
        found.append(Problem(PlanCode.IN_THE_FUTURE, "at", action))
    if not contact.note.strip():
        found.append(Problem(PlanCode.REASONS_MISSING, "note", "write what was said or done"))
    if contact.party is not Party.WEARER and not contact.party_name.strip():
        action = "write with whom, by name or by office"
        found.append(Problem(PlanCode.WITH_WHOM_MISSING, "party_name", action))
    return tuple(found)


def _plan_problems(plan: Plan | None) -> Iterator[Problem]:
    if plan is None:
        action = "record the plan first: no plan of that reference stands for this wearer"
        yield Problem(PlanCode.PLAN_NOT_KNOWN, "plan", action)


def _agency_problems(agency: str, plan: Plan | None, where: str) -> Iterator[Problem]:
    if plan is not None and agency_of(plan, agency) is None:
        action = "name an agency of the plan by its reference, or put it on the plan first"
        yield Problem(PlanCode.AGENCY_NOT_ON_PLAN, where, action)


def _held_problems(review: Review, plan: Plan | None, today: date) -> Iterator[Problem]:
    if review.held_on > today:
        action = "record a review when it was held: what is to come is its due day"
        yield Problem(PlanCode.IN_THE_FUTURE, "held_on", action)
    if plan is not None and review.held_on < plan.starts_on:
        action = "write a day on which the plan ran"
        yield Problem(PlanCode.REVIEW_BEFORE_PLAN, "held_on", action)


def _participant_problems(review: Review, plan: Plan | None) -> Iterator[Problem]:
    if not review.took_part:
        action = "write who took part: a review is held by somebody"
        yield Problem(PlanCode.NOBODY_TOOK_PART, "took_part", action)
    for index, one in enumerate(review.took_part):
        if one.agency:
            yield from _agency_problems(one.agency, plan, f"took_part[{index}].agency")


def _view_problems(review: Review) -> Iterator[Problem]:
    view, because = review.wearer_view.strip(), review.no_view_because.strip()
    if not view and not because:
        action = "write the wearer's own view in their own words, or why there is none"
        yield Problem(PlanCode.WEARERS_VIEW_MISSING, "wearer_view", action)
    if view and because:
        action = "leave this out: the wearer's own view is there"
        yield Problem(PlanCode.WEARERS_VIEW_CONTRADICTED, "no_view_because", action)


def _reason_problems(review: Review) -> Iterator[Problem]:
    if not review.reasons.strip():
        action = "write the reasons: somebody will ask why it was decided so"
        yield Problem(PlanCode.REASONS_MISSING, "reasons", action)


def _next_problems(review: Review, plan: Plan | None) -> Iterator[Problem]:
    ends = review.outcome is ReviewOutcome.END
    if ends and review.next_due is not None:
        action = "leave this out: the plan ends with this review"
        yield Problem(PlanCode.NEXT_REVIEW_AFTER_END, "next_due", action)
    if ends or review.next_due is None:
        if not ends:
            action = "write by when the next review is due: reviews that nobody set are missed"
            yield Problem(PlanCode.NEXT_REVIEW_MISSING, "next_due", action)
        return
    if review.next_due <= review.held_on:
        action = "write a day after this review"
        yield Problem(PlanCode.NEXT_REVIEW_NOT_LATER, "next_due", action)
    if plan is not None and plan.ends_on is not None and review.next_due > plan.ends_on:
        action = "write a day before the plan ends, or lengthen the plan first"
        yield Problem(PlanCode.REVIEW_AFTER_PLAN, "next_due", action)


def _due_problems(task: Task) -> Iterator[Problem]:
    if task.due < task.set_on:
        action = "write a day on which the task was set, or later"
        yield Problem(PlanCode.DUE_BEFORE_SET, "due", action)


def _result_problems(task: Task) -> Iterator[Problem]:
    told, is_open = bool(task.result.strip()), task.state is TaskState.OPEN
    if is_open and told:
        action = "say too that it is done, not done or cancelled; or leave the result out"
        yield Problem(PlanCode.RESULT_TOO_EARLY, "result", action)
    if not is_open and not told:
        action = "write what came of it, or why it was not done"
        yield Problem(PlanCode.RESULT_MISSING, "result", action)
