"""Made-up daily summaries: eight weeks before the day, from a few shapes of life and own places."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.wearers import DAY, Lives, generator_of
from tipstaff.domain.geodesy import to_mercator
from tipstaff.patterns.cells import columns_rows

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DAYS: Final = 56
SHAPES: Final = 24
#: Cells of each wearer: 4 round the home, 4 round work, 4 at the evening place, ways between them.
WAY: Final = 20
PLACES: Final = 12 + 2 * WAY
SCHEMA: Final = pa.schema(
    [
        ("wearer_no", pa.int32()),
        ("day", pa.int32()),
        ("hour", pa.int8()),
        ("column", pa.int32()),
        ("row", pa.int32()),
        ("minutes", pa.int32()),
    ]
)


def _hour_rows(g: np.random.Generator, first: int, ways: range | None) -> list[tuple[int, int]]:
    """Places and minutes of one hour: in the cells about a place, or on a way first."""
    rows = []
    left = 60
    if ways is not None:
        on_way = g.permutation(list(ways))[: g.integers(8, WAY + 1)]
        rows += [(int(place), int(g.integers(1, 3))) for place in on_way]
        left -= sum(minutes for _place, minutes in rows)
    if left > 0:
        aside = int(g.integers(0, max(1, left // 6)))
        rows.append((first, left - aside))
        if aside:
            rows.append((first + int(g.integers(1, 4)), aside))
    return rows


def shape_of(number: int) -> I64:
    """Rows (day, hour, place, minutes) of a shape of life, the same for everybody who has it."""
    g = np.random.Generator(np.random.PCG64([number, 56]))
    leave, back = int(g.integers(6, 11)), int(g.integers(14, 19))
    rows = []
    for day in range(DAYS):
        works = (DAY - DAYS + day + 3) % 7 < 5 and g.random() < 0.85
        goes_out = g.random() < 0.45
        for hour in range(24):
            at, ways = 0, None
            if works and leave <= hour <= back:
                at = 4 if leave < hour < back else 0
                ways = range(12, 12 + WAY) if hour in {leave, back} else None
            elif goes_out and hour in {19, 20, 21}:
                at = 8 if hour == 20 else 0
                ways = range(12 + WAY, PLACES) if hour != 20 else None
            rows += [(day, hour, place, spent) for place, spent in _hour_rows(g, at, ways)]
    return np.array(rows, np.int64)


def _places(lives: Lives) -> tuple[I64, I64]:
    """Level-0 column and row (n, PLACES) of each wearer's places."""

    def cell(place: F64) -> tuple[I64, I64]:
        x, y = to_mercator(place[:, 0], place[:, 1])
        column, row = columns_rows(x, y)
        return column.astype(np.int64), row.astype(np.int64)

    columns, rows = [], []
    for place in (lives.home, lives.work, lives.out):
        column, row = cell(place)
        columns += [column, column + 1, column, column + 1]
        rows += [row, row, row + 1, row + 1]
    for end in (lives.work, lives.out):
        for step in range(WAY):
            column, row = cell(lives.home + (end - lives.home) * ((step + 0.5) / WAY))
            columns.append(column)
            rows.append(row)
    return np.stack(columns, axis=1), np.stack(rows, axis=1)


def summaries_of(lives: Lives, block: int, shapes: list[I64], first_wearer: int) -> pa.Table:
    """The summaries of a block in the order (wearer, day, hour, column, row), each once."""
    column, row = _places(lives)
    chosen = generator_of(block, 2).integers(0, len(shapes), len(column))
    parts = []
    for i, shape in enumerate(chosen):
        day, hour, place, spent = shapes[shape].T
        moment = (day * 24 + hour) << 40
        key = moment | (column[i, place] << 20) | row[i, place]
        order = np.argsort(key, kind="stable")
        begins = np.flatnonzero(np.diff(key[order], prepend=-1))
        parts.append((key[order][begins], np.add.reduceat(spent[order], begins)))
    key = np.concatenate([k for k, _spent in parts])
    owner = np.repeat(np.arange(len(parts)), [len(k) for k, _spent in parts]) + first_wearer
    moment, low = key >> 40, (1 << 20) - 1
    values = {
        "wearer_no": owner,
        "day": DAY - DAYS + moment // 24,
        "hour": moment % 24,
        "column": (key >> 20) & low,
        "row": key & low,
        "minutes": np.concatenate([spent for _key, spent in parts]),
    }
    return pa.table({f.name: pa.array(values[f.name]).cast(f.type) for f in SCHEMA}, schema=SCHEMA)
