"""Fixes out as CSV: Tipstaff's own position columns first, so that an export can be read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from tipstaff.domain.fixes import MECHANISM_NAMES, Mechanism
from tipstaff.formats.tables import encode_row

#: What an exported fix says, in order; of the extra ones those that the table has.
_OWN: Final = (
    "device_id",
    "fix_time",
    "latitude",
    "longitude",
    "precision_m",
    "mechanism",
    "speed_kmh",
    "direction_deg",
    "satellites",
    "hdop",
    "recorded_time",
    "received_time",
    "precision_level_pct",
)
_EXTRA: Final = ("speaks", "conflict", "distance_m")
_BATCH_ROWS: Final = 8_192


def fix_values(table: pa.Table, names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Each fix as plain values: decimals as exact text, times as ISO 8601, None where not given.

    `names` are the supplier's names of the device keys.
    """
    extra = [name for name in _EXTRA if name in table.schema.names]
    for batch in table.to_batches(_BATCH_ROWS):
        for row in batch.to_pylist():
            values = _values(row, names[row["device_key"]])
            yield values | {name: row[name] for name in extra}


def _values(row: dict[str, Any], device_id: str) -> dict[str, Any]:
    mechanism = MECHANISM_NAMES.get(_mechanism(row["mechanism"]), str(row["mechanism"]))
    return {
        "device_id": device_id,
        "fix_time": _time(row["fix_time"]),
        "latitude": decimal(row["lat_e7"], 7),
        "longitude": decimal(row["lon_e7"], 7),
        "precision_m": decimal(row["precision_cm"], 2),
        "mechanism": mechanism,
        # 1 cm/s is exactly 0.036 km/h
        "speed_kmh": decimal(None if row["speed_cmps"] is None else row["speed_cmps"] * 36, 3),
        "direction_deg": decimal(row["direction_cdeg"], 2),
        "satellites": row["satellites"],
        "hdop": decimal(row["hdop_e2"], 2),
        "recorded_time": _time(row["recorded_time"]),
        "received_time": _time(row["received_time"]),
        "precision_level_pct": row["precision_level_pct"],
    }


def _mechanism(code: int) -> Mechanism:
    return Mechanism(code) if code in MECHANISM_NAMES else Mechanism.UNKNOWN


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")


def decimal(scaled: int | None, digits: int) -> str | None:
    """A scaled whole number as exact decimal text, without idle zeros."""
    if scaled is None:
        return None
    whole, part = divmod(abs(scaled), 10**digits)
    text = f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def write_csv(table: pa.Table, names: Mapping[int, str]) -> Iterator[bytes]:
    """The fixes as CSV, a header and then a row each; harmless in a spreadsheet."""
    columns = [*_OWN, *(name for name in _EXTRA if name in table.schema.names)]
    yield encode_row(columns)
    for values in fix_values(table, names):
        yield encode_row([values[name] for name in columns])
