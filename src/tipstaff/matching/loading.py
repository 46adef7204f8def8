"""From ordered rows to `Trails`: no duplicates, one row speaking for each device and instant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
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


def _speaking(rows: dict[str, NDArray[Any]]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows begin an instant of a device, and which are a further content of one."""
    n = len(rows["t_us"])
    begins, differs = np.ones(n, np.bool_), np.zeros(n, np.bool_)
    if n:
        same = np.ones(n - 1, np.bool_)
        for name in ("wearer_no", "t_us", "device_key"):
            same &= rows[name][1:] == rows[name][:-1]
        begins[1:] = ~same
        differs[1:] = same & (rows["content"][1:] != rows["content"][:-1])
    return begins, differs


def _kept(batch: pa.RecordBatch) -> dict[str, NDArray[Any]]:
    return {
        name: batch.column(name).to_numpy(zero_copy_only=False) for name in (*COLUMNS, "content")
    }


def _clock_doubts(rows: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Doubt about clocks, worked out for each device on each wearer."""
    order = np.argsort(rows["device_key"], kind="stable")  # time order stays within both
    keys, owners = rows["device_key"][order], rows["wearer_no"][order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    offsets = np.append(np.flatnonzero(new), len(keys)).astype(np.int64)
    out = np.zeros(len(keys), np.bool_)
    out[order] = doubtful_clocks(
        offsets, rows["t_us"][order], rows["recorded_us"][order], rows["received_us"][order]
    )
    return out


def _digest(wearers: tuple[str, ...], rows: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256("\0".join(wearers).encode())
    for name in COLUMNS:
        if name != "device_key":
            digest.update(np.ascontiguousarray(rows[name], dtype=np.int64).tobytes())
    return digest.hexdigest()


def load(
    batches: Iterable[pa.RecordBatch],
    wearers: tuple[str, ...],
    active: tuple[I64, I64, I64],
) -> Loaded:
    """Make trails of the rows of `plan.ORDERED_FIXES`.

    `active`: offsets (W + 1,), starts and ends (A,) of each wearer's activations in microseconds.
    """
    parts: list[dict[str, NDArray[Any]]] = [_kept(batch) for batch in batches]
    names = (*COLUMNS, "content")
    rows = {
        name: np.concatenate([p[name] for p in parts]) if parts else np.zeros(0, np.int64)
        for name in names
    }
    del parts
    begins, differs = _speaking(rows)
    instant = np.cumsum(begins) - 1
    conflict = np.zeros(int(begins.sum()), np.bool_)
    conflict[instant[differs]] = True
    total = len(begins)
    rows = {name: column[begins] for name, column in rows.items() if name != "content"}
    doubt = np.where(conflict, DOUBT_CONFLICT, 0) | np.where(_clock_doubts(rows), DOUBT_CLOCK, 0)
    stated = rows["precision_cm"] >= 0
    level = np.clip(rows["precision_level_pct"] / 100.0, 0.01, 0.99)
    radius = np.where(
        stated, to_nominal_radius(np.maximum(rows["precision_cm"], 0) / 100.0, level), np.nan
    )
    trails = Trails(
        wearers=wearers,
        offsets=np.searchsorted(rows["wearer_no"], np.arange(len(wearers) + 1)).astype(np.int64),
        t_us=rows["t_us"].astype(np.int64),
        lat_e7=rows["lat_e7"].astype(np.int32),
        lon_e7=rows["lon_e7"].astype(np.int32),
        radius_m=radius,
        mechanism=rows["mechanism"].astype(np.int8),
        doubt=doubt.astype(np.int8),
        active_offsets=active[0],
        active_from_us=active[1],
        active_to_us=active[2],
    )
    return Loaded(
        trails,
        rows["device_key"].astype(np.int64),
        _digest(wearers, rows),
        len(begins[begins]),
        int(total - len(begins[begins]) - differs.sum()),
        int(differs.sum()),
    )
