"""Outages: a supplier's feed that is silent is one banner, not an alert for each of its devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: A feed of which nothing came for so long is out. A fleet of hundreds is never silent for minutes.
ALLOWED: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class FeedOutage:
    """A feed that fell silent after `since`; `cleared_at` is None while it still is."""

    feed: str
    since: datetime
    cleared_at: datetime | None = None


def outages(
    last_seen: Mapping[str, datetime],
    now: datetime,
    allowed: Mapping[str, timedelta] | None = None,
) -> tuple[FeedOutage, ...]:
    """The feeds that are out now, by name. `allowed`: for small fleets, how long each may be still.

    `last_seen` is when anything last came of each feed.
    """
    own = allowed or {}
    return tuple(
        FeedOutage(feed, last_seen[feed])
        for feed in sorted(last_seen)
        if now - last_seen[feed] > own.get(feed, ALLOWED)
    )


def followed(
    before: Iterable[FeedOutage], last_seen: Mapping[str, datetime], now_out: Iterable[FeedOutage]
) -> tuple[FeedOutage, ...]:
    """Outages of a while: those known before, cleared once their feed was seen again, and new ones.

    An outage clears at the first sight of its feed that we have of it, `last_seen` at the latest.
    """
    found: dict[tuple[str, datetime], FeedOutage] = {(o.feed, o.since): o for o in before}
    for key, one in found.items():
        seen = last_seen.get(one.feed)
        if one.cleared_at is None and seen is not None and seen > one.since:
            found[key] = FeedOutage(one.feed, one.since, seen)
    for one in now_out:
        found.setdefault((one.feed, one.since), one)
    return tuple(found[key] for key in sorted(found))


def speaks(
    heard_at: datetime, allowed: timedelta, known: Iterable[FeedOutage], now: datetime
) -> bool:
    """Whether the silence of a device last heard at `heard_at` is its own, and not its feed's.

    `known` are the outages of its feed; `allowed` is how long the device itself may be silent. One
    that had fallen silent before the outage speaks all the same. After an outage each device has
    the time that it is allowed in which to be heard; then silence is its own again.
    """
    for outage in known:
        was_heard = heard_at + allowed > outage.since
        over = outage.cleared_at is not None and now >= outage.cleared_at + allowed
        came_before = outage.cleared_at is None or heard_at < outage.cleared_at
        if was_heard and came_before and not over:
            return False
    return True
