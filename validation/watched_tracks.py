"""Real tracks beside drawn zones: what detectors tell of fixes that somebody really had.

- *A drive and two phones at rest* have their true positions beside them: they judge an alert.
- *Buses* have none. The full track, as the line between its fixes, stands in for the truth; every
  third fix is what is judged. Both come of the same receiver: what is wrong in the full track is
  wrong in the "truth" too, so these are counts of disagreement and no error rates.

Fixes are thinned to the pace of a tag, about one a minute. Zones are circles laid beside the tracks
by a seed; nobody was forbidden anything.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, Level
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.zones import Circle, Harm, Place
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.replay import WornFixes, replayed
from tipstaff.monitoring.watches import ZoneWatch
from validation.watched_alerts import Judged, alerts_of, judged, without_lines
from validation.watched_detectors import CONDITION, NAIVE, Fixes, breaches_told, told_of_points

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED: Final = 17
ZONES: Final = 60
RADII_M: Final = (40.0, 120.0)
BESIDE_M: Final = 90.0
#: The pace of a tag, and that of the columns "truth" is asked at.
EVERY_S: Final = 60
GPS: Final = 1
OURS: Final = ("ours", "ours, without lines")


@dataclass(frozen=True, slots=True)
class Track:
    """One real track: its fixes, and where it truly was or is taken to have been, on a plane.

    `radius_m` is NaN where none is stated. `true_*` are at `true_us`, in order.
    """

    name: str
    plane: LocalPlane
    at_us: I64
    latitude: F64
    longitude: F64
    radius_m: F64
    true_us: I64
    true_x: F64
    true_y: F64


def tracks_with_truth() -> Iterator[Track]:
    """The drive and the phones, each thinned from every tenth second on."""
    folder = DATA / "gps-ground-truth"
    yield from _with_truth(folder / "ublox_f9k_vs_span.csv", "time_utc", None, "drive")
    yield from _with_truth(folder / "nexus_stationary.csv", "time_utc", "session", "at rest")


def _with_truth(path: Path, time: str, session: str | None, name: str) -> Iterator[Track]:
    rows = _rows(path)
    for group in sorted({row[session] if session else "" for row in rows}):
        own = [row for row in rows if not session or row[session] == group]
        at_us = np.array([_micros(row[time]) for row in own])
        lat, lon, true_lat, true_lon = (
            _numbers(own, n) for n in ("latitude", "longitude", "truth_latitude", "truth_longitude")
        )
        radius = _numbers(own, "accuracy_m") if session else np.full(len(own), np.nan)
        plane = LocalPlane(float(true_lat[0]), float(true_lon[0]))
        x, y = plane.to_plane(true_lat, true_lon)
        for phase in range(0, EVERY_S, 10):
            some = np.flatnonzero((at_us // 1_000_000) % EVERY_S == phase)
            if some.size:
                yield Track(
                    name, plane, at_us[some], lat[some], lon[some], radius[some],
                    at_us, np.asarray(x), np.asarray(y),
                )  # fmt: skip


def bus_tracks() -> Iterator[Track]:
    """Each bus: every third fix, beside the line of all of them."""
    rows = _rows(DATA / "liverpool-bus" / "route14_outbound.csv")
    for vehicle in sorted({row["vehicle_id"] for row in rows}):
        own = sorted((r for r in rows if r["vehicle_id"] == vehicle), key=lambda r: r["timestamp"])
        at_us = np.array([_micros(row["timestamp"].replace(" ", "T") + "+00:00") for row in own])
        fresh = np.flatnonzero(np.diff(at_us, prepend=-1) > 0)
        at_us = at_us[fresh]
        lat, lon = (_numbers(own, name)[fresh] for name in ("latitude", "longitude"))
        plane = LocalPlane(float(lat[0]), float(lon[0]))
        x, y = plane.to_plane(lat, lon)
        asked = np.arange(at_us[0], at_us[-1], 2_000_000)
        yield Track(
            "bus", plane, at_us[::3], lat[::3], lon[::3], np.full(len(at_us[::3]), np.nan),
            asked, np.interp(asked, at_us, x), np.interp(asked, at_us, y),
        )  # fmt: skip


def judged_track(track: Track, parameters: EngineParameters) -> dict[str, list[Judged]]:
    """What the naive detectors and the engine (`OURS`) tell of zones beside a track."""
    fixes = _fixes(track)
    zones = _zones(track)
    out: dict[str, list[Judged]] = {name: [] for name in (*NAIVE, *OURS)}
    ours = _by_engine(track, fixes, zones, parameters)
    for (x, y, radius), found in zip(zones, ours, strict=True):
        ground = shapely.Point(x, y).buffer(radius, quad_segs=16)
        truth = _stretches(track, ground)
        told = {name: list(told_of_points(name, fixes, ground)) for name in NAIVE}
        told |= dict(zip(OURS, (found, without_lines(found)), strict=True))
        for name, own in told.items():
            alerts = alerts_of(own, fixes.at_us, int(fixes.at_us[-1]), Level.SUSPECTED)
            out[name].append(judged(alerts, truth, fixes.at_us))
    return out


def _fixes(track: Track) -> Fixes:
    lat, lon = (np.rint(v * 1e7).astype(np.int64) for v in (track.latitude, track.longitude))
    radius = np.where(np.isnan(track.radius_m), -1, np.rint(100 * np.nan_to_num(track.radius_m)))
    x, y = track.plane.to_plane(track.latitude, track.longitude)
    return Fixes(
        track.at_us, lat, lon, np.full(lat.size, GPS), radius.astype(np.int64), np.asarray(x),
        np.asarray(y), track.radius_m,
    )  # fmt: skip


def _zones(track: Track) -> list[tuple[float, float, float]]:
    """(east, north, radius) of circles about places of the track, moved aside by chance."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    place = generator.integers(0, track.true_x.size, ZONES)
    aside = generator.normal(0.0, BESIDE_M, (2, ZONES))
    radius = generator.uniform(*RADII_M, ZONES)
    x, y = track.true_x[place] + aside[0], track.true_y[place] + aside[1]
    return list(zip(x.tolist(), y.tolist(), radius.tolist(), strict=True))


