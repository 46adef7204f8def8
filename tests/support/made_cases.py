"""Wearers and orders for tests, made up: nobody's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from timetables_in_words import timetable

from tipstaff.domain.absences import Absence
from tipstaff.domain.cases import Case
from tipstaff.domain.conditions import Curfew, Trail, ZoneCondition
from tipstaff.domain.consents import Consent, ConsentKind, ConsentScope
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Decision, Officer, Order, OrderStatus
from tipstaff.domain.releases import Outcome, Release, ReleasePlace, Visit
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.timetables import Weekday
from tipstaff.domain.wearers import Address, Name, Wearer
from tipstaff.domain.zones import Circle, Harm, Place, Zone, ZoneKind

NIGHTS = tuple(f"{day.name[:3].title()} 19:00-07:00 home" for day in Weekday)


def utc(day: str) -> datetime:
    """A day's midnight, or an instant of it (`2026-03-02 10:00`), in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def wearer(reference: str = "W1", **other: Any) -> Wearer:
    """An adult with a home."""
    values: dict[str, Any] = {
        "reference": reference,
        "names": (Name("Made", "Up"),),
        "born_on": date(1990, 5, 1),
        "addresses": (Address("home", ("1 Made Street",), "", Place(53.0, -1.5)),),
    }
    return Wearer(**(values | other))


def curfew(reference: str = "c1", rows: tuple[str, ...] = NIGHTS, **other: Any) -> Curfew:
    """Every night from seven to seven, at home."""
    return Curfew(reference, timetable(rows, **({"dates": "2026-01-01"} | other)))


def zone(reference: str = "z1", **other: Any) -> ZoneCondition:
    """A circle to keep out of."""
    values = {"kind": ZoneKind.EXCLUSION, "shape": Circle(Place(53.1, -1.4), 300.0)}
    return ZoneCondition(reference, Zone(**(values | {"harm": Harm.HIGH} | other)))


def order(reference: str = "O1", **other: Any) -> Order:
    """A licence of 2026 with a curfew and a trail."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "basis": LegalBasis.LICENCE,
        "issued_by": "HMP Made",
        "starts_at": utc("2026-01-01"),
        "ends_at": utc("2026-07-01"),
        "served_at": utc("2026-01-01 10:00"),
        "officer": Officer("A Officer", "Probation"),
        "force": "Derbyshire",
        "status": OrderStatus.ACTIVE,
        "reviews": (date(2026, 2, 2), date(2026, 4, 6)),
        "conditions": (curfew(), Trail("t1")),
    }
    return Order(**(values | other))


def decision(status: OrderStatus, day: str = "2026-01-01", reasons: str = "as told") -> Decision:
    """That an officer decided this status."""
    return Decision(status, Officer("B Officer", "Police"), utc(day), reasons)


def consent(reference: str = "C1", **other: Any) -> Consent:
    """A wearer's written consent of 2026, crime matching for all of Derbyshire's burglaries."""
    scope = ConsentScope(
        collection=True,
        crime_matching=True,
        crime_types=Scope(frozenset({"BIAD"})),
        forces=Scope(frozenset({"Derbyshire"})),
        agencies=("Housing",),
    )
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "kind": ConsentKind.VOLUNTARY,
        "given_at": utc("2026-01-01 09:00"),
        "written": True,
        "taken_by": "B Officer",
        "text": "voluntary-1",
        "scope": scope,
        "capacity_considered": True,
        "interpreter_considered": True,
    }
    return Consent(**(values | other))


def voluntary(reference: str = "V1", **other: Any) -> Order:
    """A voluntary tag of 2026 with a trail."""
    values: dict[str, Any] = {
        "basis": LegalBasis.VOLUNTARY,
        "issued_by": "IOM team",
        "starts_at": utc("2026-01-02"),
        "conditions": (Trail("t1"),),
        "ends_at": utc("2027-01-02"),
        "served_at": None,
        "reviews": (),
    }
    return order(reference, **(values | other))


def release(reference: str = "R1", **other: Any) -> Release:
    """Released from prison on 5 January 2026 at ten, to be fitted by six that evening."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "order": "O1",
        "place": ReleasePlace.PRISON,
        "place_name": "HMP Made",
        "released_at": utc("2026-01-05 10:00"),
        "officer": Officer("C Officer", "HMP Made"),
        "address": "home",
        "fit_by": utc("2026-01-05 18:00"),
    }
    return Release(**(values | other))


def visit(reference: str = "F1", **other: Any) -> Visit:
    """A device fitted in time."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "release": "R1",
        "outcome": Outcome.FITTED,
        "at": utc("2026-01-05 17:00"),
        "by": Officer("D Fitter", "Supplier"),
        "device": "D1",
    }
    return Visit(**(values | other))


def absence(reference: str = "A1", **other: Any) -> Absence:
    """A night away from the curfew, asked for by the wearer."""
    values: dict[str, Any] = {
        "reference": reference,
        "wearer": "W1",
        "order": "O1",
        "condition": "c1",
        "starts_at": utc("2026-01-10 18:00"),
        "ends_at": utc("2026-01-11 09:00"),
        "reason": "night shift",
        "asked_by": "the wearer",
        "asked_at": utc("2026-01-06"),
    }
    return Absence(**(values | other))


def case(number: int, **other: Any) -> Case:
    """One of many cases: a wearer with one order."""
    name = f"W{number:06d}"
    forces = ("Derbyshire", "Durham", "Dorset")
    made = order(f"O{number:06d}", wearer=name, force=forces[number % 3], **other)
    return Case(wearer(name), (made,))
