"""The worker's checkpoints: where each life stood, and the cursor up to which that is so.

They hold nothing that cannot be made again from the archive and the inbox, so they are in no
backup. One `Checkpoints` is a worker's; on PostgreSQL several workers have a shard each.
"""

# Statements are put together from our own names.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from tipstaff.positions.checkpoint_tables import (
    DAY_US,
    YOUNG_US,
    CheckpointsErasedError,
    Database,
    Latest,
    LifeRow,
    check_wearers,
    packed,
    unpacked,
)
from tipstaff.positions.inbox_tables import Cursor

_CURSOR: Final = (
    "INSERT INTO cursors (shard, inbox_id, segment, sequence) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (shard) DO UPDATE SET inbox_id = excluded.inbox_id, "
    "segment = excluded.segment, sequence = excluded.sequence"
)
_LATEST: Final = (
    "INSERT INTO latest (life, shard, wearer, at_us, content) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (life) DO UPDATE SET wearer = excluded.wearer, at_us = excluded.at_us, "
    "content = excluded.content WHERE latest.shard = excluded.shard"
)
_HISTORY: Final = (
    "INSERT INTO history (life, at_us, wearer, content) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (life, at_us) DO UPDATE SET wearer = excluded.wearer, content = excluded.content"
)
_VOID: Final = "DELETE FROM history WHERE life = ? AND at_us >= ?"
_THIN: Final = (
    "DELETE FROM history WHERE at_us < ? AND EXISTS (SELECT 1 FROM history AS later "
    "WHERE later.life = history.life AND later.at_us > history.at_us AND later.at_us < ? "
    f"AND later.at_us / {DAY_US} = history.at_us / {DAY_US})"
)


class Checkpoints:
    """A worker's side of the checkpoints of one shard. Every call may raise CheckpointsError."""

    def __init__(self, database: Database, shard: int = 0) -> None:
        self._db = database
        self._shard = shard
        with database.reading():
            self._erasures = self._erasure_number()

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""
        return self._db.durability()

    def latest(self) -> Latest:
        """What was committed last; nothing at first. After an erasure, to be read again."""
        with self._db.reading():
            erasures = self._erasure_number()
            cursors = self._db.rows(
                "SELECT inbox_id, segment, sequence FROM cursors WHERE shard = ?", (self._shard,)
            )
            kept = self._db.rows(
                "SELECT life, content FROM latest WHERE shard = ? ORDER BY life", (self._shard,)
            )
        self._erasures = erasures
        lives, damaged = _opened(kept)
        inbox_id, *place = cursors[0] if cursors else ("", 0, 0)
        return Latest(inbox_id, Cursor(*place), lives, damaged)

    def latest_of(self, lives: Collection[str]) -> dict[str, bytes]:
        """What was committed last of these lives, of whichever shard; damaged ones are left out."""
        ask = "SELECT life, content FROM latest WHERE life = ?"
        with self._db.reading():
            kept = [row for life in dict.fromkeys(lives) for row in self._db.rows(ask, (life,))]
        return _opened(kept)[0]

    def commit(
        self,
        inbox_id: str,
        cursor: Cursor,
        latest: Sequence[LifeRow],
        history: Sequence[LifeRow],
        gone: Collection[str] = (),
        void: Mapping[str, int] | None = None,
    ) -> None:
        """Put down how far the worker is, in one transaction that is durable on return.

        `latest` takes the place of what was kept of these lives, `history` is added to theirs;
        `gone` lives lose everything; of a life in `void` the history from that instant on is void,
        since facts from before it came in late. ValueError, and nothing done, for a cursor that
        goes back, or a life of another shard, or one both gone and there.
        CheckpointsErasedError where somebody was erased since `latest` was read.
        """
        check_wearers([*latest, *history])
        if {row.life for row in (*latest, *history)} & set(gone):
            raise ValueError("a life cannot be gone and there")
        small = {content: packed(content) for content in {r.content for r in (*latest, *history)}}
        new = [(r.life, self._shard, r.wearer, r.at_us, small[r.content]) for r in latest]
        old = [(r.life, r.at_us, r.wearer, small[r.content]) for r in history]
        with self._db.writing():
            self._check(inbox_id, cursor)
            self._db.change_each(_VOID, list((void or {}).items()))
            self._forget(gone)
            if self._db.change_each(_LATEST, new) != len(new):
                raise ValueError("a life belongs to another shard")
            self._db.change_each(_HISTORY, old)
            self._db.change(_CURSOR, (self._shard, inbox_id, cursor.segment, cursor.sequence))

    def last_before(self, life: str, at_us: int) -> LifeRow | None:
        """The newest row of a life's history from before an instant; damaged ones are passed over.

        None where there is none: the life begins with its activation.
        """
        while True:
            with self._db.reading():
                found = self._db.rows(
                    "SELECT life, wearer, at_us, content FROM history "
                    "WHERE life = ? AND at_us < ? ORDER BY at_us DESC LIMIT 1",
                    (life, at_us),
                )
            if not found:
                return None
            ((name, wearer, at_us, kept),) = found
            content = unpacked(bytes(kept))
            if content is not None:
                return LifeRow(name, wearer, at_us, content)

    def history(self, life: str) -> list[int]:
        """The instants of a life's history, in order."""
        with self._db.reading():
            found = self._db.rows(
                "SELECT at_us FROM history WHERE life = ? ORDER BY at_us", (life,)
            )
        return [at_us for (at_us,) in found]

    def drop_after(self, life: str, at_us: int) -> None:
        """Drop a life's history from an instant on, itself included."""
        with self._db.writing():
            self._db.change(_VOID, (life, at_us))

    def thin(self, now_us: int) -> int:
        """Drop all but the last of each UTC day from what is 48 hours old; how many went."""
        before = now_us - YOUNG_US
        with self._db.writing():
            return self._db.change(_THIN, (before, before))

    def forget(self, lives: Collection[str]) -> None:
        """Drop everything of lives that are over, and to which nothing late can come any more."""
        with self._db.writing():
            self._forget(lives)

    def close(self) -> None:
        """End the session."""
        self._db.close()

    def _forget(self, lives: Collection[str]) -> None:
        names = [(life,) for life in dict.fromkeys(lives)]
        self._db.change_each("DELETE FROM latest WHERE life = ?", names)
        self._db.change_each("DELETE FROM history WHERE life = ?", names)

    def _erasure_number(self, held: str = "") -> int:
        return int(self._db.rows(f"SELECT number FROM erasures{held}")[0][0])

    def _check(self, inbox_id: str, cursor: Cursor) -> None:
        """Nobody was erased, nor is before the transaction's end; the cursor does not go back."""
        if self._erasure_number(self._db.held) != self._erasures:
            raise CheckpointsErasedError("somebody was erased: read the checkpoints again")
        ask = "SELECT segment, sequence FROM cursors WHERE shard = ? AND inbox_id = ?"
        for row in self._db.rows(ask, (self._shard, inbox_id)):
            if cursor < Cursor(*row):
                raise ValueError("the cursor would go back")


def _opened(kept: Sequence[tuple[Any, ...]]) -> tuple[dict[str, bytes], frozenset[str]]:
    """Lives, and those that are damaged."""
    contents = {life: unpacked(bytes(content)) for life, content in kept}
    lives = {life: content for life, content in contents.items() if content is not None}
    return lives, frozenset(contents.keys() - lives.keys())
