"""What a match reads, made ready: fixes with keys, wearers in order, who wore what when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.fixes import CONTENT_SCHEMA, TIMESTAMP
from tipstaff.domain.periods import to_micros

I64 = NDArray[np.int64]
FOREVER_US: Final = 32_503_680_000_000_000  # the year 3000: "still active"

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


def keyed_fixes(tables: Iterable[pa.Table]) -> tuple[pa.Table, tuple[str, ...]]:
    """Fixes by device id (`POSITION_SCHEMA`) with ordinal keys; the devices in that order.

    The key of a device is its place among all devices in order, so it does not depend on which
    row came first.
    """
    seen: dict[str, int] = {}
    parts = []
    for table in tables:
        ids = pc.dictionary_encode(table.column("device_id")).combine_chunks()
        names = ids.dictionary.to_pylist() if len(table) else []
        own = np.array([seen.setdefault(name, len(seen)) for name in names], dtype=np.int64)
        index = ids.indices.to_numpy(zero_copy_only=False) if len(table) else np.zeros(0, np.int64)
        parts.append((own[index], table.drop_columns(["device_id"])))
    devices = tuple(sorted(seen))
    rank = np.zeros(len(seen), np.int64)
    for place, name in enumerate(devices):
        rank[seen[name]] = place
    keyed = [
        table.add_column(0, CONTENT_SCHEMA.field("device_key"), pa.array(rank[key]))
        for key, table in parts
    ]
    fixes = pa.concat_tables(keyed) if keyed else CONTENT_SCHEMA.empty_table()
    return fixes.cast(CONTENT_SCHEMA), devices


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


def each_device_a_wearer(fixes: pa.Table, devices: tuple[str, ...]) -> Worn:
    """Without activations each device is its own wearer from its first fix to its last."""
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
