"""The engine over columns: many wearers from one horizon to the next, in a few calls of kernels.

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
from tipstaff.monitoring.fleet_states import FleetState
from tipstaff.monitoring.fleets import Fleet, JobPlaces
from tipstaff.monitoring.outline_rows import starts_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import NEVER
from tipstaff.monitoring.presence_columns import I64, UnitColumns, timers, watch_presence
from tipstaff.monitoring.presence_jobs import told_of, unit_columns
from tipstaff.monitoring.zone_columns import ZoneSteps, watch_zones
from tipstaff.monitoring.zone_jobs import findings_of


class FactColumns(NamedTuple):
    """Facts in columns: those of wearer w are rows `starts[w]` up to the next of each kind."""

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
    own, starts = fleet.zone_places.wearer, facts.fix_starts
    zone_jobs = fleet.zones._replace(fix_low=starts[own], fix_high=starts[own + 1])
    steps, zones = watch_zones(facts.fixes, zone_jobs, fleet.zone_numbers, now_us, state.zones)
    own, events = fleet.presence_places.wearer, facts.event_starts
    presence_jobs = fleet.presences._replace(
        fix_low=starts[own],
        fix_high=starts[own + 1],
        event_low=events[own],
        event_high=events[own + 1],
    )
    rows, presences = watch_presence(
        facts.fixes, facts.events, presence_jobs, fleet.presence_numbers, now_us, state.presences
    )
    after = FleetState(max(now_us, state.horizon_us), zones, presences)
    return FleetTold(steps, rows), after


def told_by_wearer(fleet: Fleet, told: FleetTold) -> list[tuple[Told, ...]]:
    """What is told of each wearer, as values."""
    zones: list[list[Told]] = [
        list(found) for found in findings_of(told.zones, list(fleet.zone_places.conditions))
    ]
    presences = told_of(told.presences, fleet.presence_places.conditions)
    by_position: list[dict[int, list[Told]]] = [{} for _ in range(fleet.wearers)]
    for places, found in ((fleet.zone_places, zones), (fleet.presence_places, presences)):
        for job, own in enumerate(found):
            by_position[int(places.wearer[job])][int(places.position[job])] = own
    return [
        tuple(sorted((one for p in sorted(own) for one in own[p]), key=lambda one: one.at))
        for own in by_position
    ]


def next_dues(fleet: Fleet, state: FleetState) -> I64:
    """When each wearer next needs the clock (µs); NEVER where no rule waits for anything."""
    due = np.full(fleet.wearers, NEVER, dtype=np.int64)
    zones, presences = fleet.zones, fleet.presences
    edges = np.stack([zones.period_from_us, zones.period_to_us], axis=1)
    _least(due, fleet.zone_places, _edges_after(edges, zones.period_starts, state.horizon_us))
    edges = _edges_after(presences.periods[:, :2], presences.period_starts, state.horizon_us)
    waits = timers(presences, state.presences, fleet.presence_numbers)
    _least(due, fleet.presence_places, np.minimum(edges, waits))
    return due


def _least(due: I64, places: JobPlaces, at_us: I64) -> None:
    np.minimum.at(due, places.wearer, at_us)


@njit(cache=True)
def _edges_after(edges: I64, starts: I64, horizon_us: int) -> I64:
    """Of each job the first start or end of a period after the horizon."""
    out = np.full(len(starts) - 1, NEVER, dtype=np.int64)
    for job in range(len(out)):
        for period in range(starts[job], starts[job + 1]):
            for side in range(2):
                if edges[period, side] > horizon_us:
                    out[job] = min(out[job], edges[period, side])
    return out
