"""Lives: outings made into journeys along streets, fitted together, and drawn as one path."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tipstaff.simulation.outings import Outing, Stop
from tipstaff.simulation.paths import (
    CYCLE,
    DRIVE,
    HOME,
    STILL,
    WALK,
    WORK,
    Path,
    PathDrawer,
    pass_times,
)
from tipstaff.simulation.people import Person
from tipstaff.simulation.places import Place
from tipstaff.simulation.routes import BY_CAR, ON_FOOT, Route, Router

F64 = NDArray[np.float64]

#: An outing that cannot begin within this time of its hour does not happen.
PATIENCE_S = 5400.0
#: Nobody turns round at his own door in less.
TURN_ROUND_S = 300.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One journey: its route, when each vertex is passed, and how."""

    route: Route
    passed_s: F64
    mode: int

    @property
    def took_s(self) -> float:
        """Its duration."""
        return float(self.passed_s[-1, 1])


@dataclass(frozen=True, slots=True)
class Trip:
    """An outing with its journeys: one more leg than stops, the last one home."""

    leave_s: float
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]

    @property
    def back_s(self) -> float:
        """When the person is home again."""
        away = sum(stop.stay_s for stop in self.stops) + sum(leg.took_s for leg in self.legs)
        return self.leave_s + away

    def arrival_s(self, stop: int) -> float:
        """Seconds from leaving home to reaching stop number `stop`."""
        before = sum(s.stay_s for s in self.stops[:stop])
        return before + sum(leg.took_s for leg in self.legs[: stop + 1])

    def moved(self, leave_s: float) -> Trip:
        """The same trip at another time."""
        return Trip(leave_s, self.stops, self.legs)


class Travel:
    """How one person gets from place to place."""

    def __init__(self, rng: np.random.Generator, person: Person, router: Router) -> None:
        self._rng, self._person, self._router = rng, person, router
        router.forget()

    def _mode(self, start: Place, goal: Place) -> int:
        person, far_m = self._person, float(np.hypot(start.x - goal.x, start.y - goal.y))
        chance = self._rng.random()
        if far_m > 7000:
            return DRIVE
        if far_m < 400 or (far_m < 1100 and chance < 0.75):
            return WALK
        if person.cycle and chance < 0.7:
            return CYCLE
        if person.car:
            return DRIVE
        return WALK if far_m < 2600 else DRIVE

    def leg(self, start: Place, goal: Place) -> Leg:
        """A journey by whatever suits the distance."""
        mode = self._mode(start, goal)
        route = self._router.route(start, goal, BY_CAR if mode == DRIVE else ON_FOOT)
        return Leg(route, pass_times(self._rng, route, mode, self._person.pace), mode)

    def trip(self, leave_s: float, stops: tuple[Stop, ...]) -> Trip:
        """An outing's journeys."""
        places = [self._person.home, *(stop.place for stop in stops), self._person.home]
        legs = tuple(self.leg(a, b) for a, b in pairwise(places))
        return Trip(leave_s, stops, legs)


def _fit(trip: Trip, free_from_s: float, fixed: list[Trip]) -> Trip | None:
    """The trip, later if need be, so that it crosses none of the fixed ones; None if too late."""
    leave = max(trip.leave_s, free_from_s)
    for other in fixed:
        length = trip.back_s - trip.leave_s
        if leave < other.back_s + TURN_ROUND_S and other.leave_s < leave + length + TURN_ROUND_S:
            leave = other.back_s + TURN_ROUND_S
    return trip.moved(leave) if leave - trip.leave_s <= PATIENCE_S else None


def fit_together(
    travel: Travel, outings: list[Outing], fixed: list[Trip], span_s: float
) -> list[Trip]:
    """The trips that happen: the fixed ones as they are, the others where there is room."""
    fixed = sorted(fixed, key=lambda trip: trip.leave_s)
    kept: list[Trip] = []
    free_from = 600.0
    for outing in outings:
        trip = _fit(travel.trip(outing.leave_s, outing.stops), free_from, fixed)
        if trip is not None and trip.back_s < span_s:
            kept.append(trip)
            free_from = trip.back_s + TURN_ROUND_S
    return sorted(kept + fixed, key=lambda trip: trip.leave_s)


def _mode_at(person: Person, place: Place) -> int:
    if place.number == person.home.number:
        return HOME
    working = person.work is not None and place.number == person.work.number
    return WORK if working else STILL


def draw(rng: np.random.Generator, person: Person, trips: list[Trip], span_s: float) -> Path:
    """One person's path from the beginning to the end of the world."""
    drawer = PathDrawer(rng)
    now = 0.0
    for trip in trips:
        drawer.stay(person.home, now, trip.leave_s, HOME)
        now = trip.leave_s
        for leg, stop in zip(trip.legs, trip.stops, strict=False):
            drawer.travel(leg.route, leg.passed_s, now, leg.mode)
            now += leg.took_s
            drawer.stay(stop.place, now, now + stop.stay_s, _mode_at(person, stop.place))
            now += stop.stay_s
        drawer.travel(trip.legs[-1].route, trip.legs[-1].passed_s, now, trip.legs[-1].mode)
        now = trip.back_s
    drawer.stay(person.home, now, span_s, HOME)
    return drawer.close(span_s)
