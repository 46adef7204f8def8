"""All tags' reports brought together: the supplier's feed in order of upload, and its truth."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.simulation.chance import stream
from tipstaff.simulation.devices import Device
from tipstaff.simulation.faults import Fault
from tipstaff.simulation.paths import MODE_NAMES, Path
from tipstaff.simulation.people import Person
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.satellites import KIND_NAMES
from tipstaff.simulation.tables import SECOND_US, named, number, start_us, times
from tipstaff.simulation.tags import Reports
from tipstaff.simulation.upload import arrival, with_repeats

F64 = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]

#: Latitude and longitude as sent: a step of about 0.1 m.
SENT_DECIMALS: Final = 6
_MECHANISMS: Final = [Mechanism(m).name if m in {1, 4, 5, 6} else "" for m in range(7)]


class _Parts:
    """Columns collected part by part; taken out one at a time, so that memory is freed."""

    def __init__(self) -> None:
        self._parts: dict[str, list[NDArray[Any]]] = {}

    def add(self, columns: Columns) -> None:
        """Append one part."""
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(values)

    def take(self, name: str) -> NDArray[Any]:
        """The whole column, which is forgotten here."""
        return np.concatenate(self._parts.pop(name))

    def whole(self, name: str) -> NDArray[Any]:
        """The whole column, kept."""
        values = np.concatenate(self._parts[name])
        self._parts[name] = [values]
        return values


class Feed:
    """The positions of all devices."""

    def __init__(self, plan: WorldPlan, plane: LocalPlane) -> None:
        self._plan, self._plane = plan, plane
        self._start_us = start_us(plan)
        self._sent, self._truth = _Parts(), _Parts()

    def add(
        self, rng: np.random.Generator, device: Device, reports: Reports, faults: list[Fault]
    ) -> None:
        """Add what one device reported in one wearing."""
        at = arrival(rng, reports.t_s, faults)
        skewed = reports.t_s + device.skew_s
        fix_us = self._start_us + np.rint(skewed * SECOND_US).astype(np.int64)
        owner = np.full(fix_us.size, device.index, dtype=np.int32)
        lat, lon = (
            np.round(v, SENT_DECIMALS) for v in self._plane.to_degrees(reports.x, reports.y)
        )
        self._sent.add(
            {
                "device": owner,
                "fix_us": fix_us,
                "lat": lat,
                "lon": lon,
                "claimed": reports.claimed_m.astype(np.float32),
                "mechanism": reports.mechanism.astype(np.int8),
                "speed": np.round(reports.speed_mps * 3.6, 1).astype(np.float32),
                "heading": np.round(reports.heading_deg % 360).astype(np.float32),
                "satellites": reports.satellites.astype(np.float32),
                "hdop": reports.hdop.astype(np.float32),
                "recorded_us": self._start_us + at.recorded_us,
                "received_us": self._start_us + at.received_us,
                "queued_us": at.queued_us,
            }
        )
        true_lat, true_lon = self._plane.to_degrees(reports.at_x, reports.at_y)
        error = np.hypot(reports.x - reports.at_x, reports.y - reports.at_y)
        self._truth.add(
            {
                "device": owner,
                "fix_us": fix_us,
                "lat": lat,
                "lon": lon,
                "claimed": reports.claimed_m.astype(np.float32),
                "mechanism": reports.mechanism.astype(np.int8),
                "true_lat": np.round(true_lat, 7),
                "true_lon": np.round(true_lon, 7),
                "error": np.round(error, 2).astype(np.float32),
                "kind": reports.kind.astype(np.int8),
            }
        )

    def positions(self, devices: list[Device]) -> pa.Table:
        """Tipstaff's position file, late and repeated rows in the order in which they came."""
        sent, names = self._sent, [device.device_id for device in devices]
        queued, owner, fix = sent.take("queued_us"), sent.whole("device"), sent.whole("fix_us")
        rows, queue = with_repeats(stream(self._plan.seed, "repeats"), queued)
        order = rows[np.lexsort((fix[rows], owner[rows], queue))]
        del queued, rows, queue, owner, fix

        def plain(name: str, decimals: int) -> pa.Array:
            return number(np.round(sent.take(name)[order].astype(np.float64), decimals))

        columns = {
            "device_id": named(sent.take("device")[order], names),
            "fix_time": times(sent.take("fix_us")[order]),
            "latitude": pa.array(sent.take("lat")[order]),
            "longitude": pa.array(sent.take("lon")[order]),
            "precision_m": plain("claimed", 0),
            "mechanism": named(sent.take("mechanism")[order], _MECHANISMS),
            "speed_kmh": plain("speed", 1),
            "direction_deg": plain("heading", 0),
            "satellites": plain("satellites", 0).cast(pa.int16()),
            "hdop": plain("hdop", 1),
            "recorded_time": times(sent.take("recorded_us")[order]),
            "received_time": times(sent.take("received_us")[order]),
        }
        return pa.table(columns)

    def truth(self, devices: list[Device]) -> pa.Table:
        """Where the wearer truly was at each unique fix, by device and stated time."""
        truth, names = self._truth, [device.device_id for device in devices]
        rank = np.argsort(np.argsort(np.array(names)))
        owner, fix = truth.take("device"), truth.take("fix_us")
        order = np.lexsort((fix, rank[owner]))
        return pa.table(
            {
                "device_id": named(owner[order], names),
                "fix_time": times(fix[order]),
                "latitude": pa.array(truth.take("lat")[order]),
                "longitude": pa.array(truth.take("lon")[order]),
                "precision_m": number(truth.take("claimed")[order].astype(np.float64)),
                "mechanism": named(truth.take("mechanism")[order], _MECHANISMS),
                "true_latitude": pa.array(truth.take("true_lat")[order]),
                "true_longitude": pa.array(truth.take("true_lon")[order]),
                "error_m": number(np.round(truth.take("error")[order].astype(np.float64), 2)),
                "error_kind": named(truth.take("kind")[order], list(KIND_NAMES)),
            }
        )


class PathTable:
    """Every wearer's true position at every whole minute."""

    def __init__(self, plan: WorldPlan, plane: LocalPlane) -> None:
        self._plan, self._plane = plan, plane
        self._parts = _Parts()
        self._minutes_s: F64 = 60.0 * np.arange(plan.span_s // 60)

    def add(self, person: Person, path: Path) -> None:
        """Add one wearer."""
        x, y, knot = path.at(self._minutes_s)
        lat, lon = (np.round(v, 7) for v in self._plane.to_degrees(x, y))
        self._parts.add(
            {
                "wearer": np.full(x.size, person.index, dtype=np.int32),
                "lat": lat,
                "lon": lon,
                "indoors": path.sky[knot] > 0,
                "mode": path.mode[knot].astype(np.int8),
            }
        )

    def table(self, people: list[Person]) -> pa.Table:
        """The table, by wearer in order of making, then time."""
        minutes = start_us(self._plan) + (self._minutes_s * SECOND_US).astype(np.int64)
        parts = self._parts
        return pa.table(
            {
                "wearer_id": named(parts.take("wearer"), [p.wearer_id for p in people]),
                "time": times(np.tile(minutes, len(people))),
                "latitude": pa.array(parts.take("lat")),
                "longitude": pa.array(parts.take("lon")),
                "indoors": pa.array(parts.take("indoors")),
                "mode": named(parts.take("mode"), list(MODE_NAMES)),
            }
        )
