"""A wearer's routine: where they are at which hour, as daily summaries that can be taken out.

A summary row says "on this local day, in this hour, so many minutes in this cell". Because days
stay apart, any week can be left out of a routine at the moment it is asked, and days can be drawn
again for an interval, without going back to the fixes. Source: EVIDENCE, "A formulation of
strength that worked", 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.patterns.cells import MASK, TOP_LEVEL, columns_rows

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

#: A minute enters the routine only if its place is known this well.
KNOWN_WITHIN_MIN: Final = 10.0
KNOWN_WITHIN_M: Final = 150.0
#: History this far either side of a crime counts, and a routine on fewer days is "unknown".
HISTORY_DAYS: Final = 56
ENOUGH_DAYS: Final = 14
#: A day counts as history when this many of its minutes are known.
DAY_KNOWN_MIN: Final = 60
#: Square roots of minutes are kept in sixteenths, so that sums are exact.
CAP_SCALE: Final = 16


@dataclass(frozen=True, slots=True)
class DailySummary:
    """Rows (N,) of one wearer in the order (day, hour, column, row), each combination once.

    `day`: local days since 1970; `hour` 0–23 local; `column`, `row`: level-0 cell; `minutes` ≥ 1.
    """

    day: I32
    hour: NDArray[np.int8]
    column: I32
    row: I32
    minutes: I32


def summarise(
    x: F64, y: F64, variance_m2: F32, near_min: F32, local_day: I64, local_minute: I64
) -> DailySummary:
    """Daily summaries of one wearer's minutes; arguments are per minute, in any order."""
    known = (near_min <= KNOWN_WITHIN_MIN) & (variance_m2 <= KNOWN_WITHIN_M**2)
    column, row = columns_rows(x[known], y[known])
    hour = local_minute[known] // 60
    key = ((local_day[known] * 24 + hour) << 40) | (column.astype(np.int64) << 20) | row
    unique, minutes = np.unique(key, return_counts=True)
    moment = unique >> 40
    return DailySummary(
        day=(moment // 24).astype(np.int32),
        hour=(moment % 24).astype(np.int8),
        column=((unique >> 20) & MASK).astype(np.int32),
        row=(unique & MASK).astype(np.int32),
        minutes=minutes.astype(np.int32),
    )


class Routine(NamedTuple):
    """A wearer's routine laid out for look-up, all levels one behind another.

    `days` (D,): local days with history; `hour_total` (24, D): minutes known. Cells of level k are
    `keys[level_from[k]:level_from[k + 1]]`, in order. Entries of (cell c, hour h) are those from
    `hour_from[24·c + h]` to the next in `hour_day` (index into `days`) and `hour_min`; entries of
    a cell over all hours likewise by `all_from`. `cap` is a cell's capped mass: Σ 16·√minutes
    over its level-0 cells.
    """

    days: I32
    hour_total: I32
    level_from: I64
    keys: I64
    hour_from: I64
    hour_day: I32
    hour_min: I32
    all_from: I64
    all_day: I32
    all_min: I32
    cap: I64


@njit(cache=True)
def _tables(
    key: I64, hour: NDArray[np.int8], day: I32, minutes: I32, keys: I64
) -> tuple[I64, I32, I32, I64, I32, I32]:
    """Entries by (cell, hour) and by cell from rows in the order (key, hour, day)."""
    n, cells = len(key), len(keys)
    hour_from = np.zeros(cells * 24 + 1, np.int64)
    hour_day, hour_min = np.zeros(n, np.int32), np.zeros(n, np.int32)
    size, cell, last_slot, last_day = 0, 0, -1, -1
    for i in range(n):
        while keys[cell] != key[i]:
            cell += 1
        slot = cell * 24 + hour[i]
        if slot == last_slot and day[i] == last_day:
            hour_min[size - 1] += minutes[i]
        else:
            hour_day[size], hour_min[size] = day[i], minutes[i]
            hour_from[slot + 1] += 1
            size += 1
        last_slot, last_day = slot, day[i]
    for slot in range(cells * 24):
        hour_from[slot + 1] += hour_from[slot]
    days = 0
    for i in range(n):
        days = max(days, day[i] + 1)
    all_from = np.zeros(cells + 1, np.int64)
    all_day, all_min = np.zeros(size, np.int32), np.zeros(size, np.int32)
    spent = np.zeros(days, np.int32)
    out = 0
    for c in range(cells):
        for e in range(hour_from[c * 24], hour_from[(c + 1) * 24]):
            spent[hour_day[e]] += hour_min[e]
        for d in range(days):
            if spent[d] > 0:
                all_day[out], all_min[out] = d, spent[d]
                out += 1
                spent[d] = 0
        all_from[c + 1] = out
    return hour_from, hour_day[:size], hour_min[:size], all_from, all_day[:out], all_min[:out]


def _capped(summary: DailySummary) -> tuple[I64, I64, I64]:
    """Column, row and capped mass of each level-0 cell."""
    cells, at = np.unique(
        (summary.column.astype(np.int64) << 20) | summary.row, return_inverse=True
    )
    spent = np.bincount(at, weights=summary.minutes, minlength=len(cells)).astype(np.float64)
    return cells >> 20, cells & ((1 << 20) - 1), capped_cells(spent)


def capped_cells(spent_min: F64) -> I64:
    """The capped mass of cells in which so many minutes were spent."""
    return np.asarray(np.rint(CAP_SCALE * np.sqrt(spent_min)), dtype=np.int64)


def _level(
    summary: DailySummary, day_index: I32, level: int, capped: tuple[I64, I64, I64]
) -> tuple[NDArray[Any], ...]:
    """Keys, tables and capped mass of one level."""
    column, row = summary.column.astype(np.int64) >> level, summary.row >> level
    key = (column << 20) | row
    keys, cell = np.unique(key, return_inverse=True)
    # rows equal in all three are added up, so their order among themselves does not matter
    order = np.argsort(((cell * 24 + summary.hour) << 16) | day_index)
    tables = _tables(
        key[order], summary.hour[order], day_index[order], summary.minutes[order], keys
    )
    cap = np.zeros(len(keys), np.int64)
    np.add.at(
        cap, np.searchsorted(keys, ((capped[0] >> level) << 20) | (capped[1] >> level)), capped[2]
    )
    return (keys, *tables, cap)


def _joined_offsets(parts: list[I64]) -> I64:
    """Offsets of several tables, one behind another."""
    steps = [np.diff(part) for part in parts]
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(steps))])


