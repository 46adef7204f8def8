"""What is wrong with one condition by itself, whatever the basis of its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    Protected,
    Proximity,
    TreatmentAppointment,
    Venue,
    ZoneCondition,
)
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.timetable_checks import timetable_problems
from tipstaff.domain.timetables import Timetable
from tipstaff.domain.wearers import Wearer
from tipstaff.domain.zone_checks import BRITISH_ISLES, zone_problems

MOST_DISTANCE_M: Final = 20_000.0
MOST_VENUE_RADIUS_M: Final = 1_000.0


def condition_value_problems(condition: Condition, wearer: Wearer) -> list[Problem]:
    """Everything wrong with a condition of this wearer's."""
    match condition:
        case Curfew(_, timetable):
            told = timetable_problems(timetable, at_addresses=True)
            return below("timetable", [*told, *_address_problems(timetable, wearer)])
        case ZoneCondition(_, zone):
            return below("zone", zone_problems(zone))
        case Attendance(_, venue, timetable) | TreatmentAppointment(_, venue, timetable):
            told = timetable_problems(timetable, at_addresses=False)
            return [*below("venue", _venue_problems(venue)), *below("timetable", told)]
        case Proximity():
            return list(_proximity_problems(condition, wearer))
        case _:
            return []


def _address_problems(timetable: Timetable, wearer: Wearer) -> Iterator[Problem]:
    """A curfew at an address that is not on record can be neither watched nor judged."""
    known = {address.reference for address in wearer.addresses}
    for where, addresses in _addresses(timetable):
        if not known.issuperset(addresses):
            action = "name addresses by their references in the wearer's record, or add them there"
            yield Problem(OrderCode.ADDRESS_NOT_KNOWN, where, action)


def _addresses(timetable: Timetable) -> Iterator[tuple[str, tuple[str, ...]]]:
    for index, row in enumerate(timetable.rows):
        yield f"rows[{index}].hours.addresses", row.hours.addresses
    if timetable.release_day is not None:
        yield "release_day.addresses", timetable.release_day.addresses
    for index, one_off in enumerate(timetable.one_offs):
        yield f"one_offs[{index}].addresses", one_off.addresses


def _venue_problems(venue: Venue) -> Iterator[Problem]:
    if not BRITISH_ISLES.hold(venue.place):
        action = f"the venue must lie in {BRITISH_ISLES.name}: check latitude and longitude"
        yield Problem(OrderCode.VENUE_PLACE, "place", action)
    if not 0 < venue.radius_m <= MOST_VENUE_RADIUS_M:
        action = f"write more than 0 and at most {MOST_VENUE_RADIUS_M:.0f} metres"
        yield Problem(OrderCode.DISTANCE, "radius_m", action)


def _proximity_problems(condition: Proximity, wearer: Wearer) -> Iterator[Problem]:
    if not 0 < condition.distance_m <= MOST_DISTANCE_M:
        action = f"write more than 0 and at most {MOST_DISTANCE_M:.0f} metres"
        yield Problem(OrderCode.DISTANCE, "distance_m", action)
    if condition.protects is Protected.WEARER and condition.person == wearer.reference:
        action = "nobody can be kept away from themselves: name the other person"
        yield Problem(OrderCode.KEPT_FROM_ONESELF, "person", action)
