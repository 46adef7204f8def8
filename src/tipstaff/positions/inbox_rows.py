"""Batches as rows of the inbox's smaller tables, and what is told of each batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from tipstaff.domain.periods import from_micros
from tipstaff.domain.received import Batch, Stored

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
