"""A thread's connection to the database, begun anew after it broke."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection


def close_own() -> None:
    """Close this thread's connection: before the thread ends."""
    connection.close()


@contextmanager
def mended() -> Iterator[None]:
    """Where the database fails the connection is closed; whoever asks next gets a new one.

    For threads that live as long as the process: nothing else would ever close theirs.
    """
    try:
        yield
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()
        raise
