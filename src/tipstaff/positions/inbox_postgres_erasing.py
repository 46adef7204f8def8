"""Take what is of a person out of the inbox on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from tipstaff.positions.inbox_erasing import Gone, count_rows, erase_rows
from tipstaff.positions.inbox_postgres import SCHEMA


class PostgresInboxErasing:
    """The inbox on PostgreSQL, for erasing from."""

    def __init__(self, url: str) -> None:
        self._url = url

    def count(self, gone: Sequence[Gone]) -> int:
        """How many rows would go."""
        with psycopg.connect(self._url, autocommit=True) as db:
            return count_rows(db, gone, "%s") if _made(db) else 0

    def erase(self, gone: Sequence[Gone]) -> None:
        """Take them out."""
        with psycopg.connect(self._url, autocommit=True) as db:
            if _made(db):
                with db.transaction():
                    erase_rows(db, gone, "%s")


def _made(db: Any) -> bool:
    """Whether anything was ever received there; its tables are then those that are named."""
    db.execute(f"SET search_path TO {SCHEMA}")
    return db.execute("SELECT to_regclass('segments')").fetchone()[0] is not None
