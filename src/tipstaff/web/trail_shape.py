"""What a trail looks like: its fixes in columns for the map, its gaps in words for the table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.patterns.stops import GAP_S, Stop, stops
from tipstaff.web.times import uk_time

#: Longer without a fix is a gap, and drawn dashed.
GAP: Final = timedelta(seconds=GAP_S)
#: What may be off by more than this says of no place that somebody stayed there.
_COARSE_CM: Final = 10_000.0
_CORNERS: Final = 64
_METRES_A_DEGREE: Final = 111_320.0
#: Ground metres of a pixel at zoom 0, at the equator, of tiles of 512 pixels.
_METRES_A_PIXEL: Final = 78_271.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a trail: how many fixes in it, or a gap with none."""

    start: datetime
    end: datetime
    fixes: int

    @property
    def is_gap(self) -> bool:
        """Whether nothing is known of it."""
        return self.fixes == 0


def stays(table: pa.Table) -> tuple[Stop, ...]:
    """Where somebody stayed, by positions that may be off by little; in the order of time."""
    spoken = table.filter(table["speaks"])
    off = spoken["precision_cm"].to_numpy(zero_copy_only=False).astype(float)
    near = spoken.filter(pa.array(~(off > _COARSE_CM)))
    return stops(_seconds(near), near["lat_e7"].to_numpy() / 1e7, near["lon_e7"].to_numpy() / 1e7)


def columns(table: pa.Table) -> dict[str, Any]:
    """The fixes that speak, in columns: seconds of UTC, degrees, metres (null: not said)."""
    spoken = table.filter(table["speaks"])
    radius = spoken["precision_cm"].to_numpy(zero_copy_only=False).astype(float)
    return {
        "at": _seconds(spoken).tolist(),
        "lat": (spoken["lat_e7"].to_numpy() / 1e7).tolist(),
        "lon": (spoken["lon_e7"].to_numpy() / 1e7).tolist(),
        "radius": _whole_metres(radius),
        "mechanism": spoken["mechanism"].to_pylist(),
        "gap": int(GAP.total_seconds()),
    }


def _whole_metres(off_cm: Any) -> list[int | None]:
    known = ~np.isnan(off_cm)
    metres = np.where(known, np.round(off_cm / 100), 0).astype(np.int64)
    found: list[int | None] = pa.array(metres, mask=~known).to_pylist()
    return found


def circle(latitude: float, longitude: float, radius_m: float) -> list[list[float]]:
    """A ring of longitude and latitude round a place, closed; for drawing, not for measuring."""
    north = radius_m / _METRES_A_DEGREE
    east = north / math.cos(math.radians(latitude))
    turns = [2 * math.pi * n / _CORNERS for n in range(_CORNERS + 1)]
    return [
        [longitude + east * math.cos(turn), latitude + north * math.sin(turn)] for turn in turns
    ]


def pixels_of(radius_m: float, latitude: float) -> float:
    """A radius on the ground in pixels at zoom 0, of tiles of 512 pixels."""
    return radius_m / (_METRES_A_PIXEL * math.cos(math.radians(latitude)))


def feature(shape: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """A feature of GeoJSON."""
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def place_features(
    table: pa.Table, latitude: float, longitude: float, radius_m: float
) -> dict[str, Any]:
    """A circle and the fixes found in it, as a collection of features."""
    ring = circle(latitude, longitude, radius_m)
    found = [feature("Polygon", [ring], kind="scene", words="The circle that was searched")]
    for row in table.to_pylist():
        place = [row["lon_e7"] / 1e7, row["lat_e7"] / 1e7]
        off = (row["precision_cm"] or 0) / 100
        said = f"{uk_time(row['fix_time'])}, {row['distance_m']:.0f} m away"
        found.append(
            feature("Point", place, kind="fix", words=said, pixels=pixels_of(off, place[1]))
        )
    return {"type": "FeatureCollection", "features": found}


def stretches(table: pa.Table) -> list[Stretch]:
    """The trail's stretches and the gaps between them, in the order of time."""
    at = _seconds(table.filter(table["speaks"]))
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > GAP.total_seconds()) + 1
    told: list[Stretch] = []
    for piece in np.split(at, cuts):
        start, end = _instant(piece[0]), _instant(piece[-1])
        if told:
            told.append(Stretch(told[-1].end, start, 0))
        told.append(Stretch(start, end, len(piece)))
    return told


def _seconds(table: pa.Table) -> Any:
    micros = pc.cast(table["fix_time"], pa.int64()).to_numpy()
    return micros // 1_000_000


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(int(second), UTC)
