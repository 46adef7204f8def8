"""A whole synthetic world: the data that Tipstaff reads, and the truth behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.simulation import tables
from tipstaff.simulation.chance import stream
from tipstaff.simulation.devices import Device, Wearing, build_devices, build_wearings
from tipstaff.simulation.faults import Fault, draw_faults, draw_removals, skew_fault
from tipstaff.simulation.feed import Feed, PathTable
from tipstaff.simulation.geography import seat_of
from tipstaff.simulation.hours import LocalDays
from tipstaff.simulation.lives import Travel, Trip, draw, fit_together
from tipstaff.simulation.maps import town_map
from tipstaff.simulation.offences import Offence, plan_offences
from tipstaff.simulation.outings import ordinary_outings
from tipstaff.simulation.paths import Path
from tipstaff.simulation.people import Person, build_people
from tipstaff.simulation.places import Builder, build_amenities
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.police import record
from tipstaff.simulation.routes import Router
from tipstaff.simulation.streets import build_streets
from tipstaff.simulation.tags import Tagger
from tipstaff.simulation.visits import crime_trips

__all__ = ["World", "WorldPlan", "simulate"]

#: Told (done, of how many) after each wearer.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class World:
    """What was simulated. `positions` are in the order of upload; `streets` is GeoJSON."""

    plan: WorldPlan
    positions: pa.Table
    activations: pa.Table
    crimes: list[Crime]
    truth_crimes: pa.Table
    truth_paths: pa.Table
    truth_fixes: pa.Table
    faults: pa.Table
    streets: dict[str, Any]


class _Making:
    """The parts of a world that every wearer's life needs."""

    def __init__(self, plan: WorldPlan) -> None:
        self.plan = plan
        seat = seat_of(plan.force)
        self.plane = LocalPlane(seat.latitude, seat.longitude)
        self.streets = build_streets(stream(plan.seed, "streets"), plan.width_m)
        self.builder = Builder(self.streets)
        rng = stream(plan.seed, "amenities")
        self.amenities = build_amenities(rng, self.builder, plan.wearers)
        self.people = build_people(plan, self.builder, self.amenities)
        self.calendar = LocalDays(plan.start, plan.days)
        self.offences = plan_offences(
            plan, self.builder, self.amenities, self.people, self.calendar
        )
        self.wearings = build_wearings(plan)
        self.devices = build_devices(plan, 1 + max(w.device for w in self.wearings))
        self.router = Router(self.streets)
        self.tagger = Tagger(plan.seed, plan.width_m, plan.span_s)
        self.faults: list[tuple[str, Fault]] = []

    def life(self, person: Person) -> tuple[Path, list[Trip]]:
        """A person's path through the whole world."""
        plan, rng = self.plan, stream(self.plan.seed, "life", person.index)
        travel = Travel(rng, person, self.router)
        own: list[Offence] = [o for o in self.offences if o.offender == person.index]
        fixed = crime_trips(rng, travel, person, self.builder, own, plan.span_s)
        usual = ordinary_outings(rng, person, self.builder, self.calendar)
        trips = fit_together(travel, usual, fixed, plan.span_s)
        return draw(rng, person, trips, plan.span_s), trips

    def tag(self, person: Person, path: Path, trips: list[Trip], feed: Feed) -> None:
        """What the person's tags report of that path."""
        removed = draw_removals(stream(self.plan.seed, "removals", person.index), trips)
        for wearing in (w for w in self.wearings if w.wearer == person.index):
            device = self.devices[wearing.device]
            faults = self._faults_of(device, wearing, removed)
            self.faults += [(device.device_id, fault) for fault in faults]
            reports = self.tagger.reports(device, wearing, person, path, faults)
            rng = stream(self.plan.seed, "upload", device.index, person.index)
            feed.add(rng, device, reports, faults)

    def _faults_of(self, device: Device, wearing: Wearing, removed: list[Fault]) -> list[Fault]:
        start = wearing.start_s
        end = self.plan.span_s if wearing.end_s is None else wearing.end_s
        rng = stream(self.plan.seed, "faults", device.index, wearing.wearer)
        own = [f for f in removed if f.start_s >= start and f.end_s <= end]
        return [*draw_faults(rng, start, end), *own, *skew_fault(device.skew_s, start, end)]


def simulate(plan: WorldPlan, progress: Progress | None = None) -> World:
    """Make the world of `plan`; the same plan gives the same world to the last bit."""
    making = _Making(plan)
    feed, paths = Feed(plan, making.plane), PathTable(plan, making.plane)
    for person in making.people:
        path, trips = making.life(person)
        paths.add(person, path)
        making.tag(person, path, trips, feed)
        if progress is not None:
            progress(person.index + 1, plan.wearers)
    recorded = record(plan, making.plane, making.offences)
    people, devices = making.people, making.devices
    return World(
        plan=plan,
        positions=feed.positions(devices),
        activations=tables.activation_table(plan, people, devices, making.wearings),
        crimes=[r.crime for r in recorded],
        truth_crimes=tables.truth_crime_table(plan, making.plane, people, recorded),
        truth_paths=paths.table(people),
        truth_fixes=feed.truth(devices),
        faults=tables.fault_table(plan, making.faults),
        streets=town_map(making.plane, making.streets, making.amenities),
    )
