"""The inbox in a SQLite file of its own, written by one process: the holder of its lock.

WAL and `synchronous=FULL`: a commit is on the disk when it returns. A transaction takes the batches
of many requests, and their messages go in by few statements, so that the interpreter's lock is not
handed to and fro once a row.
"""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tipstaff.domain.received import Batch, Held, Received, Stored
from tipstaff.positions.inbox_rows import add_rest, told_apart
from tipstaff.positions.inbox_tables import (
    COLUMN_LIST,
    COLUMNS,
    KEY,
    KEY_LIST,
    InboxWriteError,
    Place,
    Segment,
    is_full,
    other_statements,
    segment_statements,
)

#: Messages of one statement, few sizes so that each is prepared once (SQLite takes 32,766 values).
_AT_ONCE: Final = (500, 100, 20, 5, 1)
_SERIAL: Final = "INTEGER PRIMARY KEY AUTOINCREMENT"
_PATIENCE_S: Final = 5.0


class SqliteInboxStore:
    """The writer's side of the inbox file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect(path)
        self._place = Place()
        with self._transaction():
            for statement in other_statements(_SERIAL, "blob"):
                self._db.execute(statement)
            if self._db.execute("SELECT count(*) FROM inbox").fetchone()[0] == 0:
                self._db.execute("INSERT INTO inbox VALUES (?, 1)", (uuid.uuid4().hex,))
        self._place = found_place(self._db)
        self.inbox_id = str(self._db.execute("SELECT inbox_id FROM inbox").fetchone()[0])

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""
        names = ("journal_mode", "synchronous")
        return {n: str(self._db.execute(f"PRAGMA {n}").fetchone()[0]) for n in names}

    def commit(self, batches: Sequence[Batch], now_us: int) -> list[Stored]:
        """Store batches in one transaction, durable on return; nothing of them if it fails."""
        with self._transaction():
            new = self._add([m for batch in batches for m in batch.kept], now_us)
            for batch in batches:
                add_rest(self._db, batch, "?")
        return told_apart(batches, new)

    def held(self, most: int, after: int = 0) -> list[tuple[int, Held]]:
        """Messages that are held, each with its number, from the one after `after` on."""
        rows = self._db.execute(
            f"SELECT id, reason, {COLUMN_LIST} FROM held WHERE id > ? ORDER BY id LIMIT ?",
            (after, most),
        )
        return [(number, Held(reason, Received(*row))) for number, reason, *row in rows]

    def settle(self, keep: Sequence[int], forget: Sequence[int], now_us: int) -> None:
        """Take held messages in, and forget others, by number; in one transaction."""
        one = f"SELECT {COLUMN_LIST} FROM held WHERE id = ?"
        with self._transaction():
            rows = [Received(*row) for n in keep for row in self._db.execute(one, (n,))]
            self._add(rows, now_us)
            numbers = [(number,) for number in (*keep, *forget)]
            self._db.executemany("DELETE FROM held WHERE id = ?", numbers)

    def forget_unread(self, before_us: int) -> int:
        """Forget what could not be read and was received before then; how many."""
        with self._transaction():
            gone = self._db.execute("DELETE FROM unread WHERE received_us < ?", (before_us,))
        return int(gone.rowcount)

    def drop_read(self, through: int) -> int:
        """Drop the closed segments of which nobody needs what comes after `through`; how many."""
        done = self._place.read_through(through)
        for segment in done:
            with self._transaction():
                self._db.execute(f"DROP TABLE {segment.table}")
                self._db.execute("DELETE FROM segments WHERE number = ?", (segment.number,))
                self._place = self._place.without(segment)
        return len(done)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _add(self, messages: Sequence[Received], now_us: int) -> list[bool]:
        """Put messages into the open segment; of each whether it was new."""
        new: list[bool] = []
        if messages and is_full(self._place, now_us):
            self._begin_segment(now_us)
        while len(new) < len(messages):
            count = next(size for size in _AT_ONCE if size <= len(messages) - len(new))
            new += self._add_some(messages[len(new) : len(new) + count])
        return new

    def _begin_segment(self, now_us: int) -> None:
        made = self._place.following(now_us)
        row = (made.number, made.first, made.begun_us)
        self._db.execute("INSERT INTO segments VALUES (?, ?, ?)", row)
        for statement in segment_statements(made.table, "INTEGER"):
            self._db.execute(statement)
        self._place = self._place.beginning(made)

    def _add_some(self, messages: Sequence[Received]) -> list[bool]:
        first, table, count = self._place.next, self._place.open.table, len(messages)
        values: list[Any] = []
        for sequence, message in enumerate(messages, first):
            values.append(sequence)
            values += message
        older = tuple(segment.table for segment in self._place.segments[:-1])
        added = self._db.execute(_insert(table, older, count), values).rowcount
        self._place = self._place.after(first + count)
        if added == count:
            return [True] * count
        rows = self._db.execute(f"SELECT group_concat(seq) FROM {table} WHERE seq >= ?", (first,))
        stored = {int(text) for text in (rows.fetchone()[0] or "").split(",") if text}
        return [sequence in stored for sequence in range(first, first + count)]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction; InboxWriteError, and all as it was before, where it fails."""
        before = self._place
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            self._place = before
            self._roll_back()
            if not isinstance(error, sqlite3.Error):
                raise
            raise InboxWriteError(
                f"the inbox could not be written ({type(error).__name__}); is the disk full?"
            ) from error

    def _roll_back(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:  # the file is beyond reach: begin again with it
            self._db.close()
            self._db = connect(self._path)


def connect(path: Path) -> sqlite3.Connection:
    """The file for writing, made where there is none; readable by its owner alone."""
    path.touch(mode=0o600, exist_ok=True)
    db = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


def found_place(db: sqlite3.Connection) -> Place:
    """Where writing goes on, from what the file holds."""
    rows = db.execute("SELECT number, first, begun_us FROM segments ORDER BY number")
    segments = tuple(Segment(*row) for row in rows)
    following = int(db.execute("SELECT next_seq FROM inbox").fetchone()[0])
    if not segments:
        return Place(following)
    last = db.execute(f"SELECT max(seq) FROM {segments[-1].table}").fetchone()[0]
    return Place(max(following, segments[-1].first, (last or 0) + 1), segments)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _insert(table: str, older: tuple[str, ...], count: int) -> str:
    """Insert `count` messages that are in no older segment either; the table's key sees to itself.

    Not OR IGNORE: that would drop a row that breaks any other rule, without a word.
    """
    row = f"({_marks(len(COLUMNS) + 1)})"
    places = [f"column{COLUMNS.index(name) + 2}" for name in KEY]
    same = " AND ".join(f"{name} = {place}" for name, place in zip(KEY, places, strict=True))
    nowhere = [f"NOT EXISTS (SELECT 1 FROM {name} WHERE {same})" for name in older]
    return (
        f"INSERT INTO {table} SELECT * FROM (VALUES {', '.join([row] * count)}) "
        f"WHERE {' AND '.join(nowhere) or 'true'} ON CONFLICT ({KEY_LIST}) DO NOTHING"
    )
