"""Take people, or single lives, out of the checkpoints, by a process that is not their writer.

The erasure is counted, and a worker that read before it writes nothing more until it has read
again: what it still holds in memory of the person never comes back.
"""

# Statements are put together from our own names.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from typing import Any, Final

from tipstaff.positions.checkpoint_tables import Database


class CheckpointsErasing:
    """The checkpoints of every shard, for erasing from.

    `opened` begins a session; it gives None where no worker ever kept anything.
    """

    def __init__(self, opened: Callable[[], Database | None]) -> None:
        self._opened = opened

    def count(self, wearers: Collection[str], lives: Collection[str] = ()) -> int:
        """How many rows would go: of people, by their random references, and of single lives."""
        database = self._opened()
        if database is None:
            return 0
        with closing(database), database.reading():
            found: set[tuple[Any, ...]] = set()
            for table, column, name in _each(wearers, lives):
                rows = database.rows(f"{_FIND[table]} WHERE {column} = ?", (name,))
                found.update((table, *row) for row in rows)
        return len(found)

    def erase(self, wearers: Collection[str], lives: Collection[str] = ()) -> None:
        """Take them out, of free pages and logs too; done again, it changes nothing more."""
        each = list(_each(wearers, lives))
        database = self._opened() if each else None
        if database is None:
            return
        with closing(database):
            with database.writing():
                # first: a worker's commit is over before this, or waits for it and is refused
                database.change("UPDATE erasures SET number = number + 1")
                for table, column, name in each:
                    database.change(f"DELETE FROM {table} WHERE {column} = ?", (name,))
            database.wipe()


#: The keys of a table's rows.
_FIND: Final = {
    "latest": "SELECT life FROM latest",
    "history": "SELECT life, at_us FROM history",
}


def _each(wearers: Collection[str], lives: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Table, column and name of each thing that goes."""
    for table in _FIND:
        for column, names in (("wearer", wearers), ("life", lives)):
            for name in dict.fromkeys(names):
                yield table, column, name
