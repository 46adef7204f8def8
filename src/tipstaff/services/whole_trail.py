"""A wearer's whole trail: what each supplier's devices reported while the wearer wore them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tipstaff.domain.case_records import WornRecord
from tipstaff.domain.periods import Period
from tipstaff.formats.trail_parquet import TRAIL_FILE_SCHEMA
from tipstaff.positions import queries
from tipstaff.positions.archive import Archive
from tipstaff.positions.queries import Span
from tipstaff.records import devices


def trails_by_supplier(archive: Archive, worn: WornRecord) -> dict[str, pa.Table]:
    """The trail with each supplier's devices, by the supplier's name (`TRAIL_FILE_SCHEMA`)."""
    found: dict[str, pa.Table] = {}
    for supplier in sorted({one.supplier for one in worn.activations}):
        names = [one.device_id for one in worn.activations if one.supplier == supplier]
        keys = devices.keys_of(supplier, names)
        spans = _spans(worn, supplier, keys)
        table = queries.trail(archive, spans)
        if table.num_rows:
            found[supplier] = _named(table, {key: name for name, key in keys.items()})
    return found


def _spans(worn: WornRecord, supplier: str, keys: dict[str, int]) -> list[Span]:
    activations = (one.activation(worn.wearer) for one in worn.activations
                   if one.supplier == supplier)  # fmt: skip
    return [Span(keys[one.device_id], Period(one.start, one.end)) for one in activations]


def _named(table: pa.Table, names: dict[int, str]) -> pa.Table:
    column: Any = pa.array([names[key] for key in table["device_key"].to_pylist()], pa.string())
    return pa.table(
        [column, *(table[name] for name in TRAIL_FILE_SCHEMA.names[1:])], schema=TRAIL_FILE_SCHEMA
    )
