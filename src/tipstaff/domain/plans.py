"""Joint plans for a wearer (integrated offender management, IOM): goals, agencies, what is eased.

All of it is about a person and stays out of `repr`. What is said as a plan goes on has kinds of its
own: reviews, tasks (`plan_work`) and contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipstaff.domain.orders import Officer


class AgencyKind(StrEnum):
    """What a partner agency is there for."""

    POLICE = "police"
    PROBATION = "probation"
    PRISON = "prison"
    YOUTH_JUSTICE = "youth_justice"
    HOUSING = "housing"
    DRUGS_AND_ALCOHOL = "drugs_and_alcohol"
    MENTAL_HEALTH = "mental_health"
    HEALTH = "health"
    EDUCATION = "education"
    EMPLOYMENT = "employment"
    BENEFITS = "benefits"
    OTHER = "other"


class GoalState(StrEnum):
    """How far a goal has come."""

    OPEN = "open"
    MET = "met"
    NOT_MET = "not_met"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, repr=False)
class ConditionName:
    """A condition of an order, by the references of both."""

    order: str
    condition: str


@dataclass(frozen=True, slots=True, repr=False)
class Agency:
    """A partner agency taking part. `reference` is the same in every plan: goals and tasks name it.

    `worker` and `contact`: who there, and how to reach them. `appointments`: the attendance and
    treatment conditions that are with this agency; it hears of no others.
    """

    reference: str
    name: str
    kind: AgencyKind
    worker: str = ""
    contact: str = ""
    appointments: tuple[ConditionName, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Goal:
    """What is to be reached: `measure` says how one will know, `owner` is an agency's reference."""

    reference: str
    aim: str
    owner: str
    measure: str
    due: date
    state: GoalState = GoalState.OPEN


@dataclass(frozen=True, slots=True, repr=False)
class Relaxed:
    """A condition relaxed by agreement: which, how, since when, and who agreed to it.

    The order itself is varied by a version of its own; this says that the plan is the reason.
    """

    condition: ConditionName
    how: str
    agreed_on: date
    agreed_by: str


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """A joint plan from `starts_on` to the end of `ends_on` (None: none is set).

    `lead` leads it. `first_review`: by when the first review is due; each review sets the next one.
    `wearer_agrees`: whether the wearer agreed to the plan; None: nobody asked yet.
    """

    reference: str
    wearer: str
    scheme: str
    lead: Officer
    starts_on: date
    first_review: date
    ends_on: date | None = None
    wearer_agrees: bool | None = None
    agencies: tuple[Agency, ...] = ()
    goals: tuple[Goal, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()


def agency_of(plan: Plan, reference: str) -> Agency | None:
    """The agency of that reference taking part in the plan; None where it takes no part."""
    return next((a for a in plan.agencies if a.reference == reference), None)
