"""Take what is of a person out of the inbox: messages, held ones, and bytes that name the device.

An erasure is done by a process that is not the writer. It changes no number: the number that comes
next is written down with it, so that none is given twice, whatever lay at the end.
"""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from tipstaff.positions.inbox_tables import Segment

_PATIENCE_S: Final = 30.0
#: A time that is wrong says nothing; the time of receipt does.
_OF_DEVICE: Final = (
    "supplier = ? AND device_id = ? AND "
    "CASE WHEN clock = 0 THEN time_us ELSE received_us END BETWEEN ? AND ?"
)


@dataclass(frozen=True, slots=True, repr=False)
class Gone:
    """A device in a period, in microseconds, the end not included."""

    supplier: str
    device_id: str
    start_us: int
    end_us: int


class InboxErasing(Protocol):
    """An inbox, for erasing from."""

    def count(self, gone: Sequence[Gone]) -> int:
        """How many rows would go."""

    def erase(self, gone: Sequence[Gone]) -> None:
        """Take them out."""


class SqliteInboxErasing:
    """The inbox file, for erasing from."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def count(self, gone: Sequence[Gone]) -> int:
        """How many rows would go."""
        if not self._path.is_file():
            return 0
        with self._opened() as db:
            return count_rows(db, gone, "?")

    def erase(self, gone: Sequence[Gone]) -> None:
        """Take them out, of the file's free pages and of its log too."""
        if not self._path.is_file():
            return
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            erase_rows(db, gone, "?")
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            yield db


def _tables(db: Any) -> list[str]:
    rows = db.execute("SELECT number, first, begun_us FROM segments ORDER BY number").fetchall()
    return ["held", *(Segment(*row).table for row in rows)]


def count_rows(db: Any, gone: Sequence[Gone], mark: str) -> int:
    """How many rows would go; `mark` is how the database marks a value's place."""
    where = _OF_DEVICE.replace("?", mark)
    rows = 0
    for table in _tables(db):
        for one in gone:
            found = db.execute(f"SELECT count(*) FROM {table} WHERE {where}", _values(one))
            rows += int(found.fetchone()[0])
    return rows + len(_naming(db, gone))


def erase_rows(db: Any, gone: Sequence[Gone], mark: str) -> None:
    """Take them out, in the caller's transaction."""
    where = _OF_DEVICE.replace("?", mark)
    tables = _tables(db)
    last = max(
        (db.execute(f"SELECT coalesce(max(seq), 0) FROM {t}").fetchone()[0] for t in tables[1:]),
        default=0,
    )
    db.execute(f"UPDATE inbox SET next_seq = {last + 1} WHERE next_seq <= {last}")
    for table in tables:
        for one in gone:
            db.execute(f"DELETE FROM {table} WHERE {where}", _values(one))
    for number in _naming(db, gone):
        db.execute(f"DELETE FROM unread WHERE id = {int(number)}")


def _values(one: Gone) -> tuple[str, str, int, int]:
    return one.supplier, one.device_id, one.start_us, one.end_us - 1


def _naming(db: Any, gone: Sequence[Gone]) -> list[int]:
    """Unread rows that may be of one of these devices: doubt erases them, whatever their time."""
    names = {(one.supplier, one.device_id.encode()) for one in gone}
    return [
        number
        for number, supplier, raw in db.execute("SELECT id, supplier, raw FROM unread")
        if any(supplier == whose and name in bytes(raw) for whose, name in names)
    ]
