"""Whether anything was written to the database since one last asked."""

from __future__ import annotations

import threading
import time
from typing import Final

from django.db import connection

from tipstaff.records.change_marks import SNAPSHOT_FOR_S, changed_since

_thread: Final = threading.local()


def version() -> tuple[int, ...] | None:
    """What changes with every commit, of any connection; None where that cannot be told.

    For one thread's connection: what two are told has nothing to do with each other. SQLite tells
    it without reading the file: a number that changes with the commits of others, and how many rows
    were changed by this one. PostgreSQL tells it of the tables that the intake asks, by one
    statement (see `change_marks`). Within a transaction nobody can tell: it may be undone.
    """
    if connection.in_atomic_block:
        return None
    if connection.vendor != "sqlite":
        return _by_marks()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0]), int(connection.connection.total_changes)


def _by_marks() -> tuple[int]:
    """How often this thread was told of a change; of a new connection, or after long, one is."""
    begun = time.monotonic()
    last: tuple[int, float, str] | None = getattr(_thread, "last", None)
    known = None
    if (
        last is not None
        and last[0] == id(connection.connection)
        and begun - last[1] < SNAPSHOT_FOR_S
    ):
        known = last[2]
    changed, now = changed_since(known)
    _thread.last = (id(connection.connection), begun, now)
    _thread.count = getattr(_thread, "count", 0) + changed
    return (_thread.count,)
