"""Checkpoints in a SQLite file of their own, written by one process: the holder of its lock.

WAL and `synchronous=FULL`: a commit is on the disk when it returns. What is deleted or replaced is
overwritten, so that an erasure need not look for what was there before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tipstaff.positions.checkpoint_tables import CheckpointsError, statements

_PATIENCE_S: Final = 30.0
#: What is to be done where the file itself is damaged: nothing in it is lost that cannot be remade.
_REMADE: Final = "delete their file while no worker runs: it makes them again from the archive"


class SqliteCheckpoints:
    """A session with the file (`checkpoint_tables.Database`), which is made where there is none."""

    #: A transaction that writes is alone.
    held: Final = ""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=True)
        with _told():
            self._db = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
        with self.writing():
            for statement in statements("blob"):
                self._db.execute(statement)

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that a question has."""
        return self._db.execute(statement, values).fetchall()

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Do one statement; how many rows it changed."""
        return self._db.execute(statement, values).rowcount

    def change_each(self, statement: str, values: list[tuple[Any, ...]]) -> int:
        """Do a statement with each of these values; how many rows were changed in all."""
        return self._db.executemany(statement, values).rowcount if values else 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, durable at its end; CheckpointsError, and nothing done, if it fails."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One transaction that sees one state of things; CheckpointsError if it fails."""
        with self._transaction("BEGIN"):
            yield

    def wipe(self) -> None:
        """Bring the log into the file, where deleted rows are overwritten, and cut it off."""
        with _told():
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise CheckpointsError("the log of the checkpoints is in use; try again")

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""
        names = ("journal_mode", "synchronous")
        return {n: str(self._db.execute(f"PRAGMA {n}").fetchone()[0]) for n in names}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with _told():
            try:
                self._db.execute(begin)
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def found_in_file(path: Path) -> SqliteCheckpoints | None:
    """A session with the file; None where there is none, since no worker ever kept anything."""
    return SqliteCheckpoints(path) if path.is_file() else None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CheckpointsError(
            f"the checkpoints could not be read or written ({type(error).__name__}): is the disk "
            f"full? If they are damaged, {_REMADE}."
        ) from error
