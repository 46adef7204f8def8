"""Fixes that may not be taken in as yet, as rows of the quarantine, each with its reason."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from tipstaff.formats.positions_rows import QUARANTINE_SCHEMA


def withheld(fixes: pa.Table, reasons: Sequence[str]) -> pa.Table:
    """Rows of `QUARANTINE_SCHEMA` for these fixes, a reason for each.

    Their rows in the file are not known any more; `raw` has their values by our own names.
    """
    raw = [json.dumps(row, default=str, sort_keys=True) for row in fixes.to_pylist()]
    columns = [
        pa.nulls(fixes.num_rows, pa.int64()),
        pa.array(list(reasons), pa.string()),
        pa.array(["device_id"] * fixes.num_rows, pa.string()),
        pa.array(raw, pa.string()),
    ]
    return pa.table(columns, schema=QUARANTINE_SCHEMA)
