"""The engine over columns: many wearers, each from its horizon to the next, in a few calls.

What it tells is what `monitoring.reference.step` tells of each wearer by itself, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from tipstaff.domain.findings import Told
from tipstaff.monitoring.facts import Fact, Fix, in_order
from tipstaff.monitoring.fix_columns import FixColumns, fix_columns
from tipstaff.monitoring.fleet_states import FleetState, PartState
from tipstaff.monitoring.fleets import Fleet, JobPlaces, jobs_of
from tipstaff.monitoring.job_spans import JobSpans
from tipstaff.monitoring.outline_rows import starts_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import NEVER
from tipstaff.monitoring.presence_columns import I64, UnitColumns, timers, watch_presence
from tipstaff.monitoring.presence_jobs import told_row, unit_columns
from tipstaff.monitoring.presence_judging import TOLD_JOB
from tipstaff.monitoring.zone_columns import ZoneSteps, watch_zones
from tipstaff.monitoring.zone_jobs import finding_of


class FactColumns(NamedTuple):
    """Facts in columns: those of the w-th wearer are rows `starts[w]` up to the next of each."""

    fixes: FixColumns
    fix_starts: I64
    events: UnitColumns
    event_starts: I64


@dataclass(frozen=True, slots=True)
class FleetTold:
    """What is told, in columns by job: steps of zones, and rows as `presence_judging` has them."""

    zones: ZoneSteps
    presences: I64


def fact_columns(
    lives: Sequence[Sequence[Fact]], fleet: Fleet, parameters: EngineParameters
) -> FactColumns:
    """Columns of the facts of each wearer, in whatever order they came."""
    lives = [in_order(facts) for facts in lives]
    fixes = [[fact for fact in facts if isinstance(fact, Fix)] for facts in lives]
    events = [[fact for fact in facts if not isinstance(fact, Fix)] for facts in lives]
    return FactColumns(
        fix_columns([fix for own in fixes for fix in own], parameters),
        starts_of(map(len, fixes)),
        unit_columns([event for own in events for event in own], fleet.addresses),
        starts_of(map(len, events)),
    )


def advance(
    fleet: Fleet, state: FleetState, facts: FactColumns, now_us: int
) -> tuple[FleetTold, FleetState]:
    """Bring every wearer to `now_us`, by facts later than the state's horizon.

    Facts from after `now_us` must not be among them (ValueError): each kernel would take them, and
    a state would hold what has not been.
    """
    for at_us in (facts.fixes.at_us, facts.events.at_us):
        if len(at_us) and not state.horizon_us < at_us.min() <= at_us.max() <= now_us:
            raise ValueError("facts from before the horizon, or from the future")
    every = np.arange(fleet.wearers, dtype=np.int64)
    until_us = np.full(fleet.wearers, now_us, dtype=np.int64)
    told, part = advance_part(
        fleet, every, PartState(state.zones, state.presences), facts, until_us
    )
    return told, FleetState(max(now_us, state.horizon_us), part.zones, part.presences)


def advance_part(
    fleet: Fleet, wearers: I64, part: PartState, facts: FactColumns, until_us: I64
) -> tuple[FleetTold, PartState]:
    """Bring some wearers of a fleet on, each from its own horizon to its own `until_us`.

    `part` and `facts` are theirs alone, in their order. Facts lie after the wearer's horizon and
    not after its end: who calls sees to it.
    """
    spans = _spans(fleet.zone_places, wearers, facts, until_us)
    steps, zones = watch_zones(facts.fixes, fleet.zones, spans, fleet.zone_numbers, part.zones)
    spans = _spans(fleet.presence_places, wearers, facts, until_us)
    rows, presences = watch_presence(
        facts.fixes, facts.events, fleet.presences, spans, fleet.presence_numbers, part.presences
    )
    return FleetTold(steps, rows), PartState(zones, presences)


def _spans(places: JobPlaces, wearers: I64, facts: FactColumns, until_us: I64) -> JobSpans:
    job, place = jobs_of(places, wearers)
    fixes, events = facts.fix_starts, facts.event_starts
    return JobSpans(
        job, until_us[place], fixes[place], fixes[place + 1], events[place], events[place + 1]
    )


def told_by_wearer(fleet: Fleet, told: FleetTold) -> list[tuple[Told, ...]]:
    """What is told of each wearer, as values."""
    found = told_of_some(fleet, told)
    return [found.get(wearer, ()) for wearer in range(fleet.wearers)]


def told_of_some(fleet: Fleet, told: FleetTold) -> dict[int, tuple[Told, ...]]:
    """What is told, by those wearers of whom anything is."""
    found: dict[int, list[tuple[int, Told]]] = {}
    places = fleet.zone_places
    for row, job in enumerate(told.zones.job.tolist()):
        one = finding_of(told.zones, row, places.conditions[job])
        found.setdefault(int(places.wearer[job]), []).append((int(places.position[job]), one))
    places = fleet.presence_places
    for values in told.presences:
        job = int(values[TOLD_JOB])
        other = told_row(values, places.conditions[job])
        found.setdefault(int(places.wearer[job]), []).append((int(places.position[job]), other))
    return {
        wearer: tuple(one for _, one in sorted(own, key=lambda each: (each[1].at, each[0])))
        for wearer, own in found.items()
    }


def next_dues(fleet: Fleet, state: FleetState) -> I64:
    """When each wearer next needs the clock (µs); NEVER where no rule waits for anything."""
    every = np.arange(fleet.wearers, dtype=np.int64)
    horizons = np.full(fleet.wearers, state.horizon_us, dtype=np.int64)
    return part_dues(fleet, every, PartState(state.zones, state.presences), horizons)


def part_dues(fleet: Fleet, wearers: I64, part: PartState, horizons_us: I64) -> I64:
    """When each of some wearers next needs the clock after its horizon; NEVER where it does not."""
    due = np.full(len(wearers), NEVER, dtype=np.int64)
    zones, presences = fleet.zones, fleet.presences
    job, place = jobs_of(fleet.zone_places, wearers)
    edges = np.stack([zones.period_from_us, zones.period_to_us], axis=1)
    np.minimum.at(due, place, _edges_after(edges, zones.period_starts, job, horizons_us[place]))
    job, place = jobs_of(fleet.presence_places, wearers)
    edges = presences.periods[:, :2]
    np.minimum.at(due, place, _edges_after(edges, presences.period_starts, job, horizons_us[place]))
    np.minimum.at(due, place, timers(presences, job, part.presences, fleet.presence_numbers))
    return due


@njit(cache=True)
def _edges_after(edges: I64, starts: I64, which: I64, horizons_us: I64) -> I64:
    """Of each of these jobs the first start or end of a period after its horizon."""
    out = np.full(len(which), NEVER, dtype=np.int64)
    for n in range(len(which)):
        for period in range(starts[which[n]], starts[which[n] + 1]):
            for side in range(2):
                if edges[period, side] > horizons_us[n]:
                    out[n] = min(out[n], edges[period, side])
    return out
