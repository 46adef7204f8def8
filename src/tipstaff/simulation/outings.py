"""Outings: what takes a person out of the house on a day, before the streets are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tipstaff.simulation.chance import lognormal
from tipstaff.simulation.hours import HOUR_S, LocalDays
from tipstaff.simulation.people import IRREGULAR, NIGHT_OWL, WORKER, Person
from tipstaff.simulation.places import Builder, Place

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A stay away from home."""

    place: Place
    stay_s: float


@dataclass(frozen=True, slots=True)
class Outing:
    """Out of the house at `leave_s`, to each stop in turn, and home again."""

    leave_s: float
    stops: tuple[Stop, ...]


def _errand(rng: np.random.Generator, person: Person, builder: Builder) -> list[Stop]:
    """One reason to go out: a shop, a friend, the pub, wandering about."""
    reason = rng.random()
    if reason < 0.36:
        shop = person.shops[int(rng.integers(len(person.shops)))]
        return [Stop(shop, lognormal(rng, 16 * MINUTE_S, 0.5))]
    if reason < 0.66:
        friend = person.friends[int(rng.integers(len(person.friends)))]
        return [Stop(friend, lognormal(rng, 75 * MINUTE_S, 0.7))]
    if reason < 0.78:
        return [Stop(person.pub, lognormal(rng, 80 * MINUTE_S, 0.5))]
    if reason < 0.86:
        return [Stop(builder.anywhere(rng, "shop"), lognormal(rng, 25 * MINUTE_S, 0.6))]
    return wander(rng, builder, person.known[int(rng.integers(len(person.known)))], 450)


def wander(
    rng: np.random.Generator, builder: Builder, round_place: Place, far_m: float
) -> list[Stop]:
    """A few spots in the streets round a place, with some minutes at each."""
    spots = int(rng.integers(1, 4))
    return [
        Stop(
            builder.near(rng, "street", round_place.x, round_place.y, far_m),
            min(lognormal(rng, 5 * MINUTE_S, 0.9), 45 * MINUTE_S),
        )
        for _ in range(spots)
    ]


def _working_day(rng: np.random.Generator, person: Person, builder: Builder) -> list[Outing]:
    if person.work is None or rng.random() < 0.06:
        return []
    leave = rng.normal(7.9, 0.6) * HOUR_S
    stops = [Stop(person.work, rng.normal(8.2, 0.6) * HOUR_S)]
    if rng.random() < 0.35:
        stops += _errand(rng, person, builder)
    outings = [Outing(leave, tuple(stops))]
    if rng.random() < 0.35:
        outings.append(Outing(rng.normal(19.2, 0.8) * HOUR_S, tuple(_errand(rng, person, builder))))
    return outings


def _free_day(rng: np.random.Generator, person: Person, builder: Builder) -> list[Outing]:
    if rng.random() < 0.05:
        stop = Stop(person.elsewhere, rng.uniform(2, 6) * HOUR_S)
        return [Outing(rng.uniform(9, 13) * HOUR_S, (stop,))]
    late = person.life == NIGHT_OWL
    count = int(rng.poisson(2.4 if person.life == IRREGULAR else 2.0))
    first, last = (12.5, 23.0) if late else (9.0, 21.5)
    outings = []
    for hour in np.sort(rng.uniform(first, last, count)):
        stops: list[Stop] = []
        for _ in range(int(rng.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))):
            stops += _errand(rng, person, builder)
        outings.append(Outing(float(hour) * HOUR_S, tuple(stops)))
    if late and rng.random() < 0.45:
        stops = wander(rng, builder, person.known[int(rng.integers(len(person.known)))], 700)
        outings.append(Outing(rng.uniform(23.2, 26.5) * HOUR_S, tuple(stops)))
    if not late and not person.curfew and rng.random() < 0.04:
        friend = person.friends[0]
        outings.append(Outing(rng.uniform(20, 23) * HOUR_S, (Stop(friend, 9.5 * HOUR_S),)))
    return outings


def _wakeful(outings: list[Outing], person: Person) -> list[Outing]:
    """Without what would break a curfew from 19:00 to 07:00."""
    if not person.curfew:
        return outings
    return [
        outing
        for outing in outings
        if outing.leave_s >= 7.0 * HOUR_S
        and outing.leave_s + sum(stop.stay_s for stop in outing.stops) <= 18.4 * HOUR_S
    ]


def ordinary_outings(
    rng: np.random.Generator, person: Person, builder: Builder, calendar: LocalDays
) -> list[Outing]:
    """What a person would do in all the days of the world if nothing else came up."""
    planned = []
    for day in range(calendar.count):
        at_work = person.life == WORKER and not calendar.weekend(day)
        make = _working_day if at_work else _free_day
        for outing in _wakeful(make(rng, person, builder), person):
            leave = calendar.instant_s(day, outing.leave_s)
            planned.append(Outing(leave, outing.stops))
    return sorted(planned, key=lambda outing: outing.leave_s)
