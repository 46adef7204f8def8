"""Batches as rows of the inbox's smaller tables, and what is told of each batch."""

# Statements are put together from our own table and column names.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from tipstaff.domain.periods import from_micros
from tipstaff.domain.received import Batch, Stored
from tipstaff.positions.inbox_tables import COLUMN_LIST, COLUMNS, KEY_LIST

#: So many bytes are kept of what could not be read; the reason says where it was cut.
MOST_RAW_BYTES: Final = 262_144
CUT: Final = "_CUT"


def told_apart(batches: Sequence[Batch], new: Sequence[bool]) -> list[Stored]:
    """What became of each batch's kept messages, from what became of all of them in order."""
    told, start = [], 0
    for batch in batches:
        count = len(batch.kept)
        added = sum(new[start : start + count])
        told.append(Stored(added, count - added))
        start += count
    return told


def unread_rows(batch: Batch) -> Iterator[tuple[object, ...]]:
    """What could not be read, with the digest by which it is kept once."""
    for one in batch.unread:
        reason = one.reason + CUT if len(one.raw) > MOST_RAW_BYTES else one.reason
        digest = hashlib.blake2b(one.raw, digest_size=16).hexdigest()
        raw = one.raw[:MOST_RAW_BYTES]
        yield (
            batch.supplier, batch.feed, batch.received_us, reason, one.field, one.row, digest, raw,
        )  # fmt: skip


def counted(batch: Batch) -> Iterator[tuple[object, ...]]:
    """What was dropped and only counted: day, supplier, reason, how many."""
    day = from_micros(batch.received_us).date().isoformat()
    for reason, messages in batch.dropped:
        yield (day, batch.supplier, reason, messages)


def add_rest(db: Any, batch: Batch, mark: str) -> None:
    """What of a batch is not taken in: held, unread, counted; in the caller's transaction.

    `mark` is how the database marks a value's place.
    """

    def marks(count: int) -> str:
        return ", ".join([mark] * count)

    if not (batch.held or batch.unread or batch.dropped):
        return  # nearly always
    with closing(db.cursor()) as cursor:
        if batch.held:
            cursor.executemany(
                f"INSERT INTO held (reason, {COLUMN_LIST}) VALUES ({marks(len(COLUMNS) + 1)}) "
                f"ON CONFLICT ({KEY_LIST}) DO NOTHING",
                [(one.reason, *one.message) for one in batch.held],
            )
        if batch.unread:
            cursor.executemany(
                "INSERT INTO unread (supplier, feed, received_us, reason, field, place, digest, "
                f"raw) VALUES ({marks(8)}) ON CONFLICT (supplier, feed, digest) DO NOTHING",
                list(unread_rows(batch)),
            )
        if batch.dropped:
            cursor.executemany(
                f"INSERT INTO counts VALUES ({marks(4)}) ON CONFLICT (day, supplier, reason) "
                "DO UPDATE SET messages = counts.messages + excluded.messages",
                list(counted(batch)),
            )
