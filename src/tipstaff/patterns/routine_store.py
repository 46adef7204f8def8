"""Routines of many wearers kept small: summaries in five bytes a row, laid out when asked for.

A routine laid out for look-up at every level takes some hundreds of kilobytes; twelve thousand of
them would take gigabytes, and a match asks for each only once or twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from tipstaff.patterns.cells import ROW_BITS
from tipstaff.patterns.routine import DailySummary, Routine, capped_cells, routine_of

I64 = NDArray[np.int64]
U16 = NDArray[np.uint16]

#: A routine of more days or cells than this is no routine; moments and cells are 16 bits wide.
MOST_DAYS: Final = 2_730
MOST_CELLS: Final = 1 << 16


class StoredRoutines(Sequence[Routine]):
    """The routines of wearers 0, 1, …, in the order in which their summaries were given."""

    def __init__(self, summaries: Iterable[DailySummary]) -> None:
        self._days: list[NDArray[np.int32]] = []
        self._cells: list[I64] = []
        self._moment: list[U16] = []
        self._cell: list[U16] = []
        self._minutes: list[NDArray[np.uint8]] = []
        for summary in summaries:
            self._add(summary)

    def _add(self, summary: DailySummary) -> None:
        days, day = np.unique(summary.day, return_inverse=True)
        key = (summary.column.astype(np.int64) << ROW_BITS) | summary.row
        cells, cell = np.unique(key, return_inverse=True)
        if len(days) > MOST_DAYS or len(cells) > MOST_CELLS or (summary.minutes > 255).any():
            raise ValueError("a summary too large to be a wearer's routine")
        self._days.append(days.astype(np.int32))
        self._cells.append(cells)
        self._moment.append((day * 24 + summary.hour).astype(np.uint16))
        self._cell.append(cell.astype(np.uint16))
        self._minutes.append(summary.minutes.astype(np.uint8))

    def summary(self, wearer: int) -> DailySummary:
        """The summaries of one wearer, as they were given."""
        moment = self._moment[wearer].astype(np.int32)
        cells = self._cells[wearer][self._cell[wearer]]
        return DailySummary(
            day=self._days[wearer][moment // 24],
            hour=(moment % 24).astype(np.int8),
            column=(cells >> ROW_BITS).astype(np.int32),
            row=(cells & ((1 << ROW_BITS) - 1)).astype(np.int32),
            minutes=self._minutes[wearer].astype(np.int32),
        )

    def capped(self) -> Iterator[tuple[I64, I64]]:
        """Level-0 cells of each wearer with their capped mass, for the area's map."""
        for cells, cell, minutes in zip(self._cells, self._cell, self._minutes, strict=True):
            spent = np.bincount(cell, weights=minutes, minlength=len(cells))
            yield cells, capped_cells(spent.astype(np.float64))

    def __len__(self) -> int:
        return len(self._days)

    @overload
    def __getitem__(self, wearer: int) -> Routine: ...
    @overload
    def __getitem__(self, wearer: slice) -> list[Routine]: ...
    def __getitem__(self, wearer: int | slice) -> Routine | list[Routine]:
        if isinstance(wearer, slice):
            return [self[i] for i in range(*wearer.indices(len(self)))]
        return routine_of(self.summary(wearer))
