"""Incoming fixes set aside by day, on disk, before anything of them enters the archive."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tipstaff.domain.fixes import CONTENT_SCHEMA

#: Rows gathered before they are split by day (about 100 MB).
_GATHERED_ROWS: Final = 1_000_000
#: Files open at once. A file of fixes from more days than this is still taken, in more pieces.
_OPEN_FILES: Final = 48


class Staging:
    """A folder with Parquet files per day; gone when left. A dead process's is swept by `sweep`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self.days: dict[str, list[Path]] = {}
        self._open: OrderedDict[str, Any] = OrderedDict()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._open.values():
            if kind is None:
                writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, tables: Iterable[pa.Table]) -> None:
        """Take in `tables` (by `CONTENT_SCHEMA`), then close the files."""
        gathered: list[pa.Table] = []
        rows = 0
        for table in tables:
            gathered.append(table.select(CONTENT_SCHEMA.names).cast(CONTENT_SCHEMA))
            rows += table.num_rows
            if rows >= _GATHERED_ROWS:
                self._spill(pa.concat_tables(gathered))
                gathered, rows = [], 0
        if rows:
            self._spill(pa.concat_tables(gathered))
        while self._open:
            self._close_oldest()

    def _spill(self, table: pa.Table) -> None:
        self.rows += table.num_rows
        # floor, not division: a time before 1970 must not share a day with one after
        days = pc.strftime(pc.floor_temporal(table["fix_time"], unit="day"), format="%Y-%m-%d")
        encoded = days.combine_chunks().dictionary_encode()
        codes = encoded.indices
        ordered = pc.sort_indices(codes)
        table, codes = table.take(ordered), codes.take(ordered)
        start = 0
        for run in pc.run_end_encode(codes).run_ends.to_pylist():
            day = encoded.dictionary[codes[start].as_py()].as_py()
            self._writer(day).write_table(table.slice(start, run - start))
            start = run

    def _writer(self, day: str) -> Any:
        if day in self._open:
            self._open.move_to_end(day)
            return self._open[day]
        if len(self._open) >= _OPEN_FILES:
            self._close_oldest()
        pieces = self.days.setdefault(day, [])
        pieces.append(self.folder / f"{day}.{len(pieces)}.parquet")
        self._open[day] = pq.ParquetWriter(pieces[-1], CONTENT_SCHEMA, compression="lz4")
        return self._open[day]

    def _close_oldest(self) -> None:
        _day, writer = self._open.popitem(last=False)
        writer.close()


def sweep(root: Path) -> None:
    """Remove what writers that died left behind; only for the holder of the writers' lock."""
    shutil.rmtree(root, ignore_errors=True)
