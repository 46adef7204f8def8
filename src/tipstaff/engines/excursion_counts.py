"""Counting excursions in a simulated world, for the table by which trails exclude.

A simulated world says where each fix truly was taken. Left out: tags that were not worn, since an
exclusion speaks of a tag that was; and fixes beyond the region of their own radius, which are the
business of the removals (see `matching.excursions`). It reads no data about anybody, so there is
nothing to audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import distance_m, to_e7
from tipstaff.matching.excursions import count_excursions
from tipstaff.matching.trails import Trails
from tipstaff.matching.trust import TrustParameters, judge_fixes
from tipstaff.simulation.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

_STILL_WORN_US: Final = 32_503_680_000_000_000  # the year 3000


@dataclass(frozen=True, slots=True)
class TrueTrails:
    """Trails with the truth behind each fix: where it was taken, and whether the tag was worn."""

    trails: Trails
    latitude: F64
    longitude: F64
    worn: NDArray[np.bool_]


def _micros(column: pa.ChunkedArray) -> I64:
    return np.asarray(pc.fill_null(column.cast(pa.int64()), _STILL_WORN_US).to_numpy())


def _owners(world: World, wearers: list[str]) -> I64:
    """The wearer of each true fix, by number; -1: nobody's."""
    fixes, worn = world.truth_fixes, world.activations
    device = fixes["device_id"].combine_chunks().dictionary_encode()
    names = device.dictionary.to_pylist()
    code, t_us = device.indices.to_numpy(), _micros(fixes["fix_time"])
    owner = np.full(t_us.size, -1, dtype=np.int64)
    periods = zip(_micros(worn["start"]), _micros(worn["end"]), strict=True)
    whose = zip(worn["device_id"].to_pylist(), worn["wearer_id"].to_pylist(), strict=True)
    for (device_id, wearer), (start, end) in zip(whose, periods, strict=True):
        if device_id in names:
            inside = (code == names.index(device_id)) & (t_us >= start) & (t_us < end)
            owner[inside] = wearers.index(wearer)
    return owner


def true_trails(world: World) -> TrueTrails:
    """The trails of a world, without what only the match needs: doubts and activations."""
    wearers = sorted(set(world.activations["wearer_id"].to_pylist()))
    fixes, owner = world.truth_fixes, _owners(world, wearers)
    order = np.lexsort((_micros(fixes["fix_time"]), owner))
    order = order[owner[order] >= 0]

    def column(name: str) -> NDArray[Any]:
        values = fixes[name].cast(pa.float64()).to_numpy()
        return np.asarray(values[order], dtype=np.float64)

    codes = [int(Mechanism[name]) if name else 0 for name in fixes["mechanism"].to_pylist()]
    kind = np.array(fixes["error_kind"].to_pylist())[order]
    none = np.zeros(0, dtype=np.int64)
    trails = Trails(
        wearers=tuple(wearers),
        offsets=np.searchsorted(owner[order], np.arange(len(wearers) + 1)).astype(np.int64),
        t_us=_micros(fixes["fix_time"])[order],
        lat_e7=to_e7(column("latitude")),
        lon_e7=to_e7(column("longitude")),
        radius_m=column("precision_m"),
        mechanism=np.array(codes, dtype=np.int8)[order],
        doubt=np.zeros(order.size, dtype=np.int8),
        active_offsets=np.zeros(len(wearers) + 1, dtype=np.int64),
        active_from_us=none,
        active_to_us=none,
    )
    worn = kind != "removed"
    return TrueTrails(trails, column("true_latitude"), column("true_longitude"), worn)


def count_world(world: World, model: ErrorModel, trust: TrustParameters) -> I64:
    """The excursions of one world, as `matching.excursions.count_excursions` counts them."""
    true = true_trails(world)
    trails = true.trails
    judged = judge_fixes(trails, model, trust)
    off = distance_m(trails.lat_e7 / 1e7, trails.lon_e7 / 1e7, true.latitude, true.longitude)
    used = true.worn & (off <= judged.region_m)
    return count_excursions(trails, judged, used, true.latitude, true.longitude)
