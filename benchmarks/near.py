"""Who was near a place in an hour: by the index of cells, beside a plain scan of the same files."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.figures import Figure, Result
from benchmarks.wearers import fixes_of, lives_of
from tipstaff.domain.periods import Period, from_micros
from tipstaff.positions.archive import Archive
from tipstaff.positions.place_bounds import Bounds
from tipstaff.positions.queries import near

WEARERS: Final = 12_000
BLOCK: Final = 1_000
SEARCHES: Final = 20
RADIUS_M: Final = 150.0
NAMED: Final = {"full": 1.0, "tiny": 0.02}


class _Scanned:
    """The same archive, whose searches know of no index: every row of the day is looked at."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def connect(self, period: Period) -> Any:
        return self._archive.connect(period)

    def devices_near(self, _place: Bounds, _period: Period) -> None:
        return None


def run(scale: str) -> Result:
    """A day of wearers in the archive; searches at places where somebody was."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    wearers = max(50, round(WEARERS * share))
    with tempfile.TemporaryDirectory() as kept:
        archive = Archive(Path(kept) / "archive")
        blocks = [_block(n, min(BLOCK, wearers - n)) for n in range(0, wearers, BLOCK)]
        archive.append(blocks, "day", datetime.now(UTC))
        archive.compact()
        asked = _searches(blocks, np.random.default_rng(8))
        first = _timed(lambda: near(archive, *asked[0][0], RADIUS_M, asked[0][1]))
        ours = [_timed(lambda a=a: near(archive, *a[0], RADIUS_M, a[1])) for a in asked]  # type: ignore[misc]
        theirs = [_timed(lambda a=a: near(_Scanned(archive), *a[0], RADIUS_M, a[1])) for a in asked]  # type: ignore[misc]
        for (_, mine), (_, scanned) in zip(ours, theirs, strict=True):
            assert mine.equals(scanned)
        index = sum(path.stat().st_size for path in Path(kept).glob("archive-cells/*"))
        files = sum(Path(file).stat().st_size for file in archive.files())
        rows = sum(block.num_rows for block in blocks)
    scan = "a scan of the same day's rows by DuckDB"
    return Result(
        name="near",
        scale=scale,
        figures=[
            Figure("one search, median", _median(ours), "s", _median(theirs), scan),
            Figure("the first, which makes the index", first[0], "s", _median(theirs), scan),
            Figure("the index's size", float(index), "bytes", float(files), "the day's file"),
        ],
        counts={"wearers": wearers, "fixes": rows, "searches": len(asked)},
        notes=["Each search's answer is the same as the scan's, which is checked."],
    )


def _block(first: int, count: int) -> pa.Table:
    table = fixes_of(lives_of(first // BLOCK, count), first // BLOCK)
    keys = (table["device_key"].to_numpy() + first) * 1_000_003 % (2**61)
    column = table.schema.get_field_index("device_key")
    return table.set_column(column, table.schema.field(column), pa.array(keys))


def _searches(
    blocks: list[pa.Table], chance: np.random.Generator
) -> list[tuple[tuple[float, float], Period]]:
    found = []
    for _ in range(SEARCHES):
        block = blocks[chance.integers(len(blocks))]
        row = block.slice(int(chance.integers(block.num_rows)), 1)
        at = from_micros(int(row["fix_time"].cast(pa.int64())[0].as_py()))
        place = (row["lat_e7"][0].as_py() / 1e7, row["lon_e7"][0].as_py() / 1e7)
        found.append((place, Period(at - timedelta(minutes=30), at + timedelta(minutes=30))))
    return found


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = call()
    return time.perf_counter() - begun, answer


def _median(timed: list[tuple[float, Any]]) -> float:
    return float(np.median([seconds for seconds, _ in timed]))
