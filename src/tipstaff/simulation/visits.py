"""How a crime fits into its offender's day: the way there, the time at the scene, the way home."""

from __future__ import annotations

import numpy as np

from tipstaff.simulation.lives import TURN_ROUND_S, Travel, Trip
from tipstaff.simulation.offences import Offence
from tipstaff.simulation.outings import Stop, wander
from tipstaff.simulation.people import Person
from tipstaff.simulation.places import Builder


def _round_it(
    rng: np.random.Generator, person: Person, builder: Builder, offence: Offence
) -> tuple[list[Stop], list[Stop]]:
    """Stops before and after: a friend, the pub, a look round the streets near the scene."""
    before: list[Stop] = []
    after: list[Stop] = []
    if rng.random() < 0.3:
        before.append(_sociable(rng, person))
    if rng.random() < 0.35:
        before += wander(rng, builder, offence.scene, 300)[:2]
    if rng.random() < 0.3:
        after.append(_sociable(rng, person))
    return before, after


def _sociable(rng: np.random.Generator, person: Person) -> Stop:
    places = (*person.friends, person.pub)
    return Stop(places[int(rng.integers(len(places)))], float(rng.uniform(900, 5400)))


def _trip(travel: Travel, offence: Offence, before: list[Stop], after: list[Stop]) -> Trip:
    """Timed so that the offence begins when it began."""
    stay = offence.before_s + (offence.end_s - offence.start_s) + offence.after_s
    trip = travel.trip(0.0, (*before, Stop(offence.scene, stay), *after))
    return trip.moved(offence.start_s - offence.before_s - trip.arrival_s(len(before)))


def _clear(trip: Trip, others: list[Trip], span_s: float) -> bool:
    inside = trip.leave_s > 900.0 and trip.back_s < span_s - 900.0
    return inside and all(
        trip.back_s + TURN_ROUND_S <= other.leave_s or other.back_s + TURN_ROUND_S <= trip.leave_s
        for other in others
    )


def crime_trips(
    rng: np.random.Generator,
    travel: Travel,
    person: Person,
    builder: Builder,
    offences: list[Offence],
    span_s: float,
) -> list[Trip]:
    """The trips on which a person's own crimes happen, none overlapping another."""
    trips: list[Trip] = []
    direct = [_trip(travel, offence, [], []) for offence in offences]
    for index, offence in enumerate(offences):
        trip = _trip(travel, offence, *_round_it(rng, person, builder, offence))
        others = trips + direct[index + 1 :]
        trips.append(trip if _clear(trip, others, span_s) else direct[index])
    return trips
