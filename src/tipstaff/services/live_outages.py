"""Outages of feeds: seen by the worker, told as one banner each, cleared by the first sight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tipstaff.domain.outages import FeedOutage, followed, outages
from tipstaff.records import feed_outages


def watch_feeds(
    last_seen: Mapping[str, datetime],
    now: datetime,
    allowed: Mapping[str, timedelta] | None = None,
) -> tuple[FeedOutage, ...]:
    """Note which feeds are out and which are back; the outages that go on now, by feed.

    A feed is a supplier, by name; `last_seen` is when anything last came of it, by whatever way,
    and `allowed` how long small ones may be still. What an outage held is looked at by the clock
    once it cleared (`live_telling.tell_by_clock`).
    """
    with transaction.atomic(durable=True):
        before = feed_outages.going_on()
        after = followed(before, last_seen, outages(last_seen, now, allowed))
        known = {(one.feed, one.since): one for one in before}
        changed = [one for one in after if known.get((one.feed, one.since)) != one]
        feed_outages.keep(changed, now=now)
        cleared = {one.feed for one in changed if one.cleared_at is not None}
        feed_outages.look_again(cleared, now=now)
    return tuple(one for one in after if one.cleared_at is None)
