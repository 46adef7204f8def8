"""What of the archive an erasure means: stretches of devices' time."""

# Queries are put together from our own names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.domain.periods import Period
from tipstaff.positions.duck import parquet

_WORN: Final = "worn"
#: What readers spill is theirs for as long as they run; older than this it is a dead one's.
_DEAD_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Worn:
    """A stretch of a device's time: whose it was is not for the archive to know."""

    device_key: int
    period: Period


def bind_worn(connection: Any, worn: Iterable[Worn]) -> str:
    """Make the stretches known to the connection; the condition that a row `fix` is in one."""
    rows = list(worn)
    table = pa.table(
        {
            "device_key": pa.array([each.device_key for each in rows], pa.int64()),
            "first": pa.array([each.period.start for each in rows], TIMESTAMP),
            "beyond": pa.array([each.period.end for each in rows], TIMESTAMP),
        }
    )
    connection.register(_WORN, table)
    return (
        f"EXISTS (SELECT 1 FROM {_WORN} WHERE {_WORN}.device_key = fix.device_key "
        f"AND fix.fix_time >= {_WORN}.first AND fix.fix_time < {_WORN}.beyond)"
    )


def rows_that(connection: Any, files: Sequence[str], condition: str) -> int:
    """How many rows of some files fulfil a condition on `fix`."""
    query = f"SELECT count(*) FROM {parquet(files)} AS fix WHERE {condition}"
    (rows,) = connection.execute(query).fetchone()
    return int(rows)


def sweep_spill(folder: Path) -> None:
    """Remove what dead readers spilled to disk."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _DEAD_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
