"""A joint plan: made, and what belongs to it added or changed, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from django.utils import timezone

from tipstaff.domain.orders import Officer
from tipstaff.domain.plan_checks import is_appointment
from tipstaff.domain.plans import (
    Agency,
    AgencyKind,
    ConditionName,
    Goal,
    GoalState,
    Plan,
    Relaxed,
)
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.plan_json import PLAN
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.plans import record_plan
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.cases import all_of
from tipstaff.web.person_forms.conditions import among, chosen, conditions_of
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.times import day_words
from tipstaff.web.written import beneath, unkept

#: The page to which forms of a plan lead back.
PAGE: Final = "person_plan"
_AGREES: Final = (("yes", "Yes"), ("no", "No"), ("unasked", "Nobody asked yet"))
_KINDS: Final = words_of(AgencyKind)
_Changed = Callable[[Plan, Given], tuple[Plan, str]]


def plan_of(found: CaseView, reference: str) -> Plan | None:
    """The plan of that reference as it shows now."""
    return next((one for one in all_of(found, Plan) if one.reference == reference), None)


def agencies_of(plan: Plan) -> list[tuple[str, str]]:
    """The agencies of a plan, for a choice."""
    return [(one.reference, one.name) for one in plan.agencies]


def today() -> list[str]:
    """The present day, as a field has it."""
    return [wall_time(timezone.now()).date().isoformat()]


def told(wearer: str, plan: Plan) -> tuple[tuple[str, str], ...]:
    """The plan that a form is about."""
    led = f"{plan.lead.name}, {plan.lead.organisation}"
    named = f"{plan.scheme}, since {day_words(plan.starts_on)}"
    return (("Person", wearer), ("Plan", named), ("Led by", led))


def _reference(prefix: str) -> str:
    return f"{prefix}-{uuid4().hex[:8]}"


def _make(_found: CaseView, wearer: str, _about: str) -> Act:
    def do(who: Who, given: Given) -> Done:
        own = Agency(
            _reference("agency"), given.text("organisation"), given.the(AgencyKind, "kind"),
            given.text("lead"),
        )  # fmt: skip
        plan = Plan(
            _reference("plan"), wearer, given.text("scheme"),
            Officer(given.text("lead"), given.text("organisation")), given.the_day("starts_on"),
            given.the_day("first_review"), given.day("ends_on"), _agrees(given), (own,),
            (_goal(given, own.reference),),
        )  # fmt: skip
        return _recorded(who, plan, "", "goals[0].")

    fields = (
        Field("scheme", "Scheme", hint="As IOM, or Checkpoint"),
        Field("lead", "Who leads it", where="lead.name"),
        Field("organisation", "Their organisation", where="lead.organisation"),
        Field("kind", "What it is", Kind.CHOICE, options=_KINDS),
        Field("starts_on", "First day", Kind.DAY),
        Field("first_review", "First review by", Kind.DAY),
        Field("ends_on", "Last day", Kind.DAY, needed=False),
        Field("agrees", "Does the person agree to it?", Kind.ONE, options=choices(_AGREES)),
        Field("aim", "The first goal: what is to be reached", Kind.WORDS),
        Field("measure", "How one will know", Kind.WORDS),
        Field("due", "By when", Kind.DAY),
    )
    return Act(
        "plan", "record_plan", "Make a joint plan", "Make it", do,
        "The plan was recorded. Add the agencies that take part, and more goals.", PAGE, fields,
        back_values=to_the_person(wearer), filled={"starts_on": today(), "scheme": ["IOM"]},
    )  # fmt: skip


def _goal(given: Given, owner: str) -> Goal:
    aim, measure = given.text("aim"), given.text("measure")
    return Goal(_reference("goal"), aim, owner, measure, given.the_day("due"))


def _agrees(given: Given) -> bool | None:
    return {"yes": True, "no": False}.get(given.text("agrees"))


def _recorded(who: Who, plan: Plan, reason: str, within: str = "") -> Done:
    found = unkept(PLAN, plan) or record_plan(**who, plan=plan, reason=reason).problems
    return Done(beneath(found, within))


def _form(
    name: str, title: str, fields: Callable[[CaseView, Plan], Sequence[Field]], changed: _Changed,
    filled: Callable[[Plan], dict[str, list[str]]] = lambda _plan: {},
) -> PersonForm:  # fmt: skip
    """A form that changes a plan: `changed` says what the plan is then, and where that stands."""

    def make(found: CaseView, wearer: str, about: str) -> Act | None:
        plan = plan_of(found, about)
        if plan is None:
            return None

        def do(who: Who, given: Given) -> Done:
            fresh, within = changed(plan, given)
            return _recorded(who, fresh, title, within)

        return Act(
            name, "record_plan", title, "Record it", do, "The plan was changed.", PAGE,
            tuple(fields(found, plan)), back_values=to_the_person(wearer),
            about=told(wearer, plan), filled=filled(plan),
        )  # fmt: skip

    return PersonForm(name, "record_plan", make)


def _details(_found: CaseView, _plan: Plan) -> Sequence[Field]:
    return (
        Field("lead", "Who leads it", where="lead.name"),
        Field("organisation", "Their organisation", where="lead.organisation"),
        Field("ends_on", "Last day", Kind.DAY, needed=False),
        Field("agrees", "Does the person agree to it?", Kind.ONE, options=choices(_AGREES)),
    )


def _with_details(plan: Plan, given: Given) -> tuple[Plan, str]:
    lead = Officer(given.text("lead"), given.text("organisation"))
    ends, agrees = given.day("ends_on"), _agrees(given)
    return replace(plan, lead=lead, ends_on=ends, wearer_agrees=agrees), ""


def _as_they_are(plan: Plan) -> dict[str, list[str]]:
    said: dict[bool | None, str] = {True: "yes", False: "no"}
    agrees = said.get(plan.wearer_agrees, "unasked")
    ends = [] if plan.ends_on is None else [plan.ends_on.isoformat()]
    return {
        "lead": [plan.lead.name], "organisation": [plan.lead.organisation], "ends_on": ends,
        "agrees": [agrees],
    }  # fmt: skip


def _agency(_found: CaseView, _plan: Plan) -> Sequence[Field]:
    return (
        Field("reference", "Its reference", hint="The same in every plan, as housing"),
        Field("name", "Name of the agency"),
        Field("kind", "What it is there for", Kind.CHOICE, options=_KINDS),
        Field("worker", "Who there", needed=False),
        Field("contact", "How to reach them", needed=False),
    )


def _with_agency(plan: Plan, given: Given) -> tuple[Plan, str]:
    fresh = Agency(
        given.text("reference"), given.text("name"), given.the(AgencyKind, "kind"),
        given.text("worker"), given.text("contact"),
    )  # fmt: skip
    return replace(plan, agencies=(*plan.agencies, fresh)), f"agencies[{len(plan.agencies)}]."


def _appointments(found: CaseView, plan: Plan) -> Sequence[Field]:
    known = [one for one in conditions_of(found) if is_appointment(one.condition)]
    return (
        Field("agency", "Agency", Kind.CHOICE, options=choices(agencies_of(plan))),
        Field("appointments", "Appointments with it", Kind.SEVERAL, options=among(known)),
    )


def _with_appointments(plan: Plan, given: Given) -> tuple[Plan, str]:
    names = tuple(ConditionName(*chosen(one)) for one in given.several("appointments"))
    wanted = given.text("agency")
    agencies = (
        replace(one, appointments=names) if one.reference == wanted else one
        for one in plan.agencies
    )
    return replace(plan, agencies=tuple(agencies)), ""


def _new_goal(_found: CaseView, plan: Plan) -> Sequence[Field]:
    return (
        Field("aim", "What is to be reached", Kind.WORDS),
        Field("owner", "Who sees to it", Kind.CHOICE, options=choices(agencies_of(plan))),
        Field("measure", "How one will know", Kind.WORDS),
        Field("due", "By when", Kind.DAY),
    )


def _with_goal(plan: Plan, given: Given) -> tuple[Plan, str]:
    fresh = _goal(given, given.text("owner"))
    return replace(plan, goals=(*plan.goals, fresh)), f"goals[{len(plan.goals)}]."


def _goal_stands(_found: CaseView, plan: Plan) -> Sequence[Field]:
    goals = choices([(one.reference, one.aim) for one in plan.goals])
    states = words_of(GoalState)
    return (
        Field("goal", "Goal", Kind.CHOICE, options=goals),
        Field("state", "Where it stands", Kind.ONE, options=states),
        Field("due", "By when, if that changes", Kind.DAY, needed=False),
    )


def _with_goal_state(plan: Plan, given: Given) -> tuple[Plan, str]:
    names = [one.reference for one in plan.goals]
    at = names.index(given.text("goal"))
    goal = plan.goals[at]
    fresh = replace(goal, state=given.the(GoalState, "state"), due=given.day("due") or goal.due)
    return replace(plan, goals=(*plan.goals[:at], fresh, *plan.goals[at + 1 :])), f"goals[{at}]."


def _relaxed(found: CaseView, _plan: Plan) -> Sequence[Field]:
    known = among(conditions_of(found))
    return (
        Field("condition", "Which condition", Kind.CHOICE, options=known),
        Field("how", "How it is relaxed", Kind.WORDS),
        Field("agreed_on", "Agreed on", Kind.DAY),
        Field("agreed_by", "Who agreed to it"),
    )


def _with_relaxed(plan: Plan, given: Given) -> tuple[Plan, str]:
    fresh = Relaxed(
        ConditionName(*chosen(given.text("condition"))), given.text("how"),
        given.the_day("agreed_on"), given.text("agreed_by"),
    )  # fmt: skip
    return replace(plan, relaxed=(*plan.relaxed, fresh)), f"relaxed[{len(plan.relaxed)}]."


def has_appointments(found: CaseView) -> bool:
    """Whether an order demands to be somewhere at set hours."""
    return any(is_appointment(one.condition) for one in conditions_of(found))


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("plan", "record_plan", _make),
    _form("plan-details", "Change who leads the plan, or its last day", _details, _with_details,
          _as_they_are),
    _form("plan-agency", "Add an agency to the plan", _agency, _with_agency),
    _form("plan-appointments", "Say which appointments are with an agency", _appointments,
          _with_appointments),
    _form("plan-goal", "Add a goal to the plan", _new_goal, _with_goal),
    _form("plan-goal-stands", "Say where a goal stands", _goal_stands, _with_goal_state),
    _form("plan-relaxed", "Say that a condition is relaxed by agreement", _relaxed, _with_relaxed,
          lambda _plan: {"agreed_on": today()}),
)  # fmt: skip
