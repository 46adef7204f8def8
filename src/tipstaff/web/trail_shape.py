"""What a trail looks like: its fixes in columns for the map, its gaps in words for the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Longer without a fix is a gap, and drawn dashed.
GAP: Final = timedelta(minutes=5)


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


def columns(table: pa.Table) -> dict[str, Any]:
    """The fixes that speak, in columns: seconds of UTC, degrees, metres (null: not said)."""
    spoken = table.filter(table["speaks"])
    radius = spoken["precision_cm"].to_numpy(zero_copy_only=False).astype(float)
    return {
        "at": _seconds(spoken).tolist(),
        "lat": (spoken["lat_e7"].to_numpy() / 1e7).tolist(),
        "lon": (spoken["lon_e7"].to_numpy() / 1e7).tolist(),
        "radius": [None if np.isnan(one) else round(one / 100) for one in radius],
        "mechanism": spoken["mechanism"].to_pylist(),
        "gap": int(GAP.total_seconds()),
    }


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
