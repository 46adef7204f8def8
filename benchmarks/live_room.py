"""The room of live monitoring by itself, no database: facts in as uploads bring them.

Its parts alone over the same facts in the same steps are the floor: `engine.advance` for rules of
places, `device_step` for rules of devices.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.figures import Figure
from benchmarks.monitor import HOUR, START, fixes_of_wearer, made_day
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, Watched
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import DEVICE_RULES, KNOWLEDGE_RULES
from tipstaff.monitoring.device_step import new_device_state, step_known, step_world
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.engine import advance, fact_columns
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import new_fleet_state
from tipstaff.monitoring.fleets import fleet_of
from tipstaff.monitoring.kept_lives import KeptLife
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.watchroom import Arrived, Watchroom

RULES: Final = Rulebook(PARAMETERS_V1, DEVICES_V2)
WEARERS: Final = 512
HOURS: Final = 4
MINUTE: Final = 60_000_000
#: One in fifty comes so much later than it would have.
LATE_SHARE: Final = 0.02
LATE: Final = 30 * MINUTE
#: Fixes of minutes that an upload brings.
UPLOADS: Final = (1, 10)


class NoPast:
    """Nobody goes back further than what is at hand."""

    def back_to(self, _life: KeptLife, _at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:
        """Never asked: what is late here is less late than what is at hand is old."""
        raise AssertionError("went back to the past")


@dataclass(frozen=True, slots=True)
class Day:
    """Who is watched, and of each the fixes of some hours, by their instants."""

    watched: list[Watched]
    fixes: list[list[Fix]]

    @property
    def count(self) -> int:
        """All fixes."""
        return sum(map(len, self.fixes))


Step = tuple[int, dict[str, list[Fix]]]


def day_of(wearers: int) -> Day:
    """Made-up wearers, as `./run bench monitor` has them."""
    lived, watches = made_day(wearers)
    watched = [
        Watched(
            f"{i:06d}", START, tuple(own), DeviceWatch(f"made/{i}", ((START, START + 25 * HOUR),))
        )
        for i, own in enumerate(watches)
    ]
    end_us = START + HOURS * HOUR
    fixes = [[f for f in fixes_of_wearer(lived, i) if f.at_us < end_us] for i in range(wearers)]
    return Day(watched, fixes)


def steps_of(day: Day, minutes: int, late: float = 0.0) -> list[Step]:
    """What comes in by the end of each stretch of so many minutes."""
    every, chance = minutes * MINUTE, random.Random(7)
    found: dict[int, dict[str, list[Fix]]] = {}
    for watched, own in zip(day.watched, day.fixes, strict=True):
        for fix in own:
            on_time = START - (START - fix.at_us) // every * every  # a fix of the end is in
            came_us = on_time + (LATE if chance.random() < late else 0)
            step = found.setdefault(came_us, {})
            step.setdefault(watched.life, []).append(replace(fix, ingested_us=came_us))
    return sorted(found.items())


def room_s(day: Day, steps: Sequence[Step]) -> tuple[float, Watchroom]:
    """Seconds of processor for all steps through a room."""
    room = Watchroom(RULES, NoPast())
    for one in day.watched:
        room.watch(one)
    came = [(at, {key: list(map(Arrived, own)) for key, own in s.items()}) for at, s in steps]
    begun = time.process_time()
    for at_us, own in came:
        room.take(own, at_us)
    return time.process_time() - begun, room


def places_s(day: Day, steps: Sequence[Step]) -> float:
    """Seconds for rules of places alone: the engine over everybody at once, step by step."""
    fleet = fleet_of([one.watches for one in day.watched], PARAMETERS_V1)
    state = new_fleet_state(fleet, START - 1)
    begun = time.process_time()
    for at_us, own in steps:
        lives = [own.get(one.life, []) for one in day.watched]
        _, state = advance(fleet, state, fact_columns(lives, fleet, PARAMETERS_V1), at_us)
    return time.process_time() - begun


def devices_s(day: Day, steps: Sequence[Step]) -> float:
    """Seconds for rules of devices alone, one device after another."""
    begun = time.process_time()
    world = dict.fromkeys((w.life for w in day.watched), new_device_state(DEVICE_RULES, DEVICES_V2))
    known = dict.fromkeys(world, new_device_state(KNOWLEDGE_RULES, DEVICES_V2))
    watches = {one.life: one.device for one in day.watched}
    for at_us, own in steps:
        for life, facts in own.items():
            watch = watches[life]
            until = facts[-1].at_us
            world[life] = step_world(world[life], facts, watch, DEVICES_V2, until).state
            known[life] = step_known(known[life], facts, watch, DEVICES_V2, at_us).state
    return time.process_time() - begun


def bytes_a_life(day: Day, steps: Sequence[Step]) -> float:
    """Memory that lives take when the steps are through, facts and snapshots at hand included."""
    few = Day(day.watched[:64], day.fixes[:64])
    mine = {one.life for one in few.watched}
    own = [(at, {key: f for key, f in step.items() if key in mine}) for at, step in steps]
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        _, room = room_s(few, own)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / len(room.lives)


def figures_of_room(share: float) -> tuple[list[Figure], dict[str, int]]:
    """Fixes a second through the room beside its parts alone; one core, seconds of its time."""
    day = day_of(max(4, round(WEARERS * share)))
    figures = []
    warm = Day(day.watched[:2], day.fixes[:2])
    room_s(warm, steps_of(warm, 10)), places_s(warm, steps_of(warm, 10))
    for minutes in UPLOADS:
        steps, what = steps_of(day, minutes), f"room, uploads of {minutes} min"
        spent, _ = room_s(day, steps)
        places, devices = (day.count / seconds(day, steps) for seconds in (places_s, devices_s))
        figures.append(Figure(what, day.count / spent, "fixes/s", places, "places alone"))
        figures.append(Figure(f"{what}, devices alone", devices, "fixes/s"))
        late, _ = room_s(day, steps_of(day, minutes, LATE_SHARE))
        figures.append(Figure(f"{what}, 2% late", day.count / late, "fixes/s"))
    figures.append(Figure("memory", bytes_a_life(day, steps_of(day, 10)) / 1024, "KB a life"))
    steps_few = np.mean([len(own) for _, own in steps_of(day, 10)])
    return figures, {"lives of the room": len(day.watched), "fixes of the room": day.count,
                     "uploads a step": int(steps_few)}  # fmt: skip
