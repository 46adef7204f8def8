"""Checkpoints on PostgreSQL, in a schema of their own: the same contract as the SQLite file.

A worker holds the lock of its shard for as long as its session lives, so that no two ever write
the checkpoints of one shard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from tipstaff.positions.checkpoint_tables import (
    CheckpointsBusyError,
    CheckpointsError,
    statements,
)

SCHEMA: Final = "tipstaff_checkpoints"


class PostgresCheckpoints:
    """A session (`checkpoint_tables.Database`) of the worker of a shard, or, without one, of none.

    A session that broke is begun anew at the next call, and then the lock is asked for again.
    """

    held: Final = " FOR SHARE"

    def __init__(self, url: str, shard: int | None = 0) -> None:
        self._url = url
        self._shard = shard
        with _told():
            self._db = self._connected()
        with self.writing():
            self._db.execute(f"SELECT pg_advisory_xact_lock(hashtext('{SCHEMA}'))")
            self._db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            for statement in statements("bytea"):
                self._db.execute(statement)

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that a question has."""
        return list(self._db.execute(_marked(statement), values).fetchall())

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Do one statement; how many rows it changed."""
        return int(self._db.execute(_marked(statement), values).rowcount)

    def change_each(self, statement: str, values: list[tuple[Any, ...]]) -> int:
        """Do a statement with each of these values; how many rows were changed in all."""
        if not values:
            return 0
        with self._db.cursor() as cursor:
            cursor.executemany(_marked(statement), values)
            return int(cursor.rowcount)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, durable at its end; CheckpointsError, and nothing done, if it fails."""
        with self._transaction():
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One transaction that sees one state of things; CheckpointsError if it fails."""
        with self._transaction():
            self._db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def wipe(self) -> None:
        """Write the tables anew, without what was deleted; workers wait meanwhile."""
        with _told():
            self._db.execute("VACUUM FULL latest")
            self._db.execute("VACUUM FULL history")

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""
        names = ("synchronous_commit", "fsync")
        return {name: str(self._db.execute(f"SHOW {name}").fetchone()[0]) for name in names}

    def close(self) -> None:
        """End the session."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _told():
            if self._db.closed:
                self._db = self._connected()
            with self._db.transaction():
                yield

    def _connected(self) -> Any:
        """A session whose commits are durable and which holds the lock of its shard."""
        db: Any = psycopg.connect(self._url, autocommit=True, prepare_threshold=2)
        db.execute(f"SET search_path TO {SCHEMA}")
        db.execute("SET synchronous_commit TO on")
        if self._shard is not None:
            lock = "SELECT pg_try_advisory_lock(hashtext(%s), %s)"
            if not db.execute(lock, (SCHEMA, self._shard)).fetchone()[0]:
                db.close()
                raise CheckpointsBusyError("another worker keeps the checkpoints of this shard")
        return db


def found_on_server(url: str) -> PostgresCheckpoints | None:
    """A session of no shard's worker; None where no worker ever kept anything."""
    with _told(), psycopg.connect(url, autocommit=True) as db:
        row = db.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.erasures",)).fetchone()
    return PostgresCheckpoints(url, None) if row and row[0] is not None else None


def _marked(statement: str) -> str:
    return statement.replace("?", "%s")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise CheckpointsError(
            f"the checkpoints could not be read or written ({type(error).__name__}): is the server "
            f"running, and may this user make the schema {SCHEMA}?"
        ) from error
