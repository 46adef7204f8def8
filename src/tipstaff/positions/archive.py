"""The archive: every fix of every device, with where it came from and when we took it in.

A Delta table partitioned by the UTC date of the fix. An import is one commit: readers see all of
it or nothing, and a process that dies leaves the state before. Writers take turns by a lock.
"""

# Queries are put together from whole numbers, our own column names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from tipstaff.domain.fixes import ARCHIVE_SCHEMA
from tipstaff.domain.periods import Period, from_micros
from tipstaff.positions.cell_index import CellIndex
from tipstaff.positions.damage import ArchiveDamagedError, sound
from tipstaff.positions.day_files import (
    DayFile,
    put_in_place,
    write_merged,
    write_new,
    write_without,
)
from tipstaff.positions.duck import ORDER_SQL, bind_fixes, connect, instant
from tipstaff.positions.erasing import Worn, bind_worn, rows_that, sweep_spill
from tipstaff.positions.fix_table import FixTable, HeldFile
from tipstaff.positions.locking import only_writer
from tipstaff.positions.place_bounds import Bounds
from tipstaff.positions.staging import Staging, sweep

#: Vacuum keeps the files of a week's versions: whoever still reads an old one can finish.
WEEK_H: Final = 168
_BATCH_ROWS: Final = 65_536


class ArchiveWriteError(Exception):
    """Nothing was stored: the disk is full or failing. The archive is as it was before."""


