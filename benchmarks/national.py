"""A nation's day in files: fixes, summaries of eight weeks, crimes; one scale, one content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.summaries import SCHEMA, SHAPES, shape_of, summaries_of
from benchmarks.towns import METRES_A_DEGREE, draw_places, draw_towns, metres_east
from benchmarks.wearers import BLOCK, DAY, DAY_US, MINUTE_US, Lives, fixes_of, lives_of
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import from_micros

I64 = NDArray[np.int64]

#: Fixes lie in one file for so many blocks of wearers.
BLOCKS_A_FILE: Final = 4
#: Some crimes are where a wearer spent the evening: the rest are where people live.
BY_WEARERS: Final = 0.04
#: Lengths of windows in minutes: (share, least, most).
WINDOWS_MIN: Final = ((0.35, 2, 30), (0.35, 30, 240), (0.2, 240, 480), (0.1, 480, 720))


def _blocks(wearers: int) -> list[tuple[int, int]]:
    """Blocks and how many wearers each has."""
    return [(b, min(BLOCK, wearers - b * BLOCK)) for b in range(-(-wearers // BLOCK))]


def make(folder: Path, wearers: int, crimes: int) -> int:
    """Write the day into `folder`; returns the number of fixes."""
    shapes = [shape_of(number) for number in range(SHAPES)]
    total = 0
    fix_writer: pq.ParquetWriter | None = None
    lives: list[Lives] = []
    with pq.ParquetWriter(folder / "summaries.parquet", SCHEMA, compression="zstd") as writer:
        for block, count in _blocks(wearers):
            lives.append(lives_of(block, count))
            fixes = fixes_of(lives[-1], block)
            if fix_writer is None or block % BLOCKS_A_FILE == 0:
                if fix_writer is not None:
                    fix_writer.close()
                path = folder / f"fixes-{block // BLOCKS_A_FILE:03}.parquet"
                fix_writer = pq.ParquetWriter(path, fixes.schema, compression="zstd")
            fix_writer.write_table(fixes, row_group_size=1 << 18)
            total += len(fixes)
            writer.write_table(summaries_of(lives[-1], block, shapes, block * BLOCK))
    if fix_writer is not None:
        fix_writer.close()
    (folder / "crimes.json").write_text(json.dumps(_crimes(lives, crimes)))
    return total


def _crimes(lives: list[Lives], count: int) -> list[dict[str, Any]]:
    g = np.random.Generator(np.random.PCG64([7, count]))
    kind = g.choice(len(WINDOWS_MIN), count, p=[share for share, _low, _high in WINDOWS_MIN])
    bounds = np.array([(low, high) for _share, low, high in WINDOWS_MIN])[kind]
    length = np.rint(g.uniform(bounds[:, 0], bounds[:, 1])).astype(np.int64)
    # the days before and after are not at hand: windows keep three quarters of an hour away
    start = np.rint(g.uniform(45, 1395 - length)).astype(np.int64)
    latitude, longitude = draw_places(g, draw_towns(g, count))
    out = np.concatenate([each.out for each in lives])
    left = np.concatenate([each.knots_min[:, 9] for each in lives])
    for i in np.flatnonzero(g.random(count) < BY_WEARERS):
        who = int(g.integers(0, len(out)))
        if not length[i] < left[who] < 1400:
            continue
        latitude[i] = out[who, 0] + g.normal(0.0, 15.0) / METRES_A_DEGREE
        longitude[i] = out[who, 1] + g.normal(0.0, 15.0) / float(metres_east(out[who, 0]))
        start[i] = int(left[who]) - int(length[i])
    return [
        {
            "latitude": round(float(latitude[i]), 6),
            "longitude": round(float(longitude[i]), 6),
            "start_min": int(start[i]),
            "length_min": int(length[i]),
        }
        for i in range(count)
    ]


def crimes_in(folder: Path) -> list[Crime]:
    """The crimes of the day."""
    rows = json.loads((folder / "crimes.json").read_text())
    midnight = DAY * DAY_US
    return [
        Crime(
            force="Benchmark",
            reference=f"B/{number:05}",
            version=1,
            crime_type="BIAD",
            start=from_micros(midnight + row["start_min"] * MINUTE_US),
            end=from_micros(midnight + (row["start_min"] + row["length_min"]) * MINUTE_US),
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        for number, row in enumerate(rows)
    ]
