"""Plans, reviews, tasks and contacts to and from JSON: a table of fields for each kind of value."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.plan_work import (
    Benefit,
    Channel,
    Contact,
    Participant,
    Party,
    Review,
    ReviewOutcome,
    Task,
    TaskState,
)
from tipstaff.domain.plans import Agency, AgencyKind, ConditionName, Goal, GoalState, Plan, Relaxed
from tipstaff.formats.json_codecs import DAY, INSTANT, Choice, Flag, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.order_json import OFFICER
from tipstaff.formats.wearer_json import REFERENCE

#: The wearer's own words, reasons and notes may be long.
_WORDS: Final = Text(4000)
_REFERENCE: Final = Field("reference", REFERENCE)
_WEARER: Final = Field("wearer", REFERENCE)

_CONDITION: Final = Record(
    "condition_name",
    ConditionName,
    (Field("order", REFERENCE), Field("condition", REFERENCE)),
)
_AGENCY: Final = Record(
    "agency",
    Agency,
    (
        _REFERENCE,
        Field("name", Text(200)),
        Field("kind", Choice(AgencyKind)),
        Field("worker", Text(200), ""),
        Field("contact", Text(200), ""),
        Field("appointments", Listed(_CONDITION, most=50), ()),
    ),
)
_GOAL: Final = Record(
    "goal",
    Goal,
    (
        _REFERENCE,
        Field("aim", Text()),
        Field("owner", REFERENCE),
        Field("measure", Text()),
        Field("due", DAY),
        Field("state", Choice(GoalState), GoalState.OPEN),
    ),
)
_RELAXED: Final = Record(
    "relaxed",
    Relaxed,
    (
        Field("condition", _CONDITION),
        Field("how", Text()),
        Field("agreed_on", DAY),
        Field("agreed_by", Text(200)),
    ),
)
_PARTICIPANT: Final = Record(
    "participant", Participant, (Field("name", Text(200)), Field("agency", REFERENCE, ""))
)

PLAN: Final = Record(
    "plan",
    Plan,
    (
        _REFERENCE,
        _WEARER,
        Field("scheme", Text(100)),
        Field("lead", OFFICER),
        Field("starts_on", DAY),
        Field("first_review", DAY),
        Field("ends_on", DAY, None),
        Field("wearer_agrees", Flag(), None),
        Field("agencies", Listed(_AGENCY, most=50), ()),
        Field("goals", Listed(_GOAL, most=100), ()),
        Field("relaxed", Listed(_RELAXED, most=50), ()),
    ),
)
REVIEW: Final = Record(
    "review",
    Review,
    (
        _REFERENCE,
        _WEARER,
        Field("plan", REFERENCE),
        Field("held_on", DAY),
        Field("benefit", Choice(Benefit)),
        Field("outcome", Choice(ReviewOutcome)),
        Field("reasons", _WORDS),
        Field("took_part", Listed(_PARTICIPANT, most=50), ()),
        Field("wearer_took_part", Flag(), default=False),
        Field("wearer_view", _WORDS, ""),
        Field("no_view_because", _WORDS, ""),
        Field("next_due", DAY, None),
    ),
)
TASK: Final = Record(
    "task",
    Task,
    (
        _REFERENCE,
        _WEARER,
        Field("plan", REFERENCE),
        Field("agency", REFERENCE),
        Field("what", Text()),
        Field("set_on", DAY),
        Field("due", DAY),
        Field("assignee", Text(200), ""),
        Field("state", Choice(TaskState), TaskState.OPEN),
        Field("result", Text(), ""),
    ),
)
CONTACT: Final = Record(
    "contact",
    Contact,
    (
        _REFERENCE,
        _WEARER,
        Field("at", INSTANT),
        Field("made_by", Text(200)),
        Field("channel", Choice(Channel)),
        Field("party", Choice(Party)),
        Field("note", _WORDS),
        Field("party_name", Text(200), ""),
    ),
)
