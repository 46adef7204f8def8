"""Lives brought on by facts: rules about places over columns, rules about devices one by one.

Everything here is about what was so: it goes by the instants of facts and never by their coming in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tipstaff.domain.findings import Told
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_reference import DEVICE_RULES
from tipstaff.monitoring.device_step import DeviceState, new_device_state, step_world
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch, OthersNear
from tipstaff.monitoring.engine import advance_part, fact_columns, part_dues, told_of_some
from tipstaff.monitoring.events import DeviceEvent
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import PartState
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.live_fleets import LiveFleets, joined, new_part, parted
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import NEVER
from tipstaff.monitoring.watches import Watch

LiveFact = Fix | HomeUnitEvent | DeviceEvent | OthersNear


@dataclass(frozen=True, slots=True, repr=False)
class Watched:
    """What is watched of a life from `since_us` on: conditions, and the device itself."""

    life: str
    since_us: int
    watches: tuple[Watch, ...]
    device: DeviceWatch


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """What is kept of a life at a horizon (µs): everything up to it, itself included, is taken."""

    horizon_us: int
    places: PartState
    device: DeviceState


@dataclass(frozen=True, slots=True, repr=False)
class Stretch:
    """A life to be brought from a snapshot to `until_us` by facts in between, in any order."""

    watched: Watched
    start: Snapshot
    facts: Sequence[LiveFact]
    until_us: int


@dataclass(frozen=True, slots=True, repr=False)
class Brought:
    """Where a stretch led, what is told in it, and when the clock is next needed (NEVER: never)."""

    snapshot: Snapshot
    told: tuple[Told, ...]
    due_us: int


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The numbers of all rules."""

    places: EngineParameters
    devices: DeviceParameters


def first_snapshot(watched: Watched, rules: Rulebook) -> Snapshot:
    """A life of which nothing is known yet."""
    places = new_part(watched.watches, watched.since_us, rules.places)
    return Snapshot(watched.since_us - 1, places, new_device_state(DEVICE_RULES, rules.devices))


def brought_on(fleets: LiveFleets, stretches: Sequence[Stretch], rules: Rulebook) -> list[Brought]:
    """Each stretch by itself, many in a call; the lives of one call are all different.

    ValueError for facts from before a stretch or after it.
    """
    out: list[Brought | None] = [None] * len(stretches)
    for fleet, ats, wearers in fleets.grouped([one.watched.life for one in stretches]):
        mine = [stretches[at] for at in ats]
        facts = fact_columns([_of_places(one) for one in mine], fleet, fleets.parameters)
        until_us = np.array([one.until_us for one in mine], dtype=np.int64)
        starts = [one.start.places for one in mine]
        told, part = advance_part(fleet, wearers, joined(starts), facts, until_us)
        dues = part_dues(fleet, wearers, part, until_us)
        found = told_of_some(fleet, told)
        for n, (at, places) in enumerate(zip(ats, parted(part, starts), strict=True)):
            own = found.get(int(wearers[n]), ())
            out[at] = _with_device(mine[n], places, own, int(dues[n]), rules)
    return [one for one in out if one is not None]


def _of_places(one: Stretch) -> list[Fix | HomeUnitEvent]:
    if any(not one.start.horizon_us < fact.at_us <= one.until_us for fact in one.facts):
        raise ValueError("facts from before the stretch, or from after it")
    return [fact for fact in one.facts if isinstance(fact, Fix | HomeUnitEvent)]


def _with_device(
    one: Stretch, places: PartState, told: tuple[Told, ...], due_us: int, rules: Rulebook
) -> Brought:
    facts: list[DeviceFact] = [f for f in one.facts if not isinstance(f, HomeUnitEvent)]
    stepped = step_world(one.start.device, facts, one.watched.device, rules.devices, one.until_us)
    own_due = NEVER if stepped.next_due_us is None else stepped.next_due_us
    after = Snapshot(one.until_us, places, stepped.state)
    every = tuple(sorted((*told, *stepped.findings), key=lambda each: each.at))
    return Brought(after, every, min(due_us, own_due))
