"""The inbox on PostgreSQL, in a schema of its own: the same contract as the SQLite file.

Messages go in by COPY into a table of the session's, and from there into the segment. Writers of
several machines take turns by the row that has the next number, so that numbers are committed in
their order and a reader who has seen one has seen all before it.
"""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from tipstaff.domain.received import Batch, Held, Received, Stored
from tipstaff.positions.inbox_rows import add_rest, told_apart
from tipstaff.positions.inbox_tables import (
    COLUMN_LIST,
    KEY,
    KEY_LIST,
    TYPED_LIST,
    InboxWriteError,
    Place,
    Segment,
    is_full,
    other_statements,
    segment_statements,
)

SCHEMA: Final = "tipstaff_inbox"
#: What COPY's text format would take for the end of a value, of a row, or for an escape.
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_SERIAL: Final = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"


class PostgresInboxStore:
    """A writer's side of the inbox."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            self._db = _writer(url)
        except psycopg.Error as error:
            raise InboxWriteError(
                f"the inbox cannot be reached ({type(error).__name__}): its server has to run, and "
                f"to let this user make the schema {SCHEMA}"
            ) from error
        with self._transaction():
            self._db.execute(f"SELECT pg_advisory_xact_lock(hashtext('{SCHEMA}'))")
            for statement in other_statements(_SERIAL, "bytea"):
                self._db.execute(statement)
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS readers (reader text PRIMARY KEY, "
                "through bigint NOT NULL, until bigint NOT NULL)"
            )
            if one(self._db, "SELECT count(*) FROM inbox") == 0:
                self._db.execute("INSERT INTO inbox VALUES (%s, 1)", (uuid.uuid4().hex,))
        self.inbox_id = str(one(self._db, "SELECT inbox_id FROM inbox"))
        self._place = Place()

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""
        names = ("synchronous_commit", "fsync")
        return {name: str(one(self._db, f"SHOW {name}")) for name in names}

    def commit(self, batches: Sequence[Batch], now_us: int) -> list[Stored]:
        """Store batches in one transaction, durable on return; nothing of them if it fails."""
        kept = [m for batch in batches for m in batch.kept]
        with self._writing(len(kept)):
            new = self._add(kept, now_us)
            for batch in batches:
                add_rest(self._db, batch, "%s")
        return told_apart(batches, new)

    def held(self, most: int, after: int = 0) -> list[tuple[int, Held]]:
        """Messages that are held, each with its number, from the one after `after` on."""
        rows = self._db.execute(
            f"SELECT id, reason, {COLUMN_LIST} FROM held WHERE id > %s ORDER BY id LIMIT %s",
            (after, most),
        )
        return [(number, Held(reason, Received(*row))) for number, reason, *row in rows]

    def settle(self, keep: Sequence[int], forget: Sequence[int], now_us: int) -> None:
        """Take held messages in, and forget others, by number; in one transaction."""
        with self._writing(len(keep)):
            rows = self._db.execute(
                f"SELECT {COLUMN_LIST} FROM held WHERE id = ANY(%s) ORDER BY id", (list(keep),)
            ).fetchall()
            self._add([Received(*row) for row in rows], now_us)
            self._db.execute("DELETE FROM held WHERE id = ANY(%s)", ([*keep, *forget],))

    def forget_unread(self, before_us: int) -> int:
        """Forget what could not be read and was received before then; how many."""
        with self._transaction():
            gone = self._db.execute("DELETE FROM unread WHERE received_us < %s", (before_us,))
        return int(gone.rowcount)

    def drop_read(self, through: int) -> int:
        """Drop the closed segments of which nobody needs what comes after `through`; how many."""
        with self._writing():
            done = self._place.read_through(through)
            for segment in done:
                self._db.execute(f"DROP TABLE {segment.table}")
                self._db.execute("DELETE FROM segments WHERE number = %s", (segment.number,))
        return len(done)

    def close(self) -> None:
        """Leave the server."""
        self._db.close()

    def _add(self, messages: Sequence[Received], now_us: int) -> list[bool]:
        """Put messages into the open segment; of each whether it was new."""
        if not messages:
            return []
        if is_full(self._place, now_us):
            self._begin_segment(now_us)
        first, table, count = self._place.next, self._place.open.table, len(messages)
        with self._db.cursor() as cursor:
            with cursor.copy(f"COPY incoming (seq, {COLUMN_LIST}) FROM STDIN") as copy:
                copy.write("".join(map(_line, enumerate(messages, first))))
            older = tuple(s.table for s in self._place.segments[:-1])
            cursor.execute(_insert(table, older))
            added = cursor.rowcount
        if added == count:
            return [True] * count
        rows = self._db.execute(f"SELECT seq FROM {table} WHERE seq >= %s", (first,))
        stored = {row[0] for row in rows}
        return [sequence in stored for sequence in range(first, first + count)]

    def _begin_segment(self, now_us: int) -> None:
        made = self._place.following(now_us)
        self._db.execute(
            "INSERT INTO segments VALUES (%s, %s, %s)", (made.number, made.first, made.begun_us)
        )
        for statement in segment_statements(made.table, "bigint"):
            self._db.execute(statement)
        self._place = self._place.beginning(made)

    @contextmanager
    def _writing(self, numbers: int = 0) -> Iterator[None]:
        """A transaction of the writer whose turn it is, its place read anew.

        It takes so many numbers from its place on; those it does not use belong to nobody.
        """
        with self._transaction():
            taken = self._db.execute(
                "UPDATE inbox SET next_seq = next_seq + %s RETURNING next_seq", (numbers,)
            )
            self._place = Place(taken.fetchone()[0] - numbers, segments_of(self._db))
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction; InboxWriteError, and all as it was before, where it fails."""
        try:
            if self._db.closed:
                self._db = _writer(self._url)
            with self._db.transaction():
                yield
        except psycopg.Error as error:
            if self._db.broken:
                self._db.close()
            raise InboxWriteError(
                f"the inbox could not be written ({type(error).__name__}); is its disk full?"
            ) from error


