"""Whether anything that the intake asks was written since one last asked."""

from __future__ import annotations

import threading
from typing import Final

from django.db import connection

from tipstaff.records.change_marks import changed_since, rows_written

_thread: Final = threading.local()


def version() -> int | None:
    """What changes with every commit that wrote to a table that is marked (`change_marks`).

    None where that cannot be told: within a transaction, since what it wrote may be undone. It is
    for one thread's connection: what two are told has nothing to do with each other.
    """
    if connection.in_atomic_block:
        return None
    return rows_written() if connection.vendor == "sqlite" else _by_snapshots()


def _by_snapshots() -> int:
    """How often this thread was told of a change; of a new connection one is."""
    # the connection itself is kept, not its id, which a later one may have
    used, last = getattr(_thread, "last", (None, None))
    changed, now = changed_since(last if used is connection.connection else None)
    _thread.last = (connection.connection, now)
    _thread.count = getattr(_thread, "count", 0) + changed
    return int(_thread.count)
