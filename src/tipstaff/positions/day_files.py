"""The archive's files: one or more a day, each sorted by device, time and the rest."""

# Queries are put together from whole numbers, our own column names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tipstaff.positions.duck import CONTENT_SQL, ORDER_SQL, instant, parquet, quoted

#: Of some fourteen devices with a fix a minute: who reads one device reads little beside it.
_ROW_GROUP: Final = 20_480
_BOUNDED: Final = ("device_key", "lat_e7", "lon_e7")


@dataclass(frozen=True, slots=True)
class DayFile:
    """A finished file that is not yet part of the table."""

    day: str
    file: Path
    rows: int
    stats: str

    @property
    def name(self) -> str:
        """Where it belongs, relative to the table."""
        return f"day={self.day}/{self.file.name}"


def write_new(
    connection: Any,
    day: str,
    staged: Sequence[Path],
    held: Sequence[str],
    source_id: str,
    ingested_at: datetime,
) -> DayFile | None:
    """Write the staged rows of `day` that the `held` files lack; None where there are none."""
    incoming = f"SELECT {CONTENT_SQL} FROM {parquet(map(str, staged))}"
    # EXCEPT compares empty values as equal and keeps each row once. Only rows of the same device
    # and instant can be equal, so only those are compared, however large the day.
    lacking = f"SELECT DISTINCT {CONTENT_SQL} FROM ({incoming})"
    if held:
        lacking = f"""
            {incoming} EXCEPT
            SELECT {CONTENT_SQL} FROM {parquet(held)} AS old
            SEMI JOIN ({incoming}) AS new USING (device_key, fix_time)"""
    provenance = f"{quoted(source_id)} AS source_id, {instant(ingested_at)} AS ingested_at"
    return _write(
        connection,
        f"SELECT *, {provenance} FROM ({lacking}) ORDER BY {ORDER_SQL}",
        day,
        staged[0].parent,
    )


def write_merged(connection: Any, day: str, held: Sequence[str], folder: Path) -> DayFile | None:
    """Write all rows of the `held` files of one day as one sorted file."""
    everything = f"SELECT {CONTENT_SQL}, source_id, ingested_at FROM {parquet(held)}"
    order = f"{ORDER_SQL}, source_id, ingested_at"
    return _write(connection, f"{everything} ORDER BY {order}", day, folder)


def write_without(
    connection: Any, day: str, held: Sequence[str], gone: str, folder: Path
) -> DayFile | None:
    """Write the rows of the `held` files of one day but those that `gone` says, as one file.

    `gone`: a condition on a row named `fix`. None where no row is left.
    """
    rest = f"SELECT {CONTENT_SQL}, source_id, ingested_at FROM {parquet(held)} AS fix"
    order = f"{ORDER_SQL}, source_id, ingested_at"
    return _write(connection, f"{rest} WHERE NOT {gone} ORDER BY {order}", day, folder)


def _write(connection: Any, query: str, day: str, folder: Path) -> DayFile | None:
    file = folder / f"part-{uuid.uuid4().hex}.parquet"
    connection.execute(
        f"COPY ({query}) TO {quoted(str(file))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
    )
    rows, stats = _stats(connection, file)
    return DayFile(day, file, rows, stats) if rows else None


def _stats(connection: Any, file: Path) -> tuple[int, str]:
    bounds = ", ".join(f"min({name}), max({name})" for name in _BOUNDED)
    query = f"SELECT count(*), {bounds} FROM {parquet([str(file)])}"
    rows, *ends = connection.execute(query).fetchone()
    stats = {
        "numRecords": rows,
        "minValues": dict(zip(_BOUNDED, ends[0::2], strict=True)),
        "maxValues": dict(zip(_BOUNDED, ends[1::2], strict=True)),
        "nullCount": dict.fromkeys(_BOUNDED, 0),
    }
    return int(rows), json.dumps(stats)


def put_in_place(files: Sequence[DayFile], table: Path) -> None:
    """Move finished files under the table, on disk for good. They are not part of it yet."""
    for file in files:
        target = table / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        _to_disk(file.file)
        file.file.replace(target)
        _to_disk(target.parent)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
