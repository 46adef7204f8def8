"""Everything that is watched for many wearers, made ready for the columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from tipstaff.monitoring.outline_rows import OutlineRows
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import PresenceNumbers
from tipstaff.monitoring.presence_columns import I64, PresenceJobs
from tipstaff.monitoring.presence_jobs import addresses_of, presence_jobs, presence_numbers
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch, Watch, ZoneWatch
from tipstaff.monitoring.zone_columns import ZoneJobs, ZoneNumbers
from tipstaff.monitoring.zone_jobs import zone_jobs, zone_numbers

_W = TypeVar("_W", bound=Watch)
_ZONES: Final[tuple[type[ZoneWatch], ...]] = (ZoneWatch,)
_PRESENCES: Final[tuple[type[CurfewWatch | AttendanceWatch], ...]] = (CurfewWatch, AttendanceWatch)


@dataclass(frozen=True, slots=True, repr=False)
class JobPlaces:
    """Of each job its wearer, its place among the wearer's watches, and its condition."""

    wearer: I64
    position: I64
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Fleet:
    """The watches of many wearers as jobs of each kind, with the numbers of the rules.

    `digest` names what states of these jobs mean: they are of no use to other jobs. Periods are
    not in it, since they are added to as time goes on. `addresses` are numbers of home units'.
    """

    wearers: int
    zones: ZoneJobs
    zone_places: JobPlaces
    zone_numbers: ZoneNumbers
    presences: PresenceJobs
    presence_places: JobPlaces
    presence_numbers: PresenceNumbers
    addresses: dict[str, int]
    digest: bytes


def fleet_of(watched: Sequence[Sequence[Watch]], parameters: EngineParameters) -> Fleet:
    """A fleet from the watches of each wearer, in their order."""
    zones, zone_places = _those(watched, _ZONES)
    curfews, presence_places = _those(watched, _PRESENCES)
    addresses = addresses_of(curfews)
    jobs = zone_jobs(zones, parameters)
    presences = presence_jobs(curfews, addresses)
    parts: list[str | np.ndarray] = [
        parameters.version, *zone_places.conditions, *presence_places.conditions, *addresses,
        zone_places.wearer, presence_places.wearer, presence_places.position, jobs.keep_in,
        jobs.needed, *_shape(jobs.outlines), presences.attends, presences.place_starts,
        presences.address, *_shape(presences.outlines),
    ]  # fmt: skip
    return Fleet(
        wearers=len(watched),
        zones=jobs,
        zone_places=zone_places,
        zone_numbers=zone_numbers(parameters),
        presences=presences,
        presence_places=presence_places,
        presence_numbers=presence_numbers(parameters),
        addresses=addresses,
        digest=_digest(parts),
    )


def _those(
    watched: Sequence[Sequence[Watch]], kinds: tuple[type[_W], ...]
) -> tuple[list[_W], JobPlaces]:
    found = [
        (wearer, position, watch)
        for wearer, watches in enumerate(watched)
        for position, watch in enumerate(watches)
        if isinstance(watch, kinds)
    ]
    places = JobPlaces(
        wearer=np.array([wearer for wearer, _, _ in found], dtype=np.int64),
        position=np.array([position for _, position, _ in found], dtype=np.int64),
        conditions=tuple(watch.condition for _, _, watch in found),
    )
    return [watch for _, _, watch in found], places


def jobs_of(places: JobPlaces, wearers: I64) -> tuple[I64, I64]:
    """The jobs of some wearers one wearer after the other, and the place of each job's wearer."""
    starts = np.searchsorted(places.wearer, wearers, side="left")
    counts = np.searchsorted(places.wearer, wearers, side="right") - starts
    place = np.repeat(np.arange(len(wearers), dtype=np.int64), counts)
    within = np.arange(len(place), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + within, place


def _shape(outlines: OutlineRows) -> list[np.ndarray]:
    return [outlines.ring_lat, outlines.ring_lon, outlines.rings, outlines.place_starts]


def _digest(parts: Iterable[str | np.ndarray]) -> bytes:
    """SHA-256 of names and arrays, each with its length before it."""
    hashed = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else np.ascontiguousarray(part).tobytes()
        hashed.update(len(content).to_bytes(8, "big") + content)
    return hashed.digest()