def routine_of(summary: DailySummary) -> Routine:
    """Lay a wearer's daily summaries out for look-up at every level."""
    days, index = np.unique(summary.day, return_inverse=True)
    day_index = index.astype(np.int32)
    hour_total = np.zeros((24, len(days)), np.int32)
    np.add.at(hour_total, (summary.hour, day_index), summary.minutes)
    capped = _capped(summary)
    levels = [_level(summary, day_index, level, capped) for level in range(TOP_LEVEL + 1)]
    keys, hour_from, hour_day, hour_min, all_from, all_day, all_min, cap = zip(*levels, strict=True)
    return Routine(
        days=days.astype(np.int32),
        hour_total=hour_total,
        level_from=np.cumsum([0, *(len(k) for k in keys)], dtype=np.int64),
        keys=np.concatenate(keys),
        hour_from=_joined_offsets(list(hour_from)),
        hour_day=np.concatenate(hour_day),
        hour_min=np.concatenate(hour_min),
        all_from=_joined_offsets(list(all_from)),
        all_day=np.concatenate(all_day),
        all_min=np.concatenate(all_min),
        cap=np.concatenate(cap),
    )


def day_weights(routine: Routine, day: int, left_out: tuple[int, ...] = ()) -> F64:
    """Weight 1 for each day of history that may speak of `day`, else 0: shape (D,).

    Left out are the week round `day` (three days either side), days further than `HISTORY_DAYS`
    and the days of `left_out` (windows of linked crimes).
    """
    apart = np.abs(routine.days - day)
    weights = ((apart > 3) & (apart <= HISTORY_DAYS)).astype(np.float64)
    if left_out:
        weights[np.isin(routine.days, np.array(left_out))] = 0.0
    return weights


def known_days(routine: Routine, weights: F64) -> int:
    """How many of the weighted days have enough known minutes to count as history."""
    if len(routine.days) == 0:
        return 0
    return int(((routine.hour_total.sum(axis=0) >= DAY_KNOWN_MIN) & (weights > 0)).sum())
