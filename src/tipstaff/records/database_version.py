"""Whether anything was written to the database since one last asked."""

from __future__ import annotations

from django.db import connection


def version() -> tuple[int, int] | None:
    """What changes with every commit, of any connection; None where that is not told.

    For one thread's connection: what two are told has nothing to do with each other. SQLite tells
    it without reading the file: a number that changes with the commits of others, and how many rows
    were changed by this one. PostgreSQL has nothing of the kind that the inbox would not change.
    """
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0]), int(connection.connection.total_changes)
