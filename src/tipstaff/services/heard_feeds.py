"""How much came of each feed in the last hour, counted by the minute; no time of a device in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from tipstaff.domain.received import Received
from tipstaff.records import feeds_seen
from tipstaff.records.feeds_seen import FeedFact

HOUR: Final = timedelta(hours=1)
_MINUTE_US: Final = 60_000_000


@dataclass(slots=True)
class HeardFeeds:
    """Messages of each feed by the minute of their receipt, counted since `since`."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _minutes: dict[str, Counter[int]] = field(default_factory=dict)

    def note(self, messages: Sequence[Received]) -> None:
        """Messages as they came in."""
        counted = Counter((one.supplier, one.received_us // _MINUTE_US) for one in messages)
        for (feed, minute), count in counted.items():
            self._minutes.setdefault(feed, Counter())[minute] += count

    def put_down(self, last_seen: Mapping[str, datetime], now: datetime) -> int:
        """Store how each feed stands; how many."""
        start = max(self.since, now - HOUR)
        first = int(start.timestamp() * 1_000_000) // _MINUTE_US
        facts = []
        for feed, seen_at in sorted(last_seen.items()):
            counted = self._minutes.get(feed, Counter())
            for minute in [m for m in counted if m < first]:
                del counted[minute]
            facts.append(FeedFact(feed, seen_at, counted.total(), start, now))
        return feeds_seen.keep(facts)
