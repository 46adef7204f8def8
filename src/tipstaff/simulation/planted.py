"""Planted visits: scenes laid where wearers truly were, for the test that no visitor is cleared.

Crimes of wearers are few; a stay of anyone anywhere serves as well for the question whether ruling
out ever clears somebody who was there. Places are off as the police's are, windows as long as
theirs. Stays at home count too, but most visits are planted away from it, where the trail moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import LocalPlane, distance_m
from tipstaff.domain.periods import from_micros
from tipstaff.simulation.chance import stream
from tipstaff.simulation.offence_hours import draw_type, draw_window_s
from tipstaff.simulation.paths import HOME, MODE_NAMES, STILL, WORK
from tipstaff.simulation.police import PLACE_ERRORS_M
from tipstaff.simulation.world import World

I64 = NDArray[np.int64]

MINUTE_US: Final = 60_000_000
LEAST_S: Final = 300.0
LONGEST_S: Final = 2400.0
#: Share of the visits planted away from home, and how far a stay may wander.
AWAY_SHARE: Final = 0.8
WANDER_M: Final = 40.0


@dataclass(frozen=True, slots=True)
class Planted:
    """A crime in whose window `wearer_id` truly was at the (unstated, true) place.

    `removed`: the tag was not on the wearer for part of the visit; such visits are counted apart.
    """

    crime: Crime
    wearer_id: str
    start_us: int
    end_us: int
    away: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays as columns: rows of the true paths (first, last), and whether away from home."""

    first: I64
    last: I64
    away: NDArray[np.bool_]


def _find_stays(world: World) -> Stays:
    """Every stretch of at least five minutes that a wearer spent in one place."""
    paths = world.truth_paths
    mode = np.asarray(pc.index_in(paths["mode"], pa.array(MODE_NAMES)).to_numpy())
    wearer = paths["wearer_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    lat, lon = paths["latitude"].to_numpy(), paths["longitude"].to_numpy()
    step = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    still = np.isin(mode, (HOME, WORK, STILL))
    same = (wearer[1:] == wearer[:-1]) & (mode[1:] == mode[:-1]) & (step < WANDER_M)
    joined = np.concatenate([[False], same & still[1:] & still[:-1], [False]])
    edges = np.flatnonzero(np.diff(joined.astype(np.int8)))
    first, last = edges[0::2], edges[1::2]
    long = last - first >= LEAST_S / 60.0
    first, last = first[long], last[long]
    return Stays(first, last, mode[first] != HOME)


def _removals(world: World) -> dict[str, list[tuple[int, int]]]:
    """By wearer, when the tag was not worn."""
    wearings = world.activations.to_pylist()
    taken: dict[str, list[tuple[int, int]]] = {}
    for fault in world.faults.to_pylist():
        if fault["kind"] != "removed":
            continue
        for worn in wearings:
            ends = worn["end"]
            inside = worn["start"] <= fault["start"] and (ends is None or fault["start"] < ends)
            if worn["device_id"] == fault["device_id"] and inside:
                period = tuple(round(fault[at].timestamp() * 1e6) for at in ("start", "end"))
                taken.setdefault(worn["wearer_id"], []).append((period[0], period[1]))
    return taken


class _Planter:
    """Draws visits from a world's stays."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._rng = world, stream(seed, "planted visits", world.plan.seed)
        self._stays, self._removed = _find_stays(world), _removals(world)
        self._time = world.truth_paths["time"].cast(pa.int64()).to_numpy()

    def visit(self, number: int) -> Planted:
        """One visit, and the crime laid over it."""
        rng, stays = self._rng, self._stays
        wanted = np.flatnonzero(stays.away == (rng.random() < AWAY_SHARE))
        stay = int(rng.choice(wanted if wanted.size else np.arange(stays.first.size)))
        begin = int(self._time[stays.first[stay]])
        room_s = (int(self._time[stays.last[stay]]) - begin) / 1e6
        length_s = float(rng.uniform(LEAST_S, min(LONGEST_S, room_s)))
        start_us = begin + int(rng.uniform(0.0, room_s - length_s) * 1e6)
        end_us = start_us + int(length_s * 1e6)
        row = int(stays.first[stay]) + (start_us - begin) // MINUTE_US
        wearer = self._world.truth_paths["wearer_id"][row].as_py()
        removed = any(a < end_us and start_us < b for a, b in self._removed.get(wearer, []))
        crime = self._crime(number, row, start_us, end_us)
        return Planted(crime, wearer, start_us, end_us, bool(stays.away[stay]), removed)

    def _crime(self, number: int, row: int, start_us: int, end_us: int) -> Crime:
        rng, paths = self._rng, self._world.truth_paths
        plane = LocalPlane(paths["latitude"][row].as_py(), paths["longitude"][row].as_py())
        sigma = PLACE_ERRORS_M[0 if rng.random() < PLACE_ERRORS_M[0][0] else 1][1]
        latitude, longitude = plane.to_degrees(*rng.normal(0.0, sigma, 2))
        kind = draw_type(rng)
        origin = from_micros(start_us)
        first, last = draw_window_s(rng, kind, 0.0, (end_us - start_us) / 1e6)
        return Crime(
            force=self._world.plan.force,
            reference=f"PLANTED/{number}",
            version=1,
            crime_type=kind.value,
            start=origin + timedelta(seconds=float(first)),
            end=origin + timedelta(seconds=float(last)),
            latitude=float(latitude),
            longitude=float(longitude),
        )


def plant_visits(world: World, count: int, seed: int) -> list[Planted]:
    """`count` visits of five to forty minutes by the wearers of a world; the same for one seed."""
    planter = _Planter(world, seed)
    return [planter.visit(number) for number in range(count)]
