"""From ordered rows to `Trails`: no duplicates, one row speaking for each device and instant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.accuracy import to_nominal_radius
from tipstaff.matching.clocks import doubtful_clocks
from tipstaff.matching.trails import DOUBT_CLOCK, DOUBT_CONFLICT, Trails

I64 = NDArray[np.int64]

COLUMNS: Final = (
    "wearer_no",
    "device_key",
    "t_us",
    "lat_e7",
    "lon_e7",
    "precision_cm",
    "precision_level_pct",
    "mechanism",
    "recorded_us",
    "received_us",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Trails with the device of each fix, and what was found on the way.

    `digest`: SHA-256 over the wearers' names and the ordered rows; `duplicates`: equal contents;
    `conflicts`: further contents for a device and instant that already had one.
    """

    trails: Trails
    device_key: I64
    digest: str
    rows: int
    duplicates: int
    conflicts: int


_RADII_A_TIME: Final = 1 << 20
#: As narrow as the values allow: a nation's day is eighteen million rows.
_KEPT_AS: Final = {
    "wearer_no": np.int32,
    "device_key": np.int64,
    "t_us": np.int64,
    "lat_e7": np.int32,
    "lon_e7": np.int32,
    "precision_cm": np.int32,
    "precision_level_pct": np.int8,
    "mechanism": np.int8,
    "recorded_us": np.int64,
    "received_us": np.int64,
}
#: Columns that name an instant of a device.
_INSTANT: Final = ("wearer_no", "t_us", "device_key")


class _Speaking:
    """Batch by batch: which rows begin an instant of a device, and which differ from the last."""

    def __init__(self) -> None:
        self._last: dict[str, NDArray[Any]] = {}

    def __call__(
        self, rows: dict[str, NDArray[Any]]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        n = len(rows["t_us"])
        before = {
            name: np.concatenate([self._last.get(name, rows[name][:1]), rows[name][:-1]])
            for name in (*_INSTANT, "content")
        }
        same = np.ones(n, np.bool_)
        for name in _INSTANT:
            same &= rows[name] == before[name]
        if not self._last:
            same[:1] = False
        self._last = {name: rows[name][-1:].copy() for name in before}
        return ~same, same & (rows["content"] != before["content"])


@dataclass(slots=True)
class _Gathered:
    """What is kept of the batches: the rows that speak, and those of them with another content."""

    parts: dict[str, list[NDArray[Any]]]
    conflicts: list[I64]
    rows: int = 0
    total: int = 0
    differing: int = 0


def _gather(batches: Iterable[pa.RecordBatch]) -> _Gathered:
    speaking = _Speaking()
    out = _Gathered({name: [] for name in COLUMNS}, [])
    for batch in batches:
        if not batch.num_rows:
            continue
        rows = {
            name: batch.column(name).to_numpy(zero_copy_only=False)
            for name in (*COLUMNS, "content")
        }
        begins, differs = speaking(rows)
        instant = out.rows + np.cumsum(begins) - 1
        out.conflicts.append(instant[differs])
        for name, kept_as in _KEPT_AS.items():
            out.parts[name].append(rows[name][begins].astype(kept_as))
        out.rows += int(begins.sum())
        out.total += batch.num_rows
        out.differing += int(differs.sum())
    return out


def _joined(gathered: _Gathered) -> dict[str, NDArray[Any]]:
    """Whole columns; each one's parts go as soon as they are joined."""
    return {
        name: np.concatenate([np.zeros(0, kept_as), *gathered.parts.pop(name)])
        for name, kept_as in _KEPT_AS.items()
    }


def _clock_doubts(rows: dict[str, NDArray[Any]], offsets: I64) -> NDArray[np.bool_]:
    """Doubt about clocks, worked out for each device on each wearer."""
    out = np.zeros(len(rows["t_us"]), np.bool_)
    for low, high in pairwise(offsets.tolist()):
        keys = rows["device_key"][low:high]
        order = np.argsort(keys, kind="stable")  # time order stays within each
        begins = np.flatnonzero(np.diff(keys[order], prepend=-1 - keys[order[:1]]))
        t_us, recorded, received = (
            rows[name][low:high][order] for name in ("t_us", "recorded_us", "received_us")
        )
        devices = np.append(begins, high - low)
        out[low + order] = doubtful_clocks(devices, t_us, recorded, received)
    return out


def _radii(rows: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Claimed radii brought to the 95% level, NaN where not stated."""
    out = np.full(len(rows["t_us"]), np.nan)
    for low in range(0, len(out), _RADII_A_TIME):
        own = slice(low, low + _RADII_A_TIME)
        stated = rows["precision_cm"][own]
        level = np.clip(rows["precision_level_pct"][own] / 100.0, 0.01, 0.99)
        radius = to_nominal_radius(np.maximum(stated, 0) / 100.0, level)
        out[own] = np.where(stated >= 0, radius, np.nan)
    return out


def _digest(wearers: tuple[str, ...], rows: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256("\0".join(wearers).encode())
    for name in COLUMNS:
        if name != "device_key":
            digest.update(np.ascontiguousarray(rows[name], dtype=np.int64).data)
    return digest.hexdigest()


def load(
    batches: Iterable[pa.RecordBatch],
    wearers: tuple[str, ...],
    active: tuple[I64, I64, I64],
) -> Loaded:
    """Make trails of the rows of `plan.ORDERED_FIXES`.

    `active`: offsets (W + 1,), starts and ends (A,) of each wearer's activations in microseconds.
    """
    gathered = _gather(batches)
    rows = _joined(gathered)
    offsets = np.searchsorted(rows["wearer_no"], np.arange(len(wearers) + 1)).astype(np.int64)
    digest = _digest(wearers, rows)
    doubt = np.zeros(gathered.rows, np.int8)
    for instants in gathered.conflicts:
        doubt[instants] = DOUBT_CONFLICT
    doubt[_clock_doubts(rows, offsets)] |= DOUBT_CLOCK
    trails = Trails(
        wearers=wearers,
        offsets=offsets,
        t_us=rows["t_us"],
        lat_e7=rows["lat_e7"],
        lon_e7=rows["lon_e7"],
        radius_m=_radii(rows),
        mechanism=rows["mechanism"],
        doubt=doubt,
        active_offsets=active[0],
        active_from_us=active[1],
        active_to_us=active[2],
    )
    return Loaded(
        trails,
        rows["device_key"],
        digest,
        gathered.rows,
        gathered.total - gathered.rows - gathered.differing,
        gathered.differing,
    )
