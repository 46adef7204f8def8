"""What is done under a joint plan: reviews held, tasks set, and what came of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import uuid4

from tipstaff.domain.plan_work import (
    Benefit,
    Participant,
    Review,
    ReviewOutcome,
    Task,
    TaskState,
)
from tipstaff.domain.plans import Plan
from tipstaff.formats.plan_json import REVIEW, TASK
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.plans import record_review, record_task
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.cases import all_of
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.person_forms.plans import PAGE, agencies_of, plan_of, today, told
from tipstaff.web.state_words import said
from tipstaff.web.times import day_words
from tipstaff.web.written import unkept

_OVER: Final = [(one.value, said(one)) for one in TaskState if one is not TaskState.OPEN]
_THERE: Final = (("yes", "Yes"), ("no", "No"))


def _review(found: CaseView, wearer: str, about: str) -> Act | None:
    plan = plan_of(found, about)
    if plan is None:
        return None
    reference = plan.reference

    def do(who: Who, given: Given) -> Done:
        people = [one.strip() for one in given.text("took_part").splitlines()]
        review = Review(
            f"rev-{uuid4().hex[:8]}", wearer, reference, given.the_day("held_on"),
            given.the(Benefit, "benefit"), given.the(ReviewOutcome, "outcome"),
            given.text("reasons"), tuple(Participant(one) for one in people if one),
            given.text("wearer_took_part") == "yes", given.text("wearer_view"),
            given.text("no_view_because"), given.day("next_due"),
        )  # fmt: skip
        return Done(unkept(REVIEW, review) or record_review(**who, review=review).problems)

    fields = (
        Field("held_on", "When it was held", Kind.DAY),
        Field("took_part", "Who took part", Kind.WORDS, hint="A name on each line"),
        Field("wearer_took_part", "Did the person take part?", Kind.ONE, options=choices(_THERE)),
        Field("wearer_view", "The person’s own view, in their own words", Kind.WORDS,
              needed=False),
        Field("no_view_because", "Why there is none", Kind.WORDS, needed=False,
              hint="Only where the person’s own view is not known"),
        Field("benefit", "Does the person benefit from the plan and the tag?", Kind.ONE,
              options=words_of(Benefit)),
        Field("outcome", "What was decided", Kind.ONE,
              options=words_of(ReviewOutcome)),
        Field("reasons", "Why", Kind.WORDS),
        Field("next_due", "Next review by", Kind.DAY, needed=False,
              hint="Needed unless the plan ends"),
    )  # fmt: skip
    return Act(
        "review", "record_review", "Record a review of the plan", "Record it", do,
        "The review was recorded. It changes no order: that is recorded with the order.", PAGE,
        fields, back_values=to_the_person(wearer), about=told(wearer, plan),
        filled={"held_on": today()},
    )  # fmt: skip


def _task(found: CaseView, wearer: str, about: str) -> Act | None:
    plan = plan_of(found, about)
    if plan is None:
        return None
    reference = plan.reference

    def do(who: Who, given: Given) -> Done:
        task = Task(
            f"task-{uuid4().hex[:8]}", wearer, reference, given.text("agency"),
            given.text("what"), given.the_day("set_on"), given.the_day("due"),
            given.text("assignee"),
        )  # fmt: skip
        return Done(unkept(TASK, task) or record_task(**who, task=task).problems)

    fields = (
        Field("what", "What is to be done", Kind.WORDS),
        Field("agency", "For which agency", Kind.CHOICE, options=choices(agencies_of(plan))),
        Field("assignee", "Who there", needed=False),
        Field("set_on", "Set on", Kind.DAY),
        Field("due", "Due by", Kind.DAY),
    )
    return Act(
        "task", "record_task", "Set a task", "Set it", do, "The task was set.", PAGE, fields,
        back_values=to_the_person(wearer), about=told(wearer, plan), filled={"set_on": today()},
    )  # fmt: skip


def _task_done(found: CaseView, wearer: str, about: str) -> Act | None:
    task = next((one for one in all_of(found, Task) if one.reference == about), None)
    if task is None or task.state is not TaskState.OPEN:
        return None
    open_task = task

    def do(who: Who, given: Given) -> Done:
        state, result = given.the(TaskState, "state"), given.text("result")
        told_anew = replace(open_task, state=state, result=result)
        return Done(unkept(TASK, told_anew) or record_task(**who, task=told_anew).problems)

    fields = (
        Field("state", "How far it has come", Kind.ONE, options=choices(_OVER)),
        Field("result", "What came of it, or why it was not done", Kind.WORDS),
    )
    return Act(
        "task-done", "record_task", "Say what came of a task", "Record it", do,
        "It was recorded.", PAGE, fields, back_values=to_the_person(wearer),
        about=_task_told(wearer, task, plan_of(found, task.plan)),
    )  # fmt: skip


def _task_told(wearer: str, task: Task, plan: Plan | None) -> tuple[tuple[str, str], ...]:
    names = {} if plan is None else dict(agencies_of(plan))
    whom = names.get(task.agency, task.agency)
    return (
        ("Person", wearer),
        ("Task", task.what),
        ("For", f"{whom}, {task.assignee}" if task.assignee else whom),
        ("Due by", day_words(task.due)),
    )


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("review", "record_review", _review),
    PersonForm("task", "record_task", _task),
    PersonForm("task-done", "record_task", _task_done),
)