class SourceReadError(Exception):
    """Nothing was stored: what was to be imported could not be read to its end."""


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What an import did. `already_held`: this source was imported before; nothing was read."""

    new_rows: int
    duplicate_rows: int
    already_held: bool = False


@dataclass(frozen=True, slots=True)
class SourceRows:
    """An imported source with rows in the archive."""

    source_id: str
    ingested_at: datetime
    rows: int


class Archive:
    """The archive in a folder. Opening costs nothing; each call sees the newest version."""

    def __init__(self, path: Path, *, patience_s: float = 60.0) -> None:
        self._path = path.absolute()
        self._staging = self._path.with_name(self._path.name + "-staging")
        self._lock = self._path.with_name(self._path.name + ".lock")
        self._spill = self._path.with_name(self._path.name + "-spill")
        self._cells = CellIndex(self._path.with_name(self._path.name + "-cells"))
        self._patience_s = patience_s

    def holds(self, source_id: str, *, reading: str = "") -> bool:
        """Whether this source, read in this way, was imported before."""
        table = self._table()
        return table is not None and table.holds(transaction_of(source_id, reading))

    def holds_each(self, sources: Iterable[tuple[str, str]]) -> bool:
        """Whether all of these, each a source and how it was read, were imported."""
        wanted = list(sources)
        table = self._table() if wanted else None
        return not wanted or (
            table is not None and all(table.holds(transaction_of(*source)) for source in wanted)
        )

    def append(
        self,
        tables: Iterable[pa.Table],
        source_id: str,
        ingested_at: datetime,
        *,
        reading: str = "",
    ) -> AppendResult:
        """Add the fixes of one source in one commit; those held already add nothing.

        `tables` have `CONTENT_SCHEMA`. `source_id` is the digest of the file, `reading` a digest
        of how it was read (its mapping), so that a file read wrongly can be read again. Raises
        `ArchiveBusyError`, `ArchiveWriteError` or `SourceReadError`; nothing is stored then.
        """
        with self._writing() as staging:
            table = FixTable.open_or_make(self._path)
            transaction = transaction_of(source_id, reading)
            if table.holds(transaction):
                return AppendResult(0, 0, already_held=True)
            staging.fill(_from_source(tables))
            new = self._new_files(table, staging, source_id, ingested_at)
            rows = sum(file.rows for file in new)
            notes = {"rows": str(staging.rows), "new_rows": str(rows)}
            self._commit(table, new, transaction=transaction, notes=notes)
            return AppendResult(rows, staging.rows - rows)

    def _new_files(
        self, table: FixTable, staging: Staging, source_id: str, ingested_at: datetime
    ) -> list[DayFile]:
        held = _by_day(table.files())
        connection = connect(staging.folder)
        written = [
            write_new(
                connection,
                day,
                staging.days[day],
                sound(self._path, held.get(day, [])),
                source_id,
                ingested_at,
            )
            for day in sorted(staging.days)
        ]
        return [file for file in written if file is not None]

    def compact(self) -> int:
        """Bring each day that lies in several files into one sorted file; how many days."""
        with self._writing() as staging:
            table = FixTable.open_or_make(self._path)
            days = {day: files for day, files in _by_day(table.files()).items() if len(files) > 1}
            connection = connect(staging.folder)
            for day, files in days.items():
                merged = write_merged(connection, day, sound(self._path, files), staging.folder)
                table = FixTable.open_or_make(self._path)
                self._commit(table, [merged] if merged else [], files)
            return len(days)

    def vacuum(self, retention_hours: int = WEEK_H) -> int:
        """Delete files that no version younger than `retention_hours` needs; how many."""
        with self._writing():
            table = FixTable.open_or_make(self._path)
            self._cells.sweep(file.name for file in table.files())
            return table.vacuum(retention_hours)

    def count(self, worn: Iterable[Worn]) -> int:
        """How many fixes lie in these stretches of devices' time."""
        wanted = tuple(worn)
        connection = connect(self._spill)
        gone = bind_worn(connection, wanted)
        return sum(
            rows_that(connection, sound(self._path, files), gone)
            for _day, files in self._touched(self._table(), wanted)
        )

    def erase(self, worn: Iterable[Worn], on_day: Callable[[], None] = lambda: None) -> None:
        """Delete the fixes of these stretches of devices' time, and every trace of them.

        Their days are written anew without them; then files out of use, and what the log says of
        earlier versions, are deleted at once: whoever reads an older version fails. Killed anywhere
        and called again, it ends as if it had not been killed. `on_day` is told of each day done.
        """
        wanted = tuple(worn)
        with self._writing() as staging:
            if self._table() is None:
                return
            connection = connect(staging.folder)
            gone = bind_worn(connection, wanted)
            for day, files in self._touched(self._table(), wanted):
                self._erase_day(connection, day, files, gone, staging)
                on_day()
            FixTable.open_or_make(self._path).vacuum(0)
            FixTable.open_or_make(self._path).forget_history()
            sweep_spill(self._spill)
            self._cells.sweep(file.name for file in FixTable.open_or_make(self._path).files())

    def _touched(
        self, table: FixTable | None, worn: tuple[Worn, ...]
    ) -> list[tuple[str, list[HeldFile]]]:
        """The days with files that may hold fixes of these stretches."""
        if table is None:
            return []
        ends = [_days(each.period) for each in worn if each.period.start < each.period.end]
        days = _by_day(table.files())
        return [(d, days[d]) for d in sorted(days) if any(a <= d <= b for a, b in ends)]

    def _erase_day(
        self, connection: Any, day: str, files: list[HeldFile], gone: str, staging: Staging
    ) -> None:
        old = [f for f in files if rows_that(connection, sound(self._path, [f]), gone)]
        if not old:
            return
        names = sound(self._path, old)
        rest = write_without(connection, day, names, gone, staging.folder)
        table = FixTable.open_or_make(self._path)
        self._commit(table, [rest] if rest else [], old, erasing=True)

    def files(self, period: Period | None = None) -> list[str]:
        """The Parquet files that hold the fixes of a period's days, in order.

        Raises `ArchiveDamagedError` where one is lost or cut short.
        """
        table = self._table()
        if table is None:
            return []
        first, last = _days(period) if period else ("", "9999")
        return sound(self._path, [f for f in table.files() if first <= f.day <= last])

    def connect(self, period: Period) -> Any:
        """A DuckDB connection with the view `fixes` over the days of a period."""
        connection = connect(self._spill)
        bind_fixes(connection, self.files(period))
        return connection

    def devices_near(self, place: Bounds, period: Period) -> list[int] | None:
        """The devices that may have a fix there and then; None where it is no use to know."""
        table = self._table()
        if table is None:
            return []
        first, last = _days(period)
        held = [file for file in table.files() if first <= file.day <= last]
        names = sound(self._path, held)
        files = [(name, file.size_bytes) for name, file in zip(names, held, strict=True)]
        return self._cells.devices_near(connect(self._spill), files, place, period)

    def fixes(
        self,
        period: Period,
        device_keys: Sequence[int] | None = None,
        place: Bounds | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """The fixes of a period, by device, time and the rest, in batches of `ARCHIVE_SCHEMA`."""
        connection = self.connect(period)
        where = [f"fix_time >= {instant(period.start)}", f"fix_time < {instant(period.end)}"]
        if device_keys is not None:
            keys = pa.table({"device_key": pa.array(sorted(set(device_keys)), pa.int64())})
            connection.register("wanted_keys", keys)
            where.append("device_key IN (SELECT device_key FROM wanted_keys)")
        if place is not None:
            where.append(place.sql())
        names = ", ".join(ARCHIVE_SCHEMA.names)
        query = f"SELECT {names} FROM fixes WHERE {' AND '.join(where)} ORDER BY {ORDER_SQL}"
        for batch in connection.sql(query).to_arrow_reader(_BATCH_ROWS):
            yield batch.cast(ARCHIVE_SCHEMA)

    def sources(self) -> list[SourceRows]:
        """Every source with rows here, in order of its id."""
        files = self.files()
        if not files:
            return []
        connection = connect(self._spill)
        bind_fixes(connection, files)
        rows = connection.execute(
            "SELECT source_id, epoch_us(min(ingested_at)), count(*) FROM fixes "
            "GROUP BY source_id ORDER BY source_id"
        ).fetchall()
        return [
            SourceRows(source, from_micros(ingested_us), count)
            for source, ingested_us, count in rows
        ]

    def _table(self) -> FixTable | None:
        """The table for readers, None where nothing was ever stored."""
        try:
            return FixTable.open(self._path)
        except (DeltaError, OSError) as error:
            raise ArchiveDamagedError("The archive's log cannot be read.") from error

    @contextmanager
    def _writing(self) -> Iterator[Staging]:
        """The writers' lock, a clean staging folder, and one name for all that disks do."""
        with only_writer(self._lock, self._patience_s):
            sweep(self._staging)
            try:
                with Staging(self._staging / uuid.uuid4().hex) as staging:
                    yield staging
            except (duckdb.Error, DeltaError, pa.ArrowException, OSError) as error:
                raise ArchiveWriteError(
                    "the archive could not be written and is as it was before "
                    f"({type(error).__name__}); is the disk full?"
                ) from error

    def _commit(
        self,
        table: FixTable,
        new: Sequence[DayFile],
        old: Sequence[HeldFile] = (),
        transaction: str | None = None,
        notes: dict[str, str] | None = None,
        *,
        erasing: bool = False,
    ) -> None:
        try:
            put_in_place(new, self._path)
            table.commit(new, old, transaction, notes, erasing=erasing)
        except BaseException:
            self._withdraw(new)
            raise

    def _withdraw(self, new: Sequence[DayFile]) -> None:
        """Free the space of files that a failed commit left; never of any that did get in."""
        table = FixTable.open(self._path)  # where even this fails they stay, for vacuum to find
        active = {file.name for file in table.files()} if table else set()
        for file in new:
            if file.name not in active:
                (self._path / file.name).unlink(missing_ok=True)


def transaction_of(source_id: str, reading: str) -> str:
    """The name under which the table's log knows an imported source."""
    return f"{source_id}:{reading}" if reading else source_id


def _from_source(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """`tables`, their own failures told apart from the archive's."""
    try:
        yield from tables
    except (OSError, pa.ArrowException) as error:
        raise SourceReadError(f"the source failed ({type(error).__name__})") from error


def _by_day(files: Iterable[HeldFile]) -> dict[str, list[HeldFile]]:
    days: dict[str, list[HeldFile]] = {}
    for file in files:
        days.setdefault(file.day, []).append(file)
    return days


def _days(period: Period) -> tuple[str, str]:
    """The first and last UTC date that a half-open period touches."""
    last = max(period.start, period.end - timedelta(microseconds=1))
    return (
        period.start.astimezone(UTC).date().isoformat(),
        last.astimezone(UTC).date().isoformat(),
    )
