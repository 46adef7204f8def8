"""What could not be read, looked at by kind, and moved once it can be.

A process that is not the writer moves it, as an erasure does: messages go to those that are held,
which the writer looks at every few seconds, so that no number is given but by the writer.
"""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from tipstaff.domain.received import Batch
from tipstaff.positions.inbox_postgres import SCHEMA
from tipstaff.positions.inbox_reading import UnreadRow
from tipstaff.positions.inbox_rows import add_rest

_PATIENCE_S: Final = 30.0
_ROW: Final = "id, supplier, feed, received_us, reason, field, raw, place"


@dataclass(frozen=True, slots=True)
class UnreadKind:
    """What could not be read of one feed of a supplier for one reason: how many, from when on."""

    supplier: str
    feed: str
    reason: str
    messages: int
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class UnreadWanted:
    """Which are meant; an empty part means any, and so does number 0. `after`: from there on."""

    supplier: str = ""
    feed: str = ""
    reason: str = ""
    number: int = 0
    after: int = 0


class InboxAgain(ABC):
    """An inbox, for what could not be read in it. `mark` stands for a value in its statements."""

    mark: str

    def kinds(self) -> list[UnreadKind]:
        """What there is, by kind, the most first."""
        with self._opened() as db:
            return _kinds(db) if db else []

    def rows(self, wanted: UnreadWanted, most: int) -> list[UnreadRow]:
        """Those that are meant, in their order."""
        with self._opened() as db:
            return _rows(db, wanted, most, self.mark) if db else []

    def move(self, moved: Sequence[tuple[int, Batch]]) -> int:
        """In place of each, what was read of it, all or none; how many were there still."""
        with self._opened() as db:
            if db is None:
                return 0
            with self._whole(db):
                return _move(db, moved, self.mark)

    @abstractmethod
    def _opened(self) -> AbstractContextManager[Any]:
        """A connection; None where nothing was ever received."""

    @abstractmethod
    def _whole(self, db: Any) -> AbstractContextManager[Any]:
        """A transaction, durable once it is over."""


class SqliteInboxAgain(InboxAgain):
    """The inbox file."""

    mark = "?"

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if not self._path.is_file():
            yield None
            return
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            yield db

    @contextmanager
    def _whole(self, db: Any) -> Iterator[None]:
        db.execute("BEGIN IMMEDIATE")
        yield  # where it fails the connection is closed, and nothing was done
        db.execute("COMMIT")


class PostgresInboxAgain(InboxAgain):
    """The inbox on PostgreSQL."""

    mark = "%s"

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        with psycopg.connect(self._url, autocommit=True) as db:
            db.execute(f"SET search_path TO {SCHEMA}")
            db.execute("SET synchronous_commit TO on")
            row = db.execute("SELECT to_regclass('segments')").fetchone()
            yield db if row and row[0] is not None else None

    def _whole(self, db: Any) -> AbstractContextManager[Any]:
        whole: AbstractContextManager[Any] = db.transaction()
        return whole


def _kinds(db: Any) -> list[UnreadKind]:
    rows = db.execute(
        "SELECT supplier, feed, reason, count(*), min(received_us), max(received_us) FROM unread "
        "GROUP BY supplier, feed, reason ORDER BY count(*) DESC, supplier, feed, reason"
    ).fetchall()
    return [UnreadKind(*row) for row in rows]


def _rows(db: Any, wanted: UnreadWanted, most: int, mark: str) -> list[UnreadRow]:
    asked: dict[str, object] = {
        "supplier": wanted.supplier, "feed": wanted.feed, "reason": wanted.reason,
        "id": wanted.number,
    }  # fmt: skip
    given = {name: value for name, value in asked.items() if value}
    where = "".join(f" AND {name} = {mark}" for name in given)
    rows = db.execute(
        f"SELECT {_ROW} FROM unread WHERE id > {mark}{where} ORDER BY id LIMIT {mark}",
        (wanted.after, *given.values(), most),
    ).fetchall()
    return [
        UnreadRow(number, supplier, feed, received_us, reason, field, bytes(raw), row)
        for number, supplier, feed, received_us, reason, field, raw, row in rows
    ]


def _move(db: Any, moved: Sequence[tuple[int, Batch]], mark: str) -> int:
    count = 0
    for number, batch in moved:
        if db.execute(f"DELETE FROM unread WHERE id = {mark}", (number,)).rowcount == 1:
            add_rest(db, batch, mark)
            count += 1
    return count
