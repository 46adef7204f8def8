"""Whether anything was written to the database since one last asked."""

from __future__ import annotations

from django.db import connection


def version() -> int | None:
    """A number that changes with every commit of another connection; None where that is not told.

    For one thread's connection: the numbers of two have nothing to do with each other. SQLite tells
    it without reading the file. PostgreSQL has nothing of the kind that the inbox would not change.
    """
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
