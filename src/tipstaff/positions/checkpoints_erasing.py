"""Take a person out of the checkpoints, by a process that is not their writer.

The erasure is counted, and a worker that read before it writes nothing more until it has read
again: what it still holds in memory of the person never comes back.
"""

# Statements are put together from our own names.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import closing

from tipstaff.positions.checkpoint_tables import Database


class CheckpointsErasing:
    """The checkpoints of every shard, for erasing from.

    `opened` begins a session; it gives None where no worker ever kept anything.
    """

    def __init__(self, opened: Callable[[], Database | None]) -> None:
        self._opened = opened

    def count(self, wearers: Collection[str]) -> int:
        """How many rows would go of these people, named by their random references."""
        database = self._opened()
        if database is None:
            return 0
        with closing(database), database.reading():
            return sum(
                int(database.rows(f"SELECT count(*) FROM {table} WHERE wearer = ?", (who,))[0][0])
                for table in ("latest", "history")
                for who in dict.fromkeys(wearers)
            )

    def erase(self, wearers: Collection[str]) -> None:
        """Take them out, of free pages and logs too; done again, it changes nothing more."""
        names = [(who,) for who in dict.fromkeys(wearers)]
        database = self._opened() if names else None
        if database is None:
            return
        with closing(database):
            with database.writing():
                # first: a worker's commit is over before this, or waits for it and is refused
                database.change("UPDATE erasures SET number = number + 1")
                database.change_each("DELETE FROM latest WHERE wearer = ?", names)
                database.change_each("DELETE FROM history WHERE wearer = ?", names)
            database.wipe()
