"""Fixes of position files alone, without an archive: in memory, devices numbered in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import Period
from tipstaff.formats.positions import PositionBatch
from tipstaff.formats.positions_files import FileFault


@dataclass(frozen=True, slots=True)
class LooseFixes:
    """What was kept of a file: fixes by `CONTENT_SCHEMA`, and the devices' names by their keys."""

    table: pa.Table
    names: dict[int, str]
    quarantined: dict[str, int] = field(default_factory=dict)
    fault: FileFault | None = None

    @property
    def keys(self) -> dict[str, int]:
        """Device id → key."""
        return {name: key for key, name in self.names.items()}


def gather(
    batches: Iterable[PositionBatch],
    period: Period,
    devices: frozenset[str] | None = None,
    progress: Callable[[int], None] = lambda _bytes: None,
) -> LooseFixes:
    """Keep the fixes in `period` (of some `devices`); `progress` is told the bytes done.

    Keys follow the devices' names in order, so they do not depend on which row came first.
    """
    kept: list[pa.Table] = []
    counts: Counter[str] = Counter()
    fault: FileFault | None = None
    for batch in batches:
        counts.update(batch.quarantined["reason"].to_pylist())
        fault = fault or batch.fault
        kept.append(_wanted(batch.accepted, period, devices))
        progress(batch.bytes_done)
    return _numbered(kept, dict(sorted(counts.items())), fault)


def _wanted(table: pa.Table, period: Period, devices: frozenset[str] | None) -> pa.Table:
    times = table["fix_time"]
    inside: Any = pc.and_(
        pc.greater_equal(times, pa.scalar(period.start, times.type)),
        pc.less(times, pa.scalar(period.end, times.type)),
    )
    if devices is not None:
        names = pa.array(sorted(devices), pa.string())
        inside = pc.and_(inside, pc.is_in(table["device_id"], value_set=names))
    return table.filter(inside)


def _numbered(
    kept: list[pa.Table], quarantined: dict[str, int], fault: FileFault | None
) -> LooseFixes:
    if not kept:
        return LooseFixes(CONTENT_SCHEMA.empty_table(), {}, quarantined, fault)
    whole = pa.concat_tables(kept).combine_chunks()
    names = sorted(pc.unique(whole["device_id"]).to_pylist())
    keys = pc.index_in(whole["device_id"], value_set=pa.array(names, pa.string()))
    columns = [keys.cast(pa.int64()), *(whole[name] for name in CONTENT_SCHEMA.names[1:])]
    table = pa.table(columns, schema=CONTENT_SCHEMA)
    return LooseFixes(table, dict(enumerate(names)), quarantined, fault)