def connect(url: str) -> Any:
    """A session in the inbox's schema, which is made where there is none; commits are durable."""
    db = psycopg.connect(url, autocommit=True, prepare_threshold=2)
    if one(db, f"SELECT to_regnamespace('{SCHEMA}')") is None:
        db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    db.execute(f"SET search_path TO {SCHEMA}")
    db.execute("SET synchronous_commit TO on")
    return db


def _writer(url: str) -> Any:
    """A writer's session: it has a table that COPY goes into, empty again with each commit."""
    db = connect(url)
    db.execute(f"CREATE TEMP TABLE incoming (seq bigint, {TYPED_LIST}) ON COMMIT DELETE ROWS")
    return db


def one(db: Any, statement: str) -> Any:
    """The one value of a statement."""
    return db.execute(statement).fetchone()[0]


def segments_of(db: Any) -> tuple[Segment, ...]:
    """The segments that there are, in order."""
    rows = db.execute("SELECT number, first, begun_us FROM segments ORDER BY number")
    return tuple(Segment(*row) for row in rows)


def _line(numbered: tuple[int, Received]) -> str:
    """A message as COPY reads it: several times as fast as handing over value by value."""
    sequence, message = numbered
    values = [
        r"\N" if value is None else value.translate(_ESCAPES) if type(value) is str else str(value)
        for value in message
    ]
    return "\t".join([str(sequence), *values]) + "\n"


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


def _insert(table: str, older: tuple[str, ...]) -> str:
    """Take over what is in no older segment; the table's key sees to itself."""
    names = f"seq, {COLUMN_LIST}"
    same = " AND ".join(f"had.{key} = incoming.{key}" for key in KEY)
    nowhere = [f"NOT EXISTS (SELECT 1 FROM {name} AS had WHERE {same})" for name in older]
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming "
        f"WHERE {' AND '.join(nowhere) or 'true'} ORDER BY seq "
        f"ON CONFLICT ({KEY_LIST}) DO NOTHING"
    )
