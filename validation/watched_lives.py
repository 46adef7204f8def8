"""Simulated lives under conditions: what tags report, where the wearers were, and what is planted.

The lives, streets and tags are the simulation's. Added are a condition for each wearer, a few
breaches of it, tunnels, and the word of home units. Tags are worn all the time and their clocks are
right: removal and clocks are other findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind
from tipstaff.simulation.chance import lognormal, stream
from tipstaff.simulation.devices import Wearing, build_devices
from tipstaff.simulation.faults import Fault, draw_faults
from tipstaff.simulation.geography import seat_of
from tipstaff.simulation.hours import HOUR_S, LocalDays
from tipstaff.simulation.lives import Travel, Trip, draw, fit_together
from tipstaff.simulation.outings import Stop, ordinary_outings
from tipstaff.simulation.paths import DRIVE, Path
from tipstaff.simulation.people import Person, build_people
from tipstaff.simulation.places import Builder, Place, build_amenities
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.routes import Router
from tipstaff.simulation.streets import build_streets
from tipstaff.simulation.tables import start_us
from tipstaff.simulation.tags import Reports, Tagger
from validation.watched_zones import (
    CURFEWS,
    SCENARIOS,
    WITH_RADIO,
    WITH_UNIT,
    Drawing,
    drawn,
    suited,
)

I64 = NDArray[np.int64]

MINUTE_S: Final = 60.0
#: Breaches planted of each wearer; the length of a stay, its spread, and its bounds in seconds.
PLANTED: Final = 6
STAY_S: Final = (900.0, 0.7, 180.0, 7200.0)
#: A home unit reports so often, hears so far, and misses the tag so often when it is near.
UNIT_EVERY_S: Final = 300.0
UNIT_HEARS_M: Final = 25.0
UNIT_MISSES: Final = 0.01


@dataclass(frozen=True, slots=True)
class WatchedLife:
    """One wearer: the drawing of their condition, where they were, and what their tag reported.

    `kind` of each fix is the simulation's (`satellites.KIND_NAMES`), for the truth alone.
    """

    drawing: Drawing
    path: Path
    reports: Reports
    units: tuple[HomeUnitEvent, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """A town of watched wearers; `calendar` is its local days."""

    plan: WorldPlan
    plane: LocalPlane
    calendar: LocalDays
    lives: list[WatchedLife]

    @property
    def start_us(self) -> int:
        """Its start in µs since 1970."""
        return start_us(self.plan)


class _Making:
    def __init__(self, plan: WorldPlan) -> None:
        self.plan, seat = plan, seat_of(plan.force)
        self.plane = LocalPlane(seat.latitude, seat.longitude)
        self.builder = Builder(build_streets(stream(plan.seed, "streets"), plan.width_m))
        rng = stream(plan.seed, "amenities")
        self.amenities = build_amenities(rng, self.builder, plan.wearers)
        self.people = build_people(plan, self.builder, self.amenities)
        self.calendar = LocalDays(plan.start, plan.days)
        self.devices = build_devices(plan, plan.wearers)
        self.router = Router(self.builder.streets)
        self.tagger = Tagger(plan.seed, plan.width_m, plan.span_s)

    def life(self, person: Person, scenario: str) -> WatchedLife:
        plan = self.plan
        person = suited(person, scenario)
        rng = stream(plan.seed, "condition", person.index)
        drawing = drawn(rng, scenario, person, self.builder, self.amenities)
        rng = stream(plan.seed, "life", person.index)
        travel = Travel(rng, person, self.router)
        usual = ordinary_outings(rng, person, self.builder, self.calendar)
        planted = list(self._breaches(travel, person, drawing))
        trips = fit_together(travel, usual, planted, plan.span_s)
        path = draw(rng, person, trips, plan.span_s)
        device = replace(self.devices[person.index], skew_s=0.0, home_unit=scenario in WITH_RADIO)
        faults = self._faults(person, scenario, path)
        wearing = Wearing(person.index, device.index, 0.0, None)
        reports = self.tagger.reports(device, wearing, person, path, faults)
        return WatchedLife(drawing, path, reports, tuple(self._units(scenario, person, path)))

    def _breaches(self, travel: Travel, person: Person, drawing: Drawing) -> Iterator[Trip]:
        """Trips into the zone, or out of the house at night, on days of their own."""
        rng = stream(self.plan.seed, "breaches", person.index)
        first, last = (19.3, 29.0) if drawing.is_curfew else (9.0, 22.0)
        days = np.sort(rng.choice(np.arange(1, self.plan.days - 2), PLANTED, replace=False))
        for day in days:
            median, spread, least, most = STAY_S
            stay = min(max(lognormal(rng, median, spread), least), most)
            place = self._target(rng, person, drawing)
            leave = self.calendar.instant_s(int(day), float(rng.uniform(first, last)) * HOUR_S)
            yield travel.trip(leave, (Stop(place, stay),))

    def _target(self, rng: np.random.Generator, person: Person, drawing: Drawing) -> Place:
        """A place in the zone, in the street or in a house; of a curfew, anywhere within 900 m."""
        kind = "street" if rng.random() < 0.6 else "home"
        if drawing.is_curfew:
            return self.builder.near(rng, kind, person.home.x, person.home.y, 900.0)
        middle, reach = drawing.flat.centroid, drawing.flat.length / 6.0
        place = self.builder.near(rng, kind, middle.x, middle.y, reach)
        for _ in range(20):
            if shapely.contains_xy(drawing.flat, place.x, place.y):
                return place
            place = self.builder.near(rng, kind, middle.x, middle.y, reach)
        angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.8) * reach
        x, y = middle.x + away * np.cos(angle), middle.y + away * np.sin(angle)
        return replace(place, x=float(x), y=float(y))

    def _faults(self, person: Person, scenario: str, path: Path) -> list[Fault]:
        rng = stream(self.plan.seed, "faults", person.index)
        faults = draw_faults(rng, 0.0, self.plan.span_s)
        return faults + list(_tunnels(rng, path)) if scenario == "tunnel" else faults

    def _units(self, scenario: str, person: Person, path: Path) -> Iterator[HomeUnitEvent]:
        """What the home unit says every five minutes: it hears the tag, or it does not."""
        if scenario not in WITH_UNIT:
            return
        t = np.arange(150.0, self.plan.span_s - UNIT_EVERY_S, UNIT_EVERY_S)
        x, y, _ = path.at(t)
        near = np.hypot(x - person.home.x, y - person.home.y) <= UNIT_HEARS_M
        rng = stream(self.plan.seed, "home unit", person.index)
        heard = near & (rng.random(t.size) >= UNIT_MISSES)
        for at_s, hears in zip(t.tolist(), heard.tolist(), strict=True):
            kind = HomeUnitKind.HEARS if hears else HomeUnitKind.DEAF
            yield HomeUnitEvent(start_us(self.plan) + round(at_s * 1e6), kind, "home")


def _tunnels(rng: np.random.Generator, path: Path) -> Iterator[Fault]:
    """On every other drive, somewhere on the way, a while without fixes."""
    driving = np.flatnonzero(np.diff((path.mode == DRIVE).astype(np.int8), prepend=0) == 1)
    for knot in driving:
        after = np.flatnonzero(path.mode[knot:] != DRIVE)
        end = path.t_s[knot + after[0]] if after.size else path.t_s[-1]
        if rng.random() < 0.5:
            at = float(rng.uniform(path.t_s[knot], end))
            yield Fault("gap", at, at + float(rng.uniform(90.0, 240.0)), "tunnel")


def town_of(plan: WorldPlan) -> Town:
    """A town whose wearers have the scenarios in turn; the same plan gives the same town."""
    making, names = _Making(plan), list(SCENARIOS)
    lives = [making.life(p, names[p.index % len(names)]) for p in making.people]
    return Town(plan, making.plane, making.calendar, lives)


__all__ = ["CURFEWS", "PLANTED", "SCENARIOS", "Town", "WatchedLife", "town_of"]