def _by_engine(
    track: Track, fixes: Fixes, zones: Sequence[tuple[float, float, float]], p: EngineParameters
) -> list[list[Finding]]:
    """One wearer for each zone, all with the same fixes."""
    span = (int(fixes.at_us[0]) - 1, int(fixes.at_us[-1]))
    n, rows = fixes.at_us.size, len(zones)
    columns = (fixes.at_us, fixes.lat_e7, fixes.lon_e7, fixes.mechanism, fixes.radius_cm)
    worn = WornFixes(np.repeat(np.arange(rows), n), *(np.tile(c, rows) for c in columns))
    watched = []
    for x, y, radius in zones:
        latitude, longitude = track.plane.to_degrees(x, y)
        shape = Circle(Place(float(latitude), float(longitude)), radius)
        periods = ((span[0], span[1] + 1),)
        watched.append([ZoneWatch(CONDITION, False, Harm.MEDIUM, outline_of(shape), periods)])
    return [breaches_told(own) for own in replayed(worn, watched, p, span)]


def _stretches(track: Track, ground: shapely.Polygon) -> F64:
    there = np.concatenate(
        [[False], shapely.contains_xy(ground, track.true_x, track.true_y), [False]]
    )
    turns = np.flatnonzero(np.diff(there.astype(np.int8))).reshape(-1, 2)
    last = track.true_us.size - 1
    return np.column_stack(
        [track.true_us[turns[:, 0]], track.true_us[np.minimum(turns[:, 1], last)]]
    ).astype(np.float64)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _numbers(rows: Sequence[dict[str, str]], name: str) -> F64:
    return np.array([float(row[name] or "nan") for row in rows])


def _micros(text: str) -> int:
    at = datetime.fromisoformat(text)
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1e6)
