"""The inbox's tables, alike on SQLite and PostgreSQL.

`messages_N` is a segment: messages in the order of `seq`, unique by time and digest. The time comes
first in that key so that the messages of one minute lie together and a commit touches few pages.
`held` has messages that may not be taken in yet, `unread` what could not be read, `counts` what was
counted and not kept, `segments` the segments that there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipstaff.domain.received import Received

#: Column → its type on PostgreSQL; SQLite knows them by affinity. In the order of `Received`.
_TYPES: Final = {
    "kind": "smallint NOT NULL",
    "time_us": "bigint NOT NULL",
    "digest_high": "bigint NOT NULL",
    "digest_low": "bigint NOT NULL",
    "supplier": "text NOT NULL",
    "device_id": "text NOT NULL",
    "feed": "text NOT NULL",
    "received_us": "bigint NOT NULL",
    "clock": "smallint NOT NULL",
    "precision_level_pct": "smallint",
    "mechanism": "smallint",
    "satellites": "integer",
    "recorded_us": "bigint",
    "claimed_us": "bigint",
    "code": "text",
    "body": "text",
}
COLUMNS: Final = Received._fields
COLUMN_LIST: Final = ", ".join(COLUMNS)
KEY: Final = ("time_us", "digest_high", "digest_low")
KEY_LIST: Final = ", ".join(KEY)
#: The same as a table is made of them.
TYPED_LIST: Final = ", ".join(f"{name} {_TYPES.get(name, 'integer')}" for name in COLUMNS)

#: A segment is closed once it has so many messages or is so old, and dropped once all have read it.
SEGMENT_ROWS: Final = 1_000_000
SEGMENT_US: Final = 6 * 3_600_000_000


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """How far somebody has read: the segment and the number of the last message read."""

    segment: int = 0
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its number, the number of its first message, when it was begun."""

    number: int
    first: int
    begun_us: int

    @property
    def table(self) -> str:
        """The name of its table."""
        return f"messages_{self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in order, and the cursor after them."""

    messages: tuple[Received, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Place:
    """Where the writer is: the number of the next message, and the segments, the open one last."""

    next: int = 1
    segments: tuple[Segment, ...] = ()

    @property
    def open(self) -> Segment:
        """The segment that takes messages."""
        return self.segments[-1]

    def following(self, now_us: int) -> Segment:
        """The segment that would be begun now."""
        number = self.open.number + 1 if self.segments else 1
        return Segment(number, self.next, now_us)

    def beginning(self, segment: Segment) -> Place:
        """The place once that segment is open."""
        return Place(self.next, (*self.segments, segment))

    def after(self, following: int) -> Place:
        """The place once all numbers before `following` are taken."""
        return Place(following, self.segments)

    def without(self, segment: Segment) -> Place:
        """The place once a closed segment is gone."""
        return Place(self.next, tuple(one for one in self.segments if one != segment))

    def read_through(self, through: int) -> list[Segment]:
        """The closed segments without a message after `through`."""
        pairs = zip(self.segments, self.segments[1:], strict=False)
        return [segment for segment, after in pairs if after.first - 1 <= through]


class InboxWriteError(Exception):
    """Nothing of these batches was stored: the disk is full or failing, or the server away."""


def segment_statements(table: str, number: str) -> tuple[str, ...]:
    """Make a segment's table; `number` is the type of a message's number."""
    return (
        f"CREATE TABLE {table} (seq {number} PRIMARY KEY, {TYPED_LIST})",
        f"CREATE UNIQUE INDEX {table}_key ON {table} ({KEY_LIST})",
    )


def other_statements(serial: str, blob: str) -> tuple[str, ...]:
    """Make the other tables: `serial` is the type of a row's own number, `blob` that of bytes."""
    return (
        "CREATE TABLE IF NOT EXISTS inbox (inbox_id text NOT NULL, next_seq bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS segments (number integer PRIMARY KEY, first bigint NOT NULL, "
        "begun_us bigint NOT NULL)",
        f"CREATE TABLE IF NOT EXISTS held (id {serial}, reason text NOT NULL, {TYPED_LIST}, "
        f"UNIQUE ({KEY_LIST}))",
        f"CREATE TABLE IF NOT EXISTS unread (id {serial}, supplier text NOT NULL, "
        "feed text NOT NULL, received_us bigint NOT NULL, reason text NOT NULL, "
        f"field text NOT NULL, place integer NOT NULL, digest text NOT NULL, raw {blob} NOT NULL, "
        "UNIQUE (supplier, feed, digest))",
        "CREATE TABLE IF NOT EXISTS counts (day text NOT NULL, supplier text NOT NULL, "
        "reason text NOT NULL, messages bigint NOT NULL, PRIMARY KEY (day, supplier, reason))",
    )


def is_full(place: Place, now_us: int) -> bool:
    """Whether a new segment is to be begun: there is none, or the open one takes no more."""
    if not place.segments:
        return True
    rows, age_us = place.next - place.open.first, now_us - place.open.begun_us
    return rows >= SEGMENT_ROWS or (rows > 0 and age_us >= SEGMENT_US)
