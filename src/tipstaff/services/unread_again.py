"""Read anew what could not be read, once what was wrong is mended: a reader, an order on record.

It is judged as of when it came, by the readers and the law of now. What can be read goes to the
messages that are held, and from there into the inbox within seconds while messages are taken in.
Done again it adds nothing: what was moved is no longer there, and a message is known by its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.intake_words import Verdict
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.received import Batch, Held
from tipstaff.domain.supplier_keys import KeyScope, SupplierKey, in_force
from tipstaff.formats.feeds.again import feed_of, message_again
from tipstaff.positions.inbox_again import UnreadWanted
from tipstaff.positions.inbox_reading import UnreadRow
from tipstaff.positions.inbox_rows import CUT
from tipstaff.records import supplier_keys
from tipstaff.services.access import admit
from tipstaff.services.feed_gate import Gate, lawful
from tipstaff.services.feed_intake import sift
from tipstaff.services.form_fields import form_fields
from tipstaff.services.inbox import inbox_again
from tipstaff.services.inbox_upkeep import HELD_FOR
from tipstaff.services.recording import reading

#: Why a message waits that was read again: until it is looked at by the intake.
READ_AGAIN: Final = "read_again"
#: Rows of one page: each may have a quarter of a megabyte.
_PAGE: Final = 50
#: Feeds over HTTP whose messages may be events, for which a key needs a scope of its own.
_BY_SCOPE: Final = frozenset({"json", "lines"})


@dataclass(slots=True)
class ReadAgain:
    """What came of reading messages again.

    Of `looked`: `read` are gone from here, `still` cannot be read, `waiting` are of a device that
    nobody is known to have, `never` cannot be read again at all: what came with them is not kept.
    Of what was read: `messages` that may be taken in, `dropped` that may not be kept.
    """

    looked: int = 0
    read: int = 0
    still: int = 0
    waiting: int = 0
    never: int = 0
    messages: int = 0
    dropped: int = 0


def replay_unread(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wanted: UnreadWanted,
    gate: Gate = lawful,
    now: datetime | None = None,
) -> ReadAgain:
    """Read again one message, or all of a kind; nobody is shown anything of them."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="replay_unread",
    )
    at = now or datetime.now(UTC)
    asked = {"supplier": wanted.supplier, "feed": wanted.feed, "reason": wanted.reason}
    extent = {name: value for name, value in asked.items() if value} | (
        {"number": wanted.number} if wanted.number else {}
    )
    done = ReadAgain()
    with reading(access, extent=extent) as looked:
        inbox = inbox_again()
        keys: dict[str, list[SupplierKey]] = {}
        page = wanted
        while rows := inbox.rows(page, _PAGE):
            moved: list[tuple[int, Batch]] = []
            for row in rows:
                if row.supplier not in keys:
                    keys[row.supplier] = supplier_keys.every(row.supplier)
                events = _may_send_events(keys[row.supplier], from_micros(row.received_us), at)
                batch = _again(row, at, gate, done, events=events)
                if batch is not None:
                    moved.append((row.number, batch))
            done.read += inbox.move(moved)
            page = replace(page, after=rows[-1].number)
        looked.rows = done.read
        looked.extent |= {"looked": done.looked, "dropped": done.dropped}
    return done


def _again(
    row: UnreadRow, now: datetime, gate: Gate, done: ReadAgain, *, events: bool
) -> Batch | None:
    """What is to stand in the place of a row; None where it stays, and why is counted."""
    done.looked += 1
    feed = feed_of(row.feed)
    cut = row.reason.endswith(CUT)
    message = None if cut else message_again(row.feed, row.raw, row.row, form_fields)
    if feed is None or message is None:
        done.never += 1
        return None
    received = from_micros(row.received_us)
    decoded = feed.decode(message, received)
    if decoded.events and not events and feed.address in _BY_SCOPE:
        done.still += 1
        return None
    if not (decoded.fixes or decoded.events) or any(u.raw == row.raw for u in decoded.unread):
        done.still += 1
        return None

    def of_now(supplier: str, asked: Sequence[tuple[str, int]], _at: datetime) -> Sequence[Verdict]:
        return gate(supplier, asked, now)

    sifted = sift(row.supplier, row.feed, decoded, received, of_now)
    if sifted.held and row.received_us < to_micros(now - HELD_FOR):
        done.waiting += 1
        return None
    done.messages += len(sifted.kept) + len(sifted.held)
    done.dropped += sum(count for _reason, count in sifted.dropped)
    held = [*(Held(READ_AGAIN, one) for one in sifted.kept), *sifted.held]
    return replace(sifted, kept=[], held=held)


def _may_send_events(keys: Sequence[SupplierKey], came: datetime, now: datetime) -> bool:
    """Whether a key for events was in force when a message came, or is now.

    What came by no such key was not taken then; a key issued since is what mends it.
    """
    for_events = [key for key in keys if KeyScope.WRITE_EVENTS in key.scopes]
    return any(in_force(key, at) for key in for_events for at in (came, now))
