"""Take a supplier's messages in: read, asked at the gate, and in the inbox before it is answered.

No audit entry is written for each request. The key's use, refusals, and each drain into the archive
are in the audit; what was received when, by which feed, is in the inbox itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from tipstaff.domain.device_clocks import ClockFault, clock_fault
from tipstaff.domain.intake_words import Verb
from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Batch, Held, MessageKind, Received, Stored, Unread, digest_of
from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.formats.feeds.listed import Feed
from tipstaff.formats.feeds.messages import Decoded, Message
from tipstaff.positions.inbox import Inbox
from tipstaff.records.connections import mended
from tipstaff.services.feed_gate import Gate, lawful
from tipstaff.services.key_desk import (
    KeyDesk,
    KeyOnRecord,
    KeyRefused,
    KnownSupplier,
    on_record,
)
from tipstaff.services.remembered import remembered


@dataclass(frozen=True, slots=True)
class Taken:
    """What a request brought. `done` is settled once all of it is on the disk, or failed.

    `fault` is set where nothing could be read; its bytes are kept all the same.
    """

    received: int
    unread: tuple[Unread, ...]
    fault: str
    done: Future[Stored]


class ScopeRefusedError(Exception):
    """The key may not be used for what the message holds; nothing was taken."""


@dataclass(slots=True)
class FeedIntake:
    """The intake of one process: its desk, its inbox, its gate."""

    inbox: Inbox
    desk: KeyDesk = field(default_factory=lambda: KeyDesk(look_up=_look_up))
    gate: Gate = lawful

    def admit(
        self, presented: str, feed: Feed, source: str, now: datetime
    ) -> KnownSupplier | KeyRefused:
        """Whose key it is, if it may be used for this feed from that address; else why not."""
        with mended():
            return self.desk.authenticate_key(presented, feed.scope, source, now)

    def flush(self, now: datetime) -> None:
        """Write what the desk counted into the audit; to be called now and then."""
        with mended():
            self.desk.flush(now)

    def take_in(self, known: KnownSupplier, feed: Feed, message: Message, now: datetime) -> Taken:
        """Read a message and have it stored, all of it as that supplier's.

        Raises ScopeRefusedError, and what `Inbox.append` raises; nothing was taken then.
        """
        decoded = feed.decode(message, now)
        if decoded.events and not feed.events_ride and KeyScope.WRITE_EVENTS not in known.scopes:
            raise ScopeRefusedError
        with mended():
            batch = sift(known.supplier, feed.address, decoded, now, self.gate)
        done = self.inbox.append(batch) if len(batch) else _nothing()
        received = len(decoded.fixes) + len(decoded.events)
        return Taken(received, tuple(decoded.unread), decoded.fault, done)


def sift(supplier: str, feed: str, decoded: Decoded, now: datetime, gate: Gate) -> Batch:
    """What is kept, held, and dropped and counted, of what was read."""
    received_us = to_micros(now)
    messages = list(_received(supplier, feed, decoded, received_us))
    # where a clock is wrong, its time says nothing of who had the device: the time of receipt does
    asked = [(m.device_id, received_us if m.clock else m.time_us) for m in messages]
    verdicts = gate(supplier, asked, now) if asked else ()
    kept: list[Received] = []
    held: list[Held] = []
    dropped: Counter[str] = Counter()
    for message, verdict in zip(messages, verdicts, strict=True):
        if verdict.verb == Verb.KEEP:
            kept.append(message)
        elif verdict.verb == Verb.QUARANTINE:
            held.append(Held(str(verdict.reason), message))
        else:
            dropped[str(verdict.reason)] += 1
    return Batch(
        supplier, feed, received_us, kept, held, decoded.unread, tuple(sorted(dropped.items()))
    )


def _received(supplier: str, feed: str, decoded: Decoded, received_us: int) -> Iterator[Received]:
    for device, time_us, *content in decoded.fixes:
        high, low = digest_of((supplier, device, MessageKind.FIX.value, time_us, *content))
        yield Received(
            MessageKind.FIX, time_us, high, low, supplier, device, feed, received_us,
            _clock(time_us, received_us), *content,
        )  # fmt: skip
    for event in decoded.events:
        told = (supplier, event.device_id, MessageKind.EVENT.value, event.time_us)
        high, low = digest_of((*told, event.code, event.body))
        yield Received(
            MessageKind.EVENT, event.time_us, high, low, supplier, event.device_id, feed,
            received_us, _clock(event.time_us, received_us), code=event.code, body=event.body,
        )  # fmt: skip


def _clock(time_us: int, received_us: int) -> ClockFault:
    return clock_fault(time_us, received_us)


def _look_up(key_id: str) -> KeyOnRecord:
    """A key as it is on record now; looked up again once anything was written."""
    return remembered("key", "", {key_id}, lambda new: {i: on_record(i) for i in new})[key_id]


def _nothing() -> Future[Stored]:
    done: Future[Stored] = Future()
    done.set_result(Stored(0, 0))
    return done


def reconsider(
    held: Iterable[tuple[int, Held]], now: datetime, gate: Gate
) -> tuple[list[int], list[int]]:
    """Of held messages, by number: those that may be taken in now, and those to be forgotten."""
    rows = list(held)
    keep: list[int] = []
    forget: list[int] = []
    for supplier in sorted({one.message.supplier for _number, one in rows}):
        own = [(number, one.message) for number, one in rows if one.message.supplier == supplier]
        asked = [(m.device_id, m.received_us if m.clock else m.time_us) for _number, m in own]
        for (number, _message), verdict in zip(own, gate(supplier, asked, now), strict=True):
            if verdict.verb == Verb.KEEP:
                keep.append(number)
            elif verdict.verb == Verb.DROP_COUNTED:
                forget.append(number)
    return keep, forget
