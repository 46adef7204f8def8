"""What an order demands: each kind of condition is a value of its own.

A condition is known within its order by its `reference`, which stays the same when the order is
varied; so a change of hours is a change of one condition, not the end of one and another's start.
Where a value says where somebody lives or whom it protects, it stays out of `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tipstaff.domain.legal_bases import ConditionKind
from tipstaff.domain.timetables import Timetable
from tipstaff.domain.zones import Place, Zone, ZoneKind


class Protected(StrEnum):
    """From whom a proximity condition keeps the wearer away."""

    VICTIM = "victim"
    WEARER = "wearer"


@dataclass(frozen=True, slots=True)
class Curfew:
    """To be at an address in the hours of a timetable."""

    reference: str
    timetable: Timetable


@dataclass(frozen=True, slots=True, repr=False)
class ZoneCondition:
    """Not to be in a zone, or not to be out of one."""

    reference: str
    zone: Zone


@dataclass(frozen=True, slots=True)
class Trail:
    """Whereabouts monitored for their own sake, to the order's end or to the day before `until`."""

    reference: str
    until: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Venue:
    """Where to attend: its name, and all within `radius_m` of the place."""

    name: str
    place: Place
    radius_m: float = 50.0


@dataclass(frozen=True, slots=True)
class Attendance:
    """To be at a venue in the hours of a timetable."""

    reference: str
    venue: Venue
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class TreatmentAppointment:
    """To be at a treatment in the hours of a timetable. What is treated stays with its provider."""

    reference: str
    venue: Venue
    timetable: Timetable


@dataclass(frozen=True, slots=True, repr=False)
class Proximity:
    """Not to come within `distance_m` of a person, known by a reference: a victim, or a wearer."""

    reference: str
    protects: Protected
    person: str
    distance_m: float


Condition = Curfew | ZoneCondition | Trail | Attendance | TreatmentAppointment | Proximity


_KINDS: Final[dict[type[Condition], ConditionKind]] = {
    Curfew: ConditionKind.CURFEW,
    Trail: ConditionKind.TRAIL,
    Attendance: ConditionKind.ATTENDANCE,
    TreatmentAppointment: ConditionKind.TREATMENT_APPOINTMENT,
    Proximity: ConditionKind.PROXIMITY,
}


def kind_of(condition: Condition) -> ConditionKind:
    """The kind by which the law knows a condition."""
    if not isinstance(condition, ZoneCondition):
        return _KINDS[type(condition)]
    if condition.zone.kind is ZoneKind.EXCLUSION:
        return ConditionKind.EXCLUSION_ZONE
    return ConditionKind.INCLUSION_ZONE
