"""Plans, reviews, tasks and contacts for tests, made up: nobody's."""

from __future__ import annotations

from datetime import date
from typing import Any

from made_cases import utc

from tipstaff.domain.conditions import Attendance, TreatmentAppointment, Venue
from tipstaff.domain.orders import Officer
from tipstaff.domain.plan_work import (
    Benefit,
    Channel,
    Contact,
    Participant,
    Party,
    Review,
    ReviewOutcome,
    Task,
)
from tipstaff.domain.plans import Agency, AgencyKind, Goal, Plan
from tipstaff.domain.timetables import Hours, Row, Timetable, Weekday
from tipstaff.domain.zones import Place

HOUSING = Agency("housing", "Made Homes", AgencyKind.HOUSING, "H Worker", "01332 000000")
DRUGS = Agency("drugs", "Made Recovery", AgencyKind.DRUGS_AND_ALCOHOL)


def attendance(reference: str = "a1", *, treats: bool = False, days: Any = None) -> Any:
    """To be somewhere on Tuesdays from ten to eleven in 2026."""
    from datetime import time

    hours = Hours(time(10), time(11))
    rows = tuple(Row(day, hours) for day in (days or (Weekday.TUESDAY,)))
    table = Timetable(rows, date(2026, 1, 1))
    make = TreatmentAppointment if treats else Attendance
    return make(reference, Venue("Made Hall", Place(53.0, -1.5)), table)


def plan(reference: str = "P1", **other: Any) -> Plan:
    """A plan of 2026 with two agencies and a goal."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "scheme": "IOM",
        "lead": Officer("A Officer", "Probation"),
        "starts_on": date(2026, 1, 5),
        "first_review": date(2026, 2, 2),
        "agencies": (HOUSING, DRUGS),
        "goals": (Goal("g1", "a tenancy", "housing", "tenancy signed", date(2026, 4, 1)),),
    }
    return Plan(**(values | other))


def review(reference: str = "R1", **other: Any) -> Review:
    """A review that goes on with the plan."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "plan": "P1",
        "held_on": date(2026, 2, 2),
        "benefit": Benefit.YES,
        "outcome": ReviewOutcome.CONTINUE,
        "reasons": "settled, and no breach",
        "took_part": (Participant("A Officer"), Participant("H Worker", "housing")),
        "wearer_took_part": True,
        "wearer_view": "it keeps me in of a night, and I want the flat",
        "next_due": date(2026, 3, 2),
    }
    return Review(**(values | other))


def task(reference: str = "T1", **other: Any) -> Task:
    """A task for the housing agency."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "plan": "P1",
        "agency": "housing",
        "what": "find two flats to look at",
        "set_on": date(2026, 1, 5),
        "due": date(2026, 1, 19),
        "assignee": "H Worker",
    }
    return Task(**(values | other))


def contact(reference: str = "C1", **other: Any) -> Contact:
    """A visit to the wearer."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "at": utc("2026-01-07 10:00"),
        "made_by": "A Officer",
        "channel": Channel.VISIT,
        "party": Party.WEARER,
        "note": "talked about the flat",
    }
    return Contact(**(values | other))
