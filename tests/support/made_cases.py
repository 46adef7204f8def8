"""Wearers and orders for tests, made up: nobody's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from timetables_in_words import timetable

from tipstaff.domain.cases import Case
from tipstaff.domain.conditions import Curfew, Trail, ZoneCondition
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Officer, Order, OrderStatus
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


def case(number: int, **other: Any) -> Case:
    """One of many cases: a wearer with one order."""
    name = f"W{number:06d}"
    forces = ("Derbyshire", "Durham", "Dorset")
    made = order(f"O{number:06d}", wearer=name, force=forces[number % 3], **other)
    return Case(wearer(name), (made,))
