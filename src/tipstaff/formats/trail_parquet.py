"""A wearer's trail with one supplier's devices as Parquet: the exact integers of the archive.

Devices stand by their supplier's names: the archive's keys mean nothing elsewhere. Rows are in the
one order of device, time and content, so that equal trails are equal bytes (of one version of
pyarrow).
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tipstaff.domain.fixes import CONTENT_FIELDS

TRAIL_FILE_SCHEMA: Final = pa.schema(
    (pa.field("device_id", pa.string(), nullable=False), *CONTENT_FIELDS[1:])
)
_NEVER_NULL: Final = tuple(field.name for field in TRAIL_FILE_SCHEMA if not field.nullable)
_BOUNDS: Final = {"lat_e7": 900_000_000, "lon_e7": 1_800_000_000}


def write_trail(table: pa.Table) -> bytes:
    """The file of a table by `TRAIL_FILE_SCHEMA`, in whatever order."""
    keys: list[Any] = [(name, "ascending") for name in TRAIL_FILE_SCHEMA.names]
    ordered = table.take(pc.sort_indices(table, sort_keys=keys))
    sink = pa.BufferOutputStream()
    # Without pandas' or Arrow's notes: these would name versions.
    plain = ordered.combine_chunks().replace_schema_metadata(None)
    pq.write_table(plain, sink, compression="zstd", store_schema=False)
    return bytes(sink.getvalue().to_pybytes())


def read_trail(source: bytes) -> pa.Table | None:
    """The table of a file; None where it is no trail or holds what no archive holds."""
    try:
        table = pq.read_table(pa.BufferReader(source))
        if table.schema.names != TRAIL_FILE_SCHEMA.names:
            return None
        if any(table[name].null_count for name in _NEVER_NULL):
            return None
        table = table.cast(TRAIL_FILE_SCHEMA)
    except (pa.ArrowException, OSError):  # Arrow says OSError for damaged bytes
        return None
    for name, most in _BOUNDS.items():
        ends = pc.min_max(table[name].cast(pa.int64()))
        if table.num_rows and not -most <= ends["min"].as_py() <= ends["max"].as_py() <= most:
            return None
    return table
