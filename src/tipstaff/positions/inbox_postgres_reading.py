"""Reading the inbox on PostgreSQL; how far each reader has come is a row there."""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from tipstaff.domain.received import Received
from tipstaff.positions.inbox_postgres import SCHEMA, connect, one, segments_of
from tipstaff.positions.inbox_reading import InboxState, Mark
from tipstaff.positions.inbox_tables import COLUMN_LIST, Cursor, Page

_LAST: Final = 2**63 - 1


class PostgresInboxReader:
    """A reader's side of the inbox; each call sees what is committed at its beginning."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._holds = False
        self._held: Any = None
        self._exists = False

    @contextmanager
    def session(self) -> Iterator[None]:
        """Meanwhile one connection serves all calls, of one thread; where it broke, a new one."""
        self._holds = True
        try:
            yield
        finally:
            self._holds = False
            self._let_go()

    def exists(self) -> bool:
        """Whether anything was ever received."""
        if not (self._holds and self._exists):
            with psycopg.connect(self._url) as db:
                self._exists = one(db, f"SELECT to_regclass('{SCHEMA}.readers')") is not None
        return self._exists

    def inbox_id(self) -> str:
        """By what this inbox is known."""
        with self._connected() as db:
            return str(one(db, "SELECT inbox_id FROM inbox"))

    def read(self, after: Cursor, most: int, until: int | None = None) -> Page:
        """At most so many messages after a cursor, up to number `until`, and the cursor then."""
        found: list[Received] = []
        cursor = after
        with self._snapshot() as db:
            for segment in segments_of(db):
                if segment.number < after.segment or len(found) >= most:
                    continue
                rows = db.execute(
                    f"SELECT {COLUMN_LIST}, seq FROM {segment.table} WHERE seq > %s AND seq <= %s "
                    "ORDER BY seq LIMIT %s",
                    (after.sequence, until or _LAST, most - len(found)),
                ).fetchall()
                found += [Received._make(row[:-1]) for row in rows]
                if rows:
                    cursor = Cursor(segment.number, rows[-1][-1])
        return Page(tuple(found), cursor)

    def state(self) -> InboxState:
        """How much there is of everything."""
        with self._snapshot() as db:
            segments = segments_of(db)
            ends = [
                db.execute(f"SELECT min(seq), max(seq) FROM {s.table}").fetchone() or (None, None)
                for s in segments
            ]
            rows = db.execute(
                "SELECT reason, sum(messages)::bigint FROM counts GROUP BY reason ORDER BY 1"
            )
            return InboxState(
                min((low for low, _high in ends if low is not None), default=0),
                max((high for _low, high in ends if high is not None), default=0),
                len(segments),
                one(db, "SELECT count(*) FROM held"),
                one(db, "SELECT count(*) FROM unread"),
                dict(rows.fetchall()),
            )

    def mark(self, reader: str) -> Mark:
        """How far a reader has come."""
        with self._connected() as db:
            row = db.execute(
                "SELECT through, until FROM readers WHERE reader = %s", (reader,)
            ).fetchone()
        return Mark(*row) if row else Mark()

    def set_mark(self, reader: str, mark: Mark) -> None:
        """Note how far a reader has come; durable on return."""
        with self._connected() as db:
            db.execute(
                "INSERT INTO readers VALUES (%s, %s, %s) ON CONFLICT (reader) DO UPDATE "
                "SET through = excluded.through, until = excluded.until",
                (reader, mark.through, mark.until),
            )

    def read_by_all(self) -> int:
        """The number of the last message that every reader has done with; 0 without readers."""
        with self._connected() as db:
            return int(one(db, "SELECT coalesce(min(through), 0) FROM readers"))

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        if not self._holds:
            with connect(self._url) as db:
                yield db
            return
        if self._held is None:
            self._held = connect(self._url)
        try:
            yield self._held
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()

    @contextmanager
    def _snapshot(self) -> Iterator[Any]:
        with self._connected() as db:
            db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with db.transaction():
                yield db
