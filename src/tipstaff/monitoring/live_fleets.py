"""Lives in fleets of a bounded size, so that a changed order makes few of them anew.

A *life* is a wearer with one device in one activation. What is kept of each between steps are rows
of its own; a fleet only says what is watched, and any of its lives may be brought on together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tipstaff.monitoring.fleet_states import PartState
from tipstaff.monitoring.fleets import Fleet, fleet_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import new_places
from tipstaff.monitoring.presence_columns import PresenceStates
from tipstaff.monitoring.presence_judging import new_jobs
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch, Watch, ZoneWatch
from tipstaff.monitoring.zone_columns import ZoneStates, new_states
from tipstaff.monitoring.zone_jobs import zone_numbers

#: Lives of one fleet: a call costs the same whether it brings on one of them or all, and a change
#: makes the whole fleet anew.
AT_MOST: Final = 1_024


@dataclass(slots=True)
class _Shard:
    watches: list[tuple[Watch, ...]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    fleet: Fleet | None = None


class LiveFleets:
    """What is watched of every life, as fleets that are made when they are first asked for."""

    def __init__(self, parameters: EngineParameters) -> None:
        self.parameters = parameters
        self._shards: list[_Shard] = []
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, life: str, watches: Sequence[Watch]) -> None:
        """Watch this of a life from now on."""
        shard, place = self._places.get(life) or self._room()
        self._shards[shard].watches[place] = tuple(watches)
        self._shards[shard].fleet = None
        self._places[life] = (shard, place)

    def drop(self, life: str) -> None:
        """Watch nothing of a life any longer."""
        shard, place = self._places.pop(life)
        self._shards[shard].watches[place] = ()
        self._shards[shard].free.append(place)
        self._shards[shard].fleet = None

    def _room(self) -> tuple[int, int]:
        for number, shard in enumerate(self._shards):
            if shard.free:
                return number, shard.free.pop()
        if not self._shards or len(self._shards[-1].watches) >= AT_MOST:
            self._shards.append(_Shard())
        self._shards[-1].watches.append(())
        return len(self._shards) - 1, len(self._shards[-1].watches) - 1

    def grouped(self, lives: Sequence[str]) -> list[tuple[Fleet, list[int], np.ndarray]]:
        """By fleet: the places here of the lives that are in it, and their numbers in it."""
        found: dict[int, list[tuple[int, int]]] = {}
        for at, life in enumerate(lives):
            shard, place = self._places[life]
            found.setdefault(shard, []).append((place, at))
        out = []
        for shard, pairs in sorted(found.items()):
            pairs.sort()
            places = np.array([place for place, _ in pairs], dtype=np.int64)
            out.append((self._fleet(shard), [at for _, at in pairs], places))
        return out

    def _fleet(self, number: int) -> Fleet:
        shard = self._shards[number]
        if shard.fleet is None:
            shard.fleet = fleet_of(shard.watches, self.parameters)
        return shard.fleet


def new_part(watches: Sequence[Watch], since_us: int, parameters: EngineParameters) -> PartState:
    """A life of which nothing is known, before anything of `since_us` has been taken."""
    zones = new_states(sum(isinstance(w, ZoneWatch) for w in watches), zone_numbers(parameters))
    timed = [w for w in watches if isinstance(w, CurfewWatch | AttendanceWatch)]
    jobs, places = new_jobs(len(timed)), new_places(sum(len(w.places) for w in timed))
    zones.kept[:, 0] = since_us - 1
    jobs[:, 0] = since_us - 1
    return PartState(zones, PresenceStates(jobs, places))


def joined(parts: Sequence[PartState]) -> PartState:
    """Several lives as one part, in their order."""
    return PartState(
        ZoneStates(
            np.concatenate([part.zones.kept for part in parts]),
            np.concatenate([part.zones.odds for part in parts]),
        ),
        PresenceStates(
            np.concatenate([part.presences.jobs for part in parts]),
            np.concatenate([part.presences.places for part in parts]),
        ),
    )


def parted(part: PartState, like: Sequence[PartState]) -> list[PartState]:
    """A part of several lives as one each, as long as those in `like`."""
    out, zone, job, place = [], 0, 0, 0
    for one in like:
        zone_end = zone + len(one.zones.kept)
        job_end = job + len(one.presences.jobs)
        place_end = place + len(one.presences.places)
        zones = ZoneStates(part.zones.kept[zone:zone_end], part.zones.odds[zone:zone_end])
        presences = PresenceStates(
            part.presences.jobs[job:job_end], part.presences.places[place:place_end]
        )
        out.append(PartState(zones, presences))
        zone, job, place = zone_end, job_end, place_end
    return out
