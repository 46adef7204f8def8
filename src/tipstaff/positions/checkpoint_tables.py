"""The tables of the monitoring worker's checkpoints, alike on SQLite and PostgreSQL.

A *life* is one activation, named by `monitoring.lives.life_id`. `cursors` says up to which message
of which inbox a shard's lives were brought; `latest` holds each life as it was then, `history` as
it was at earlier instants, so that a late fact is judged from the last one before it. A person is
named by the random reference that the audit knows them by, never by name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from tipstaff.positions.inbox_tables import Cursor

DAY_US: Final = 86_400_000_000
#: Rows of the history that are younger are all kept; of each older day the last one is.
YOUNG_US: Final = 2 * DAY_US
#: States are made of few bytes that recur; a higher level gains little and takes longer.
_LEVEL: Final = 1


class CheckpointsError(Exception):
    """Checkpoints could not be read or written; nothing was changed."""


class CheckpointsErasedError(CheckpointsError):
    """Somebody was erased since `latest` was read: nothing was written. Read it again, go on so."""


class CheckpointsBusyError(CheckpointsError):
    """Another worker keeps the checkpoints of this shard; nothing was done."""


@dataclass(frozen=True, slots=True)
class LifeRow:
    """A life at an instant (µs): everything up to it, itself included, has been taken.

    `life` is a life's id (`monitoring.lives`), `wearer` the wearer's random reference, as text;
    it is by `wearer` that a person is erased, so anything else there is refused.
    """

    life: str
    wearer: str
    at_us: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Latest:
    """What was committed last: the cursor, and each life. The id is empty before any commit.

    `damaged` are lives whose bytes are no longer what was written: to be made again from facts.
    """

    inbox_id: str = ""
    cursor: Cursor = field(default_factory=Cursor)
    lives: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    damaged: frozenset[str] = frozenset()


class Database(Protocol):
    """A session of either database; statements mark the place of a value by `?`."""

    @property
    def held(self) -> str:
        """What, at a question's end, lets nobody change its rows before the transaction is over."""

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that a question has."""

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Do one statement; how many rows it changed."""

    def change_each(self, statement: str, values: list[tuple[Any, ...]]) -> int:
        """Do a statement with each of these values; how many rows were changed in all."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction, durable at its end; CheckpointsError, and nothing done, if it fails."""

    def reading(self) -> AbstractContextManager[None]:
        """One transaction that sees one state of things; CheckpointsError if it fails."""

    def wipe(self) -> None:
        """Leave nothing of deleted rows in the files, as far as the database lets us."""

    def durability(self) -> dict[str, str]:
        """The settings that make a commit durable, as they are in force."""

    def close(self) -> None:
        """End the session."""


def statements(blob: str) -> tuple[str, ...]:
    """Make the tables where there are none; `blob` is the type of bytes."""
    return (
        "CREATE TABLE IF NOT EXISTS erasures (number bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS cursors (shard integer PRIMARY KEY, inbox_id text NOT NULL, "
        "segment bigint NOT NULL, sequence bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS latest (life text PRIMARY KEY, shard integer NOT NULL, "
        f"wearer text NOT NULL, at_us bigint NOT NULL, content {blob} NOT NULL)",
        "CREATE INDEX IF NOT EXISTS latest_wearer ON latest (wearer)",
        "CREATE TABLE IF NOT EXISTS history (life text NOT NULL, at_us bigint NOT NULL, "
        f"wearer text NOT NULL, content {blob} NOT NULL, PRIMARY KEY (life, at_us))",
        "CREATE INDEX IF NOT EXISTS history_wearer ON history (wearer)",
        "INSERT INTO erasures SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM erasures)",
    )


def packed(content: bytes) -> bytes:
    """Bytes as they are kept."""
    return zlib.compress(content, _LEVEL)


def unpacked(kept: bytes) -> bytes | None:
    """The bytes that are kept so; None where they are damaged, which their checksum tells."""
    try:
        return zlib.decompress(kept)
    except zlib.error:
        return None


def check_wearers(rows: Iterable[LifeRow]) -> None:
    """ValueError where a wearer is named by anything but a random reference as it is written."""
    for wearer in {row.wearer for row in rows}:
        try:
            plain = str(UUID(wearer))
        except ValueError:
            plain = ""
        if plain != wearer:
            raise ValueError("a checkpoint names its wearer by the random reference alone")
