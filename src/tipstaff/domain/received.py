"""Messages as the inbox keeps them: fixes and events of devices, and what could not be read.

A fix has the content of `fixes.CONTENT_FIELDS`, the device still by its supplier's name. Times are
UTC microseconds. Two messages with equal digests are one message, sent twice.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

_HALF: Final = 8


class MessageKind(IntEnum):
    """What a message tells of."""

    FIX = 1
    EVENT = 2


class Received(NamedTuple):
    """One message of a device. The last two are an event's: its code and its text, as they came.

    `clock` is a `device_clocks.ClockFault`; `claimed_us` is when the supplier says it received it,
    `received_us` when we did. Nothing of it is in `repr`.
    """

    kind: int
    time_us: int
    digest_high: int
    digest_low: int
    supplier: str
    device_id: str
    feed: str
    received_us: int
    clock: int
    lat_e7: int | None = None
    lon_e7: int | None = None
    precision_cm: int | None = None
    precision_level_pct: int | None = None
    mechanism: int | None = None
    speed_cmps: int | None = None
    direction_cdeg: int | None = None
    satellites: int | None = None
    hdop_e2: int | None = None
    recorded_us: int | None = None
    claimed_us: int | None = None
    code: str | None = None
    body: str | None = None

    def __repr__(self) -> str:
        """What it is, and no more."""
        return f"Received({MessageKind(self.kind).name})"


#: Content of a fix beside device and time, in the order of `Received` and of the archive.
FIX_COLUMNS: Final = Received._fields[9:20]


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read: its bytes, why, and where it lay in its message (0: all of it)."""

    reason: str
    field: str
    row: int
    raw: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A message that may not be taken in yet, and why: of a device that nobody is known to wear."""

    reason: str
    message: Received


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request brought, sifted; committed whole or not at all.

    `dropped`: how many messages the law did not let us keep, by reason; nothing else of them.
    """

    supplier: str
    feed: str
    received_us: int
    kept: Sequence[Received] = ()
    held: Sequence[Held] = ()
    unread: Sequence[Unread] = ()
    dropped: Sequence[tuple[str, int]] = ()

    def __len__(self) -> int:
        """Everything that is to be written."""
        return len(self.kept) + len(self.held) + len(self.unread) + len(self.dropped)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: messages new to the inbox, and messages that were in it already."""

    new: int
    repeated: int


def digest_of(content: tuple[object, ...]) -> tuple[int, int]:
    """The digest of a message's content (texts, whole numbers, None) as two signed halves."""
    digest = hashlib.blake2b(repr(content).encode(errors="replace"), digest_size=2 * _HALF).digest()
    return (
        int.from_bytes(digest[:_HALF], "big", signed=True),
        int.from_bytes(digest[_HALF:], "big", signed=True),
    )
