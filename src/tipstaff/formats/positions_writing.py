"""Fixes out as CSV: Tipstaff's own position columns first, so that an export can be read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the devices: their names by key and, in `worn`, who wore which when.

    `worn` None: nothing is said of wearers. A fix that no period covers belongs to nobody.
    """

    names: Mapping[int, str]
    worn: Sequence[Worn] | None = None


class Worn(Protocol):
    """A wearer's time with a device: half-open, as an activation is."""

    @property
    def device_key(self) -> int:
        """The archive's key of the device."""

    @property
    def wearer(self) -> str:
        """The wearer's reference."""

    @property
    def start(self) -> datetime:
        """The first instant."""

    @property
    def end(self) -> datetime:
        """The first instant after."""


def fix_values(table: pa.Table, known: Known) -> Iterator[dict[str, Any]]:
    """Each fix as plain values: decimals as exact text, times as ISO 8601, None where not given."""
    extra = [name for name in _EXTRA if name in table.schema.names]
    wearer_of = None if known.worn is None else _wearers(known.worn)
    for batch in table.to_batches(_BATCH_ROWS):
        for row in batch.to_pylist():
            values = _values(row, known.names[row["device_key"]])
            values |= {name: row[name] for name in extra}
            if wearer_of is not None:
                values["wearer_id"] = wearer_of(row["device_key"], row["fix_time"])
            yield values


def _wearers(worn: Sequence[Worn]) -> Callable[[int, datetime], str | None]:
    periods: defaultdict[int, list[Worn]] = defaultdict(list)
    for one in worn:
        periods[one.device_key].append(one)

    def wearer_of(device_key: int, instant: datetime) -> str | None:
        hits = (w.wearer for w in periods[device_key] if w.start <= instant < w.end)
        return next(hits, None)

    return wearer_of


def _columns(table: pa.Table, known: Known) -> list[str]:
    extra = [name for name in _EXTRA if name in table.schema.names]
    return [*_OWN, *extra, *([] if known.worn is None else ["wearer_id"])]


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


def write_csv(table: pa.Table, known: Known) -> Iterator[bytes]:
    """The fixes as CSV, a header and then a row each; harmless in a spreadsheet."""
    columns = _columns(table, known)
    yield encode_row(columns)
    for values in fix_values(table, known):
        yield encode_row([values[name] for name in columns])
