"""Which devices were in which cell of the ground in which hour: beside each large file of a day.

Files of the archive are sorted by device, so that a place alone says nothing of where in a file to
look. The index does: it names the devices that may have been near, and of the day only their rows
are read. It is made when it is first asked for, holds nothing that its file does not, and goes
when the file goes. It is never a source: without it, or where it is damaged, the day is read whole.
"""

# Queries are put together from whole numbers, our own column names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions.duck import instant, parquet, quoted
from tipstaff.positions.place_bounds import Bounds

#: A cell's sides, 1e-7 degree: 0.01°, some 1,100 by 700 metres in Britain.
CELL_E7: Final = 100_000
HOUR_US: Final = 3_600_000_000
#: Smaller files are read whole: that is as quick. Bytes.
LEAST_SIZE: Final = 500_000
_ROW_GROUP: Final = 20_480
_ENDING: Final = ".cells"
#: More devices than this are no help: the days are read whole.
MOST_DEVICES: Final = 4_000


@dataclass(frozen=True, slots=True)
class CellIndex:
    """The indices of an archive's files, in a folder of their own."""

    folder: Path

    def devices_near(
        self, connection: Any, files: Sequence[tuple[str, int]], place: Bounds, period: Period
    ) -> list[int] | None:
        """The devices that may have a fix in `place` and `period`; None where that is no help.

        `files`: each with its bytes. Every device that has one is among them.
        """
        found: set[int] = set()
        small = [file for file, size in files if size < LEAST_SIZE]
        if small:
            found |= _devices(connection, parquet(small), _exactly(place, period))
        for file, size in files:
            if size >= LEAST_SIZE:
                found |= self._of_file(connection, file, place, period)
            if len(found) > MOST_DEVICES:
                return None
        return sorted(found)

    def _of_file(self, connection: Any, file: str, place: Bounds, period: Period) -> set[int]:
        index = self._path(file)
        for _attempt in range(2):
            try:
                if not index.is_file():
                    self._make(connection, file, index)
                return _devices(connection, parquet([str(index)]), _in_cells(place, period))
            except (duckdb.Error, OSError):
                with suppress(OSError):
                    index.unlink(missing_ok=True)
        return _devices(connection, parquet([file]), _exactly(place, period))

    def _make(self, connection: Any, file: str, index: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        part = index.with_name(f"{index.name}.{uuid.uuid4().hex}")
        query = f"""
            SELECT DISTINCT {_cell("lat_e7")} AS lat_cell, {_cell("lon_e7")} AS lon_cell,
                epoch_us(fix_time) // {HOUR_US} AS hour, device_key
            FROM {parquet([file])} ORDER BY lat_cell, lon_cell, hour, device_key"""
        try:
            connection.execute(
                f"COPY ({query}) TO {quoted(str(part))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
            )
            part.replace(index)
        finally:
            part.unlink(missing_ok=True)

    def sweep(self, files: Iterable[str]) -> int:
        """Delete every index but those of these files, and what a maker left; how many."""
        kept, gone = {self._path(file).name for file in files}, 0
        for path in self._there():
            if path.name not in kept:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _there(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from self.folder.iterdir()

    def _path(self, file: str) -> Path:
        return self.folder / f"{Path(file).name}{_ENDING}"


def _devices(connection: Any, table: str, where: str) -> set[int]:
    query = f"SELECT DISTINCT device_key FROM {table} WHERE {where}"
    return {int(row[0]) for row in connection.execute(query).fetchall()}


def _exactly(place: Bounds, period: Period) -> str:
    times = f"fix_time >= {instant(period.start)} AND fix_time < {instant(period.end)}"
    return f"{times} AND {place.sql()}"


def _in_cells(place: Bounds, period: Period) -> str:
    first, last = to_micros(period.start) // HOUR_US, to_micros(period.end) // HOUR_US
    lat = _between("lat_cell", place.south_e7, place.north_e7)
    lon = " OR ".join(_between("lon_cell", west, east) for west, east in place.longitudes_e7)
    return f"hour BETWEEN {first} AND {last} AND {lat} AND ({lon})"


def _between(name: str, least_e7: int, most_e7: int) -> str:
    return f"{name} BETWEEN {least_e7 // CELL_E7} AND {most_e7 // CELL_E7}"


def _cell(name: str) -> str:
    """The cell of a coordinate, rounded down also south of the equator and west of Greenwich."""
    return f"CAST(floor({name} / {CELL_E7}.0) AS INTEGER)"
