"""Casework: releases and fittings, reviews and tasks that are due, and what is recorded of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.legal_bases import ConditionKind
from tipstaff.domain.own_requests import Asked as OwnAsked
from tipstaff.domain.partner_words import summary_sentences
from tipstaff.domain.plan_work import TaskState
from tipstaff.domain.releases import Stage
from tipstaff.domain.roles import Relation
from tipstaff.domain.wall_time import wall_time
from tipstaff.records.absence_lists import WaitingLine
from tipstaff.records.plan_pages import DueLine, TaskLine
from tipstaff.services import (
    absences,
    assignments,
    order_reviews,
    own_requests,
    plan_lists,
    releases,
)
from tipstaff.services.account_outcomes import clock
from tipstaff.services.partner_summary import partner_summary
from tipstaff.services.releases import ListedRelease
from tipstaff.services.waiting import count_waiting
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found
from tipstaff.web.api.shapes import (
    USUAL,
    Asked,
    At,
    Cursor,
    Day,
    Instant,
    Limit,
    Line,
    Page,
    Reference,
    Told,
    page_of,
)
from tipstaff.web.desks import casework, referrals

PART: Final = Part(Group.CASEWORK)


class SummaryTold(Told):
    """A summary for an agency; no positions, addresses, zones or offences."""

    wearer: str
    agency: str
    on: date
    sentences: list[str]


class WaitingTold(Told):
    """How many lines each list has, up to 100; `new_alerts`: opened since `since`."""

    since: At | None = None
    new_alerts: int | None = None
    urgent_alerts: int | None = None
    alerts: int | None = None
    own_alerts: int | None = None
    outages: int | None = None
    unfitted: int | None = None
    releases: int | None = None
    absences: int | None = None
    referrals: int | None = None
    reviews: int | None = None
    tasks: int | None = None
    devices: int | None = None
    approvals: int | None = None


class ReleaseTold(Told):
    """Somebody who is released to be fitted, and where that stands."""

    wearer: str
    reference: str
    order: str
    place: str
    officer: str
    released_at: At
    fit_by: At
    fitted_at: At | None
    stage: Stage
    alarm: bool
    raised_at: At | None


class ReviewTold(Told):
    """An order whose review is due."""

    wearer: str
    order: str
    officer: str
    organisation: str
    due: date


class PlanReviewTold(Told):
    """A joint plan whose review is due."""

    wearer: str
    reference: str
    scheme: str
    lead: str
    organisation: str
    due: date


class TaskTold(Told):
    """A task under a joint plan."""

    wearer: str
    reference: str
    plan: str
    agency: str
    assignee: str
    what: str
    due: date
    state: TaskState


class ReleasesAsked(Asked):
    """From when on."""

    since: Instant | None = None
    limit: Limit = USUAL


class LimitAsked(Asked):
    """How many at most."""

    limit: Limit = USUAL


class DueAsked(Asked):
    """Due up to that UK day; today where it is left out."""

    by: Day | None = None
    limit: Limit = USUAL


class PlanReviewsAsked(Asked):
    """Due up to that UK day, of that organisation alone."""

    until: Day | None = None
    organisation: Line | None = None
    after: Cursor = ""
    limit: Limit = USUAL


class OwnRequestTold(Told):
    """What a wearer asked for on their own page. `away_from`, `away_to`: of an absence."""

    wearer: str
    reference: str
    at: At
    words: str
    away_from: At | None
    away_to: At | None
    answered: bool


class TasksAsked(Asked):
    """Which tasks."""

    state: TaskState = TaskState.OPEN
    agency: Line | None = None
    after: Cursor = ""
    limit: Limit = USUAL


class AbsenceTold(Told):
    """An absence that waits for a decision. `kind`: of the condition that it is from."""

    wearer: str
    reference: str
    order: str
    condition: str
    kind: ConditionKind | None
    starts_at: At
    ends_at: At
    reason: str
    asked_by: str
    asked_at: At


class AssignmentTold(Told):
    """A case in the hands of an account or of a team. `ended_at`: when it was taken out of them."""

    ref: UUID
    user: str | None
    team: str | None
    relation: Relation
    starts_at: At
    ends_at: At | None
    ended_at: At | None


class AbsencesAsked(Asked):
    """A page of them."""

    after: Cursor = ""
    limit: Limit = USUAL


@PART.reads("/absences", "list_absences", Page[AbsenceTold])
def to_decide(request: HttpRequest, asked: Annotated[AbsencesAsked, Query()]) -> Any:
    """Absences asked for and not decided, the longest waiting first."""
    lines = absences.list_absences(
        **who(request), after=cursors.read(asked.after, _asked_after), limit=asked.limit
    )
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _asked_cursor))


@PART.reads("/waiting", "count_waiting", WaitingTold)
def waiting(request: HttpRequest, before: At | None = None) -> Any:
    """How much waits on each list that you have; 100 is 100 or more, and null a list you have not.

    `before`: count what is new since you last asked before then, too. Numbers about nobody: who it
    is, the lists themselves say.
    """
    found = count_waiting(**who(request), before=before)
    return {"since": found.since} | {waits.value: many for waits, many in found.counts.items()}


@PART.reads("/releases", "list_releases", Page[ReleaseTold])
def to_come(request: HttpRequest, asked: Annotated[ReleasesAsked, Query()]) -> Any:
    """Releases to come, the soonest first."""
    found = releases.list_releases(**who(request), since=asked.since, limit=asked.limit)
    return page_of(_release(one) for one in found)


@PART.reads(
    "/releases/not-fitted", "list_releases", Page[ReleaseTold], name="list_not_fitted",
    summary="List who is released and not fitted",
)  # fmt: skip
def not_fitted(request: HttpRequest, asked: Annotated[LimitAsked, Query()]) -> Any:
    """Somebody is out without a tag. Whose fault it is, this does not say."""
    found = releases.list_alarms(**who(request), limit=asked.limit)
    return page_of(_release(one) for one in found)


@PART.reads("/reviews", "list_reviews_due", Page[ReviewTold])
def reviews(request: HttpRequest, asked: Annotated[DueAsked, Query()]) -> Any:
    """Orders whose review is due."""
    found = order_reviews.list_reviews_due(**who(request), by=asked.by, limit=asked.limit)
    return page_of(
        {
            "wearer": one.order.wearer, "order": one.order.reference, "due": one.due,
            "officer": one.order.officer.name, "organisation": one.order.officer.organisation,
        }
        for one in found
    )  # fmt: skip


@PART.reads("/plan-reviews", "list_plan_reviews", Page[PlanReviewTold])
def plan_reviews(request: HttpRequest, asked: Annotated[PlanReviewsAsked, Query()]) -> Any:
    """Joint plans whose review is due."""
    lines = plan_lists.list_plan_reviews(
        **who(request),
        until=asked.until or wall_time(clock()).date(),
        organisation=asked.organisation,
        after=cursors.read(asked.after, _after),
        limit=asked.limit,
    )
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _cursor))


@PART.reads("/tasks", "list_tasks", Page[TaskTold])
def tasks(request: HttpRequest, asked: Annotated[TasksAsked, Query()]) -> Any:
    """Tasks under joint plans, by the day they are due."""
    lines = plan_lists.list_tasks(
        **who(request),
        state=asked.state,
        agency=asked.agency,
        after=cursors.read(asked.after, _after),
        limit=asked.limit,
    )
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _cursor))


@PART.reads("/people/{ref:wearer}/partner-summary", "partner_summary", SummaryTold)
def summary(request: HttpRequest, wearer: Reference, agency: Reference) -> Any:
    """How it goes under joint plans with that agency: counts and days, in sentences."""
    found = partner_summary(**who(request), wearer=wearer, agency=agency)
    if found is None:
        raise not_found()
    return {"wearer": found.wearer, "agency": found.agency, "on": found.on,
            "sentences": list(summary_sentences(found))}  # fmt: skip


@PART.reads("/people/{ref:wearer}/assignments", "list_assignments", Page[AssignmentTold])
def assigned(request: HttpRequest, wearer: Reference) -> Any:
    """Who holds and held the case, in the order of recording."""
    return page_of(assignments.list_assignments(**who(request), wearer=wearer))


@PART.reads("/own-requests", "list_own_requests", Page[OwnRequestTold])
def asked_for(request: HttpRequest, asked: Annotated[LimitAsked, Query()]) -> Any:
    """What wearers asked for in four weeks: what waits first, then the newest."""
    found = own_requests.list_own_requests(**who(request), limit=asked.limit)
    return page_of(_asked(one) for one in found)


def _asked(one: OwnAsked) -> dict[str, Any]:
    away_from, away_to = one.away or (None, None)
    return {
        "wearer": one.wearer, "reference": one.reference, "at": one.at, "words": one.words,
        "away_from": away_from, "away_to": away_to, "answered": one.answered,
    }  # fmt: skip


def _release(one: ListedRelease) -> dict[str, Any]:
    line = one.line
    return {
        "wearer": line.wearer, "reference": line.reference, "order": line.order,
        "place": line.place_name, "officer": line.officer.name, "released_at": line.released_at,
        "fit_by": line.fit_by, "fitted_at": line.fitted_at, "stage": one.state.stage,
        "alarm": one.state.alarm, "raised_at": one.raised_at,
    }  # fmt: skip


def _cursor(line: TaskLine | DueLine) -> str:
    return cursors.written(line.due, line.reference, line.subject)


def _after(due: str, reference: str, subject: str) -> tuple[date, str, UUID]:
    return datetime.fromisoformat(due).date(), reference, UUID(subject)


def _asked_cursor(line: WaitingLine) -> str:
    return cursors.written(line.asked_at, line.reference, line.subject)


def _asked_after(at: str, reference: str, subject: str) -> tuple[datetime, str, UUID]:
    instant, key = cursors.at_and_ref(at, subject)
    return instant, reference, key


add_acts(PART, (*casework.ACTS, *referrals.ACTS))
