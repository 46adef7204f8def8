"""The world that the county lives in: simulated, and cut at the moments when tags were changed.

What lies before the change is history, in a file as a supplier hands it over. What comes after it
comes in message by message, and is watched from two days later on; what is still to come is sent
while one looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tipstaff.domain.device_clocks import clock_fault
from tipstaff.domain.geodesy import LocalPlane, distance_m
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import MessageKind, Received, digest_of
from tipstaff.domain.zones import Place

F64 = NDArray[np.float64]
SUPPLIER: Final = "tipstaff"
FEED: Final = "json"
_MECHANISMS: Final = {"GPS": 1, "RF": 4, "LBS": 5, "WIFI": 6}
_NIGHT: Final = range(1, 5)
_ZONE_M: Final = 180.0
#: How much of the nights somebody is at home who keeps them.
_KEPT: Final = 0.93
#: Tags were changed so long before the watching began: who wore the old ones is watched no more.
_SWAPPED: Final = timedelta(hours=50)


@dataclass(frozen=True, slots=True)
class CountyPlan:
    """How big the county is: `watched` days of it are watched, the rest is history."""

    wearers: int = 20
    days: int = 56
    watched: int = 7
    crimes: int = 24
    seed: int = 5


@dataclass(frozen=True, slots=True)
class County:
    """The world of a plan: who lived where, what their tags reported, what was stolen.

    `wearers` by number; `homes` their places; `cut` is when the watching begins, `swapped` when
    tags were changed before that, `old` and `new` the devices of each before and after. `keeps`:
    who spends the nights at home, so that a court could ask it of them; they come first.
    """

    plan: CountyPlan
    now: datetime
    start: datetime
    cut: datetime
    swapped: datetime
    wearers: tuple[str, ...]
    old: Mapping[str, str]
    new: Mapping[str, str]
    homes: Mapping[str, Place]
    keeps: frozenset[str]
    positions: pa.Table
    crimes: tuple[Any, ...]
    offenders: tuple[str, ...]
    streets: Mapping[str, Any]

    def history(self, path: Path) -> int:
        """Write the positions of the first tags as the supplier's file; how many."""
        table = self.positions.filter(pc.less(self.positions["fix_time"], self.swapped))
        pq.write_table(table, path)
        return int(table.num_rows)

    def messages(self, start: datetime, end: datetime) -> list[Received]:
        """What comes in from `start` up to `end`, in the order in which it comes in."""
        found = [self._message(row) for row in self._coming(start, end)]
        return sorted(found, key=lambda one: (one.received_us, one.time_us))

    def bodies(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """The same as a supplier would send it; `came` is when."""
        found = [self._body(row) for row in self._coming(start, end)]
        return sorted(found, key=lambda one: (one["came"], one["fix_time"]))

    def _body(self, row: Mapping[str, Any]) -> dict[str, Any]:
        came = max(row["received_time"] or row["fix_time"], row["fix_time"])
        body = {name: row[name] for name in ("latitude", "longitude", "precision_m", "mechanism")}
        said = {name: value for name, value in body.items() if value is not None}
        device = self.new[row["device_id"]]
        return {"came": came.timestamp(), "device_id": device,
                "fix_time": row["fix_time"].isoformat(), **said}  # fmt: skip

    def _coming(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        fixed, received = (
            pc.cast(self.positions[name], pa.int64()) for name in ("fix_time", "received_time")
        )
        came = pc.max_element_wise(received, fixed)
        chosen = pc.and_(pc.greater_equal(came, to_micros(start)), pc.less(came, to_micros(end)))
        since = pc.and_(chosen, pc.greater_equal(fixed, to_micros(self.swapped)))
        return list(self.positions.filter(since).to_pylist())

    def _message(self, row: Mapping[str, Any]) -> Received:
        came = max(row["received_time"] or row["fix_time"], row["fix_time"])
        precision = row["precision_m"]
        content = (
            round(row["latitude"] * 1e7), round(row["longitude"] * 1e7),
            None if precision is None else round(precision * 100), 95,
            _MECHANISMS.get(row["mechanism"] or "", 1), *(None,) * 6,
        )  # fmt: skip
        device = self.new[row["device_id"]]
        return _received(MessageKind.FIX, device, row["fix_time"], came, content)


def event(device: str, at: datetime, code: str, *, body: str = "{}") -> Received:
    """Something that a device says of itself, as it happens."""
    return _received(MessageKind.EVENT, device, at, at, (), code, body)


def fix(device: str, at: datetime, place: Place, *, came: datetime | None = None) -> Received:
    """A good satellite position."""
    content = (round(place.latitude * 1e7), round(place.longitude * 1e7), 800, 95, 1, *(None,) * 6)
    return _received(MessageKind.FIX, device, at, came or at, content)


def _received(
    kind: MessageKind, device: str, at: datetime, came: datetime, content: tuple[Any, ...],
    code: str | None = None, body: str | None = None,
) -> Received:  # fmt: skip
    time_us, came_us = to_micros(at), to_micros(came)
    said = content if code is None else (code, body)
    high, low = digest_of((SUPPLIER, device, kind.value, time_us, *said))
    head = (
        kind,
        time_us,
        high,
        low,
        SUPPLIER,
        device,
        FEED,
        came_us,
        clock_fault(time_us, came_us),
    )
    return Received(*head, *content) if code is None else Received(*head, code=code, body=body)


def seldom(county_positions: pa.Table, device: str, home: Place) -> Place:
    """A place some way from home where the wearer of a device seldom is, but sometimes."""
    own = county_positions.filter(pc.equal(county_positions["device_id"], device))
    latitude, longitude = (own[name].to_numpy() for name in ("latitude", "longitude"))
    found: list[tuple[int, Place]] = []
    for metres in (600.0, 900.0, 1200.0):
        for turn in range(8):
            north, east = np.cos(turn * np.pi / 4), np.sin(turn * np.pi / 4)
            lat, lon = LocalPlane(*home).to_degrees(east * metres, north * metres)
            place = Place(float(lat), float(lon))
            near = distance_m(*place, latitude, longitude) < _ZONE_M
            found.append((int(np.count_nonzero(near)), place))
    visited = [one for one in found if one[0] > 0]
    return min(visited or found)[1]


def begins(plan: CountyPlan, now: datetime) -> datetime:
    """The midnight with which the world of a plan begins."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=plan.days)


def build(plan: CountyPlan, now: datetime) -> County:
    """Simulate the world of a plan, from so many days ago to the end of tomorrow."""
    from tipstaff.simulation.world import WorldPlan, simulate

    start = begins(plan, now)
    by_wearers = plan.crimes * 2 // 3
    world = simulate(
        WorldPlan(
            seed=plan.seed, wearers=plan.wearers, days=plan.days + 2,
            crimes_by_wearers=by_wearers, crimes_by_others=plan.crimes - by_wearers,
            first_crime_day=plan.days // 2, start=start, force="Derbyshire",
        )
    )  # fmt: skip
    worn = _worn(world.activations)
    positions = _of(world.positions, worn.values())
    cut = (now - timedelta(days=plan.watched)).replace(minute=0, second=0, microsecond=0)
    lately = positions.filter(pc.greater_equal(positions["fix_time"], cut - _SWAPPED))
    nights = _nights(lately, worn.values())
    worn = dict(sorted(worn.items(), key=lambda one: nights[one[1]][1] < _KEPT))
    wearers = tuple(f"D{number:03d}" for number in range(1, len(worn) + 1))
    old = dict(zip(wearers, worn.values(), strict=True))
    homes = {wearer: nights[device][0] for wearer, device in old.items()}
    keeps = frozenset(wearer for wearer, device in old.items() if nights[device][1] >= _KEPT)
    committed = {row["wearer_id"] for row in world.truth_crimes.to_pylist()}
    offenders = tuple(name for name, own in zip(wearers, worn, strict=True) if own in committed)
    new = {device: f"N{device[1:]}" for device in old.values()}
    crimes = tuple(one for one in world.crimes if one.end < now - timedelta(hours=6))
    return County(
        plan,
        now,
        start,
        cut,
        cut - _SWAPPED,
        wearers,
        old,
        new,
        homes,
        keeps,
        positions,
        crimes,
        offenders,
        world.streets,
    )


def _worn(activations: pa.Table) -> dict[str, str]:
    """The device of each wearer: the one that they wear the longest."""
    found: dict[str, tuple[float, str]] = {}
    for row in activations.to_pylist():
        end = row["end"] or row["start"] + timedelta(days=3650)
        length = (end - row["start"]).total_seconds()
        if length > found.get(row["wearer_id"], (0.0, ""))[0]:
            found[row["wearer_id"]] = (length, row["device_id"])
    return {wearer: device for wearer, (_length, device) in sorted(found.items())}


def _of(positions: pa.Table, devices: Iterable[str]) -> pa.Table:
    return positions.filter(pc.is_in(positions["device_id"], value_set=pa.array(list(devices))))


def _nights(positions: pa.Table, devices: Iterable[str]) -> dict[str, tuple[Place, float]]:
    """Where each device mostly is in the small hours, and how much of them it is there."""
    hours = pc.hour(positions["fix_time"])
    night = positions.filter(pc.is_in(hours, value_set=pa.array(list(_NIGHT), pa.int64())))
    worn = np.array(night["device_id"].to_pylist())
    latitude, longitude = (night[name].to_numpy() for name in ("latitude", "longitude"))
    found = {}
    for device in devices:
        own = worn == device
        home = _most(latitude[own], longitude[own])
        metres = distance_m(*home, latitude[own], longitude[own])
        found[device] = (home, float(np.mean(metres < _ZONE_M)))
    return found


def _most(latitude: F64, longitude: F64) -> Place:
    """The middle of the cell of some 60 m in which most of these places lie."""
    cells = np.column_stack([np.round(latitude / 6e-4), np.round(longitude / 9e-4)])
    _every, which, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    own = which.ravel() == int(np.argmax(counts))
    return Place(float(np.median(latitude[own])), float(np.median(longitude[own])))


def batches(
    messages: Sequence[Received], step: timedelta
) -> Iterator[tuple[datetime, list[Received]]]:
    """Messages by stretches of time: the end of each, and what came in within it."""
    pending: list[Received] = []
    until = None
    for one in messages:
        came = from_micros(one.received_us)
        if until is None:
            until = came + step
        while came >= until:
            yield until, pending
            pending, until = [], until + step
        pending.append(one)
    if until is not None:
        yield until, pending


def utc_now() -> datetime:
    """Now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
