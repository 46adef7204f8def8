"""The inbox's upkeep: held messages looked at again, segments dropped once all have read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Held
from tipstaff.positions.inbox import InboxStore
from tipstaff.records.connections import mended
from tipstaff.services.feed_intake import FeedIntake, reconsider
from tipstaff.services.inbox import InboxReader

#: How long a message of a device that nobody is known to have is held.
HELD_FOR: Final = timedelta(hours=72)
#: How long what could not be read is kept for a person to look at.
UNREAD_FOR: Final = timedelta(days=30)
_AT_ONCE: Final = 2_000


def look_again(intake: FeedIntake, now: datetime) -> tuple[int, int]:
    """Take in held messages that now may be, and forget those that never may; how many of each.

    Forgotten is what the gate says must not be kept, and what nobody claimed in `HELD_FOR`.
    """
    kept = forgotten = after = 0
    oldest_us, now_us = to_micros(now - HELD_FOR), to_micros(now)
    while True:
        page = intake.inbox.run(partial(_held, after=after)).result()
        if not page:
            return kept, forgotten
        with mended():
            keep, forget = reconsider(page, now, intake.gate)
        known = {*keep, *forget}
        forget += [n for n, one in page
                   if n not in known and one.message.received_us < oldest_us]  # fmt: skip
        intake.inbox.run(partial(_settle, keep=keep, forget=forget, now_us=now_us)).result()
        kept, forgotten, after = kept + len(keep), forgotten + len(forget), page[-1][0]


def forget_unread(intake: FeedIntake, now: datetime) -> int:
    """Forget what could not be read and was looked at by nobody in `UNREAD_FOR`; how many."""
    before_us = to_micros(now - UNREAD_FOR)
    return int(intake.inbox.run(lambda store: store.forget_unread(before_us)).result())


def make_room(intake: FeedIntake, reader: InboxReader) -> int:
    """Drop the segments that every reader has done with; how many."""
    through = reader.read_by_all()
    if not through:
        return 0
    return int(intake.inbox.run(lambda store: store.drop_read(through)).result())


def _held(store: InboxStore, *, after: int) -> list[tuple[int, Held]]:
    return store.held(_AT_ONCE, after)


def _settle(store: InboxStore, *, keep: list[int], forget: list[int], now_us: int) -> None:
    store.settle(keep, forget, now_us)
