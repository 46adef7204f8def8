"""When anything last came of each feed, and how much of late: kept by the worker, about nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from tipstaff.records import bulk
from tipstaff.records.models import FeedSeen

_KEY: Final = ("feed",)


@dataclass(frozen=True, slots=True)
class FeedFact:
    """A feed, by its supplier's name: when it was last seen, as the worker knew at `put_down_at`.

    `messages`: how many came in the hour before that, or since `counted_from` if that is later.
    """

    feed: str
    seen_at: datetime
    messages: int
    counted_from: datetime
    put_down_at: datetime

    @property
    def per_minute(self) -> float | None:
        """Messages a minute; None where less than a minute was counted."""
        minutes = (self.put_down_at - self.counted_from).total_seconds() / 60
        return self.messages / minutes if minutes >= 1 else None


def keep(facts: Iterable[FeedFact]) -> int:
    """Store how feeds stand, each in the place of what was before; how many."""
    rows = [
        {
            "feed": one.feed,
            "seen_at": one.seen_at,
            "messages": one.messages,
            "counted_from": one.counted_from,
            "put_down_at": one.put_down_at,
        }
        for one in facts
    ]
    with transaction.atomic(durable=True):
        return bulk.upsert(FeedSeen, rows, key=_KEY) if rows else 0


def known() -> list[FeedFact]:
    """Every feed that was ever seen, by name."""
    rows = FeedSeen.objects.order_by("feed")
    return [
        FeedFact(row.feed, row.seen_at, row.messages, row.counted_from, row.put_down_at)
        for row in rows
    ]
