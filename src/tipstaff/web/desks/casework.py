"""Casework: releases and fittings due, reviews, tasks; absences, contacts and tasks recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.absences import Absence
from tipstaff.domain.own_codes import in_groups
from tipstaff.domain.own_requests import Asked
from tipstaff.domain.plan_work import Channel, Contact, Party, TaskState
from tipstaff.domain.roles import Relation
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.absence_json import ABSENCE
from tipstaff.formats.plan_json import CONTACT
from tipstaff.records.case_lists import ReviewLine
from tipstaff.records.plan_pages import DueLine, TaskLine
from tipstaff.services import (
    absences,
    assignments,
    order_reviews,
    own_codes,
    own_requests,
    plan_lists,
    plans,
    releases,
)
from tipstaff.services.access import Who
from tipstaff.services.assignments import Handing
from tipstaff.services.releases import ListedRelease
from tipstaff.services.shift_board import AHEAD
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import (
    A_PAGE,
    Cell,
    Filter,
    Line,
    Listing,
    Offer,
    Some,
    by_key,
    cut,
    to_person,
)  # fmt: skip
from tipstaff.web.paging import after_parts
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.state_words import said
from tipstaff.web.times import day_words, uk_time
from tipstaff.web.written import too_long, unkept

#: So much is kept of the reason of a decision.
_MOST_REASON: Final = 500


#: By what lists of plans and tasks go on.
_DUE: Final = attrgetter("due", "reference", "subject")


def _after_due(request: HttpRequest) -> Any:
    return after_parts(request, date.fromisoformat, str, UUID)


def _releases(request: HttpRequest) -> Some:
    found = releases.list_releases(**calling(request, "list_releases"), limit=A_PAGE)
    return cut(release_lines(found), A_PAGE)


def _unfitted(request: HttpRequest) -> Some:
    found = releases.list_alarms(**calling(request, "list_releases"), limit=A_PAGE)
    return cut(release_lines(found), A_PAGE)


def release_lines(found: Iterable[ListedRelease]) -> list[Line]:
    """Releases, as rows of a list."""
    return [_release(one) for one in found]


def _release(one: ListedRelease) -> Line:
    line = one.line
    tag = "red" if one.state.alarm else ""
    return Line(
        (
            to_person(line.wearer),
            Cell(line.place_name, line.officer.name),
            Cell(uk_time(line.released_at), number=True),
            Cell(uk_time(line.fit_by), number=True),
            Cell(said(one.state.stage), tag=tag),
        ),
        (PersonOffer("visit", "Record a visit", line.wearer, line.reference),),
    )


def _reviews(request: HttpRequest) -> Some:
    by = wall_time(timezone.now() + AHEAD).date()
    who = calling(request, "list_reviews_due")
    return cut(review_lines(order_reviews.list_reviews_due(**who, by=by, limit=A_PAGE)), A_PAGE)


def review_lines(found: Iterable[ReviewLine]) -> list[Line]:
    """Orders whose review is due, as rows of a list."""
    today = wall_time(timezone.now()).date()
    return [
        Line(
            (
                to_person(one.order.wearer),
                one.order.reference,
                one.order.officer.name,
                Cell(
                    day_words(one.due),
                    "Overdue" if one.due < today else "",
                    number=True,
                ),
            )
        )
        for one in found
    ]


def _plan_reviews(request: HttpRequest) -> Some:
    who = calling(request, "list_plan_reviews")
    until = wall_time(timezone.now() + AHEAD).date()
    after = _after_due(request)
    found = plan_lists.list_plan_reviews(**who, until=until, after=after, limit=A_PAGE)
    return by_key(request, plan_review_lines(found), found, _DUE)


def plan_review_lines(found: Iterable[DueLine]) -> list[Line]:
    """Plans whose review is due, as rows of a list."""
    return [
        Line(
            (
                to_person(one.wearer),
                Cell(one.reference, one.scheme),
                Cell(one.lead, one.organisation),
                Cell(day_words(one.due), number=True),
            )
        )
        for one in found
    ]


def _tasks(request: HttpRequest) -> Some:
    wanted = request.GET.get("state", "")
    state = next((one for one in TaskState if one.value == wanted), TaskState.OPEN)
    who = calling(request, "list_tasks")
    found = plan_lists.list_tasks(**who, state=state, after=_after_due(request), limit=A_PAGE)
    return by_key(request, task_lines(found), found, _DUE)


def task_lines(found: Iterable[TaskLine]) -> list[Line]:
    """Tasks, as rows of a list."""
    today = wall_time(timezone.now()).date()
    return [
        Line(
            (
                to_person(one.wearer),
                Cell(one.what, f"Plan {one.plan}"),
                Cell(one.agency, one.assignee),
                Cell(
                    day_words(one.due),
                    "Overdue" if one.state is TaskState.OPEN and one.due < today else "",
                    number=True,
                ),
                said(one.state),
            )
        )
        for one in found
    ]


def _asked(request: HttpRequest) -> list[Line]:
    found = own_requests.list_own_requests(**calling(request, "list_own_requests"))
    return [
        Line(
            (
                to_person(one.wearer),
                Cell(one.words, _away(one)),
                Cell(uk_time(one.at), number=True),
                Cell(_answered(one), tag="" if one.answered else "yellow"),
            )
        )
        for one in found
    ]


def _away(one: Asked) -> str:
    if one.away is None:
        return ""
    return f"To be away from {uk_time(one.away[0])} to {uk_time(one.away[1])}"


def _answered(one: Asked) -> str:
    if one.away is not None:
        return "Decided" if one.answered else "To be decided"
    return "Spoken with since" if one.answered else "Not answered"


LISTINGS: Final = (
    Listing(
        "own-requests", "list_own_requests", "What wearers ask for",
        ("Person", "What they ask for", "Asked", "Where it stands"), _asked,
        "No wearer asked for anything in the last four weeks.",
        "Written by wearers on their own pages in the last four weeks; what waits stands first. "
        "An absence is decided on the person’s page; anything else counts as answered once a "
        "contact with the wearer is recorded.",
    ),
    Listing(
        "not-fitted", "list_releases", "Released and not fitted",
        ("Person", "From", "Released", "To be fitted by", "Where it stands"), _unfitted,
        "Nobody is released and not fitted.",
        "Somebody is out without a tag. Whose fault it is, this does not say.",
    ),
    Listing(
        "releases", "list_releases", "Releases to come",
        ("Person", "From", "Released", "To be fitted by", "Where it stands"), _releases,
        "No release is to come.", "The latest four weeks ahead, the soonest first.",
    ),
    Listing(
        "reviews", "list_reviews_due", "Reviews of orders",
        ("Person", "Order", "Officer", "Due"), _reviews, "No review is due in four weeks.",
        "Due within four weeks. A review ends in a decision, be it that monitoring goes on.",
    ),
    Listing(
        "plan-reviews", "list_plan_reviews", "Reviews of joint plans",
        ("Person", "Plan", "Led by", "Due"), _plan_reviews,
        "No plan’s review is due in four weeks.",
    ),
    Listing(
        "tasks", "list_tasks", "Tasks", ("Person", "Task", "For", "Due", "State"), _tasks,
        "There is no such task.", "Under joint plans, by the day they are due.",
        filters=(
            Filter("state", "State", tuple((s.value, said(s)) for s in TaskState), "Open"),
        ),
    ),
)  # fmt: skip


def _ask_absence(who: Who, given: Given) -> Done:
    start, end = given.the_moment("starts_at"), given.the_moment("ends_at")
    absence = Absence(
        f"abs-{uuid4().hex[:8]}", given.text("wearer"), given.text("order"),
        given.text("condition"), start, end, given.text("reason"), who["actor"], timezone.now(),
    )  # fmt: skip
    return Done(unkept(ABSENCE, absence) or absences.ask_absence(**who, absence=absence).problems)


def _decide_absence(who: Who, given: Given) -> Done:
    reason = given.text("reason")
    long = too_long(reason, _MOST_REASON, "reason")
    if long:
        return Done(long)
    done = absences.decide_absence(
        **who, wearer=given.text("wearer"), reference=given.text("reference"),
        approved=given.text("approved") == "yes", reason=reason,
    )  # fmt: skip
    return Done(done.problems)


def _cancel_absence(who: Who, given: Given) -> Done:
    name = {"wearer": given.text("wearer"), "reference": given.text("reference")}
    return Done(absences.cancel_absence(**who, **name).problems)


def _contact(who: Who, given: Given) -> Done:
    at = given.the_moment("at")
    channel, party = given.the(Channel, "channel"), given.the(Party, "party")
    contact = Contact(
        f"con-{uuid4().hex[:8]}", given.text("wearer"), at, who["actor"], channel, party,
        given.text("note"), given.text("party_name"),
    )  # fmt: skip
    return Done(unkept(CONTACT, contact) or plans.record_contact(**who, contact=contact).problems)


def _assign(who: Who, given: Given) -> Done:
    relation = given.the(Relation, "relation")
    handing = Handing(
        given.text("wearer"), relation, user=given.text("user") or None,
        team=given.text("team") or None,
    )  # fmt: skip
    done = assignments.assign_case(**who, handing=handing, reason=given.text("reason"))
    return Done(done.problems)


def _end_assignment(who: Who, given: Given) -> Done:
    which, why = given.key("assignment"), given.text("reason")
    return Done(assignments.end_assignment(**who, assignment=which, reason=why).problems)


def _to_person(given: Given) -> dict[str, str]:
    return {"wearer": given.text("wearer")}


_WEARER: Final = Field("wearer", kind=Kind.HIDDEN)
_REFERENCE: Final = Field("reference", kind=Kind.HIDDEN)


def _yes_no(_request: HttpRequest) -> Sequence[tuple[str, str]]:
    return (("yes", "Approve"), ("no", "Refuse"))


def _own_code(who: Who, given: Given) -> Done:
    done = own_codes.issue_own_code(**who, wearer=given.text("wearer"))
    if done.problems or done.ends_at is None:
        return Done(done.problems)
    words = (
        f"Hand it to the wearer: with {given.text('wearer')} and this code they open their page at "
        f"/own, once, until {uk_time(done.ends_at)}."
    )
    return Done((), words, in_groups(done.code))


ACTS: Final = (
    Act("own-code", "issue_own_code", "Issue a code for the wearer’s own page", "Issue it",
        _own_code, "The code", "person", (_WEARER,), back_values=_to_person),
    Act("ask-absence", "ask_absence", "Ask for an absence", "Ask", _ask_absence,
        "The absence was asked for. Somebody else decides it.", "person",
        (
            _WEARER,
            Field("order", "Order", hint="Its reference"),
            Field("condition", "Condition", hint="Its reference in the order"),
            Field("starts_at", "From", Kind.MOMENT, where="starts_at"),
            Field("ends_at", "To", Kind.MOMENT, where="ends_at"),
            Field("reason", "Why", Kind.WORDS),
        ), back_values=_to_person),
    Act("decide-absence", "decide_absence", "Decide on an absence", "Decide", _decide_absence,
        "The decision was recorded.", "person",
        (
            _WEARER, _REFERENCE,
            Field("approved", "Decision", Kind.CHOICE, options=_yes_no),
            Field("reason", "Why", Kind.WORDS),
        ), back_values=_to_person),
    Act("cancel-absence", "cancel_absence", "Cancel an absence", "Cancel the absence",
        _cancel_absence, "The absence was cancelled: it excuses nothing from now on.", "person",
        (_WEARER, _REFERENCE), "From now on the wearer has to keep the condition.", _to_person),
    Act("record-contact", "record_contact", "Record a contact", "Record it", _contact,
        "The contact was recorded.", "person",
        (
            _WEARER,
            Field("at", "When", Kind.MOMENT),
            Field("channel", "How", Kind.CHOICE, options=words_of(Channel)),
            Field("party", "With whom", Kind.CHOICE, options=words_of(Party)),
            Field("party_name", "Their name", needed=False, hint="If it was not the wearer"),
            Field("note", "What was said", Kind.WORDS),
        ), back_values=_to_person),
    Act("assign", "assign_case", "Assign a case", "Assign it", _assign,
        "The case was assigned.", "person",
        (
            _WEARER,
            Field("relation", "As", Kind.CHOICE, options=words_of(Relation)),
            Field("user", "Account", needed=False, hint="An account or a team"),
            Field("team", "Team", needed=False),
            Field("reason", "Why", Kind.WORDS),
        ), back_values=_to_person),
    Act("end-assignment", "end_assignment", "Take a case out of somebody’s hands", "Take it out",
        _end_assignment, "The case is no longer in their hands.", "person",
        (_WEARER, Field("assignment", kind=Kind.HIDDEN), Field("reason", "Why", Kind.WORDS)),
        "From now on they no longer reach the case by it.", _to_person),
)  # fmt: skip
#: Acts that a person's page offers, by the use case that opens them.
OF_A_PERSON: Final = (
    Offer("record-contact", "Record a contact"),
    Offer("own-code", "Code for their own page"),
    Offer("pause", "Pause alerts about them"),
)
