"""Reading the inbox: pages of messages after a cursor, what is held, unread and counted.

Readers write nothing into the file. How far each has come, and what it is about to do, lies in a
small file a reader beside it, so that the intake can drop what all have read.
"""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tipstaff.domain.received import Received
from tipstaff.positions.inbox_tables import COLUMN_LIST, Cursor, Page, Segment

_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader has come (`through`, done for good) and how far it is about to (`until`)."""

    through: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """What could not be read, as it is kept; `row`: where it lay in its message (0: all of it)."""

    number: int
    supplier: str
    feed: str
    received_us: int
    reason: str
    field: str
    raw: bytes
    row: int = 0

    def __repr__(self) -> str:
        """Without the bytes."""
        return f"UnreadRow({self.number}, {self.reason})"


@dataclass(frozen=True, slots=True)
class InboxState:
    """How much there is: messages, held ones, unread ones, dropped ones by reason."""

    first: int
    last: int
    segments: int
    held: int
    unread: int
    dropped: dict[str, int]


class SqliteInboxReader:
    """A reader's side of the inbox file; each call sees what is committed at its beginning."""

    def __init__(self, path: Path, marks: Path) -> None:
        self._path = path
        self._marks = marks

    @contextmanager
    def session(self) -> Iterator[None]:
        """Nothing is held open meanwhile: to open a file costs little."""
        yield

    def exists(self) -> bool:
        """Whether anything was ever received."""
        return self._path.is_file()

    def inbox_id(self) -> str:
        """By what this inbox is known; a new file is another inbox."""
        with closing(self._open()) as db:
            return str(db.execute("SELECT inbox_id FROM inbox").fetchone()[0])

    def read(self, after: Cursor, most: int, until: int | None = None) -> Page:
        """At most so many messages after a cursor, up to number `until`, and the cursor then.

        A segment that was dropped meanwhile is passed over: everybody said they had read it.
        """
        found: list[Received] = []
        cursor = after
        with closing(self._open()) as db:
            db.execute("BEGIN")
            for segment in _segments(db):
                if segment.number < after.segment or len(found) >= most:
                    continue
                rows = db.execute(
                    f"SELECT {COLUMN_LIST}, seq FROM {segment.table} WHERE seq > ? AND seq <= ? "
                    "ORDER BY seq LIMIT ?",
                    (after.sequence, until or _LAST, most - len(found)),
                ).fetchall()
                found += [Received._make(row[:-1]) for row in rows]
                if rows:
                    cursor = Cursor(segment.number, rows[-1][-1])
        return Page(tuple(found), cursor)

    def state(self) -> InboxState:
        """How much there is of everything."""
        with closing(self._open()) as db:
            db.execute("BEGIN")
            segments = _segments(db)
            ends = [
                db.execute(f"SELECT min(seq), max(seq) FROM {s.table}").fetchone() for s in segments
            ]
            counts = dict(
                db.execute("SELECT reason, sum(messages) FROM counts GROUP BY reason ORDER BY 1")
            )
            return InboxState(
                min((low for low, _high in ends if low is not None), default=0),
                max((high for _low, high in ends if high is not None), default=0),
                len(segments),
                _count(db, "held"),
                _count(db, "unread"),
                counts,
            )

    def mark(self, reader: str) -> Mark:
        """How far a reader has come."""
        path = self._marks / f"{reader}.json"
        return (_mark_in(path, self.inbox_id()) if path.is_file() else None) or Mark()

    def set_mark(self, reader: str, mark: Mark) -> None:
        """Note how far a reader has come; on the disk on return."""
        self._marks.mkdir(mode=0o700, exist_ok=True)
        path = self._marks / f"{reader}.json"
        draft = path.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            value = {"inbox": self.inbox_id(), "through": mark.through, "until": mark.until}
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(self._marks)

    def read_by_all(self) -> int:
        """The number of the last message that every reader has done with; 0 without readers."""
        own = self.inbox_id()
        marks = [_mark_in(path, own) for path in sorted(self._marks.glob("*.json"))]
        return min((mark.through for mark in marks if mark is not None), default=0)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=_PATIENCE_S,
            isolation_level=None,
        )


_LAST: Final = 2**63 - 1


def _mark_in(path: Path, inbox: str) -> Mark | None:
    """A mark from its file; None where it is of another inbox, whose numbers mean nothing here."""
    value = json.loads(path.read_text(encoding="ascii"))
    return Mark(value["through"], value["until"]) if value["inbox"] == inbox else None


def _segments(db: sqlite3.Connection) -> list[Segment]:
    rows = db.execute("SELECT number, first, begun_us FROM segments ORDER BY number")
    return [Segment(*row) for row in rows]


def _count(db: Any, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
