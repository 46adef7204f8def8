"""What a match reads, made ready: wearers in order, who wore what when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.domain.periods import to_micros

I64 = NDArray[np.int64]

PERIOD_SCHEMA: Final = pa.schema(
    [
        pa.field("device_key", pa.int64(), nullable=False),
        pa.field("wearer_no", pa.int32(), nullable=False),
        pa.field("active_from", TIMESTAMP, nullable=False),
        pa.field("active_to", TIMESTAMP, nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class WornPeriod:
    """A wearer wore a device from `start_us` up to, not including, `end_us` (microseconds)."""

    device_key: int
    wearer: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Worn:
    """Who wore what: wearers in order, the table the engine joins, and periods by wearer.

    `active`: offsets (W + 1,), starts and ends (A,) in the order of wearer and start.
    """

    wearers: tuple[str, ...]
    table: pa.Table
    active: tuple[I64, I64, I64]


def worn(periods: Iterable[WornPeriod]) -> Worn:
    """Put periods of wearing in order."""
    ordered = sorted(periods, key=lambda p: (p.wearer, p.start_us, p.end_us, p.device_key))
    wearers = tuple(sorted({p.wearer for p in ordered}))
    number = {name: i for i, name in enumerate(wearers)}
    owner = np.array([number[p.wearer] for p in ordered], dtype=np.int64)
    start = np.array([p.start_us for p in ordered], dtype=np.int64)
    end = np.array([p.end_us for p in ordered], dtype=np.int64)
    table = pa.table(
        [
            pa.array([p.device_key for p in ordered], pa.int64()),
            pa.array(owner, pa.int32()),
            pa.array(start, TIMESTAMP),
            pa.array(end, TIMESTAMP),
        ],
        schema=PERIOD_SCHEMA,
    )
    offsets = np.searchsorted(owner, np.arange(len(wearers) + 1)).astype(np.int64)
    return Worn(wearers, table, (offsets, start, end))


def each_device_a_wearer(fixes: pa.Table, devices: Mapping[int, str]) -> Worn:
    """Without activations each device is its own wearer from its first fix to its last.

    `fixes` with `device_key` and `fix_time`; `devices` names them by key.
    """
    spans = (
        fixes.group_by("device_key")
        .aggregate([("fix_time", "min"), ("fix_time", "max")])
        .to_pylist()
    )
    return worn(
        WornPeriod(
            row["device_key"],
            devices[row["device_key"]],
            to_micros(row["fix_time_min"]),
            to_micros(row["fix_time_max"]) + 1,
        )
        for row in spans
    )
