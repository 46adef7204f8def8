"""Whose silence it is: the device's own, or its feed's. One look for many wearers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.outages import FeedOutage, speaks
from tipstaff.domain.periods import Period
from tipstaff.monitoring.episodes import Episode
from tipstaff.records import feed_outages
from tipstaff.records.alerts import KeptAlerts
from tipstaff.records.episode_rows import Held

#: What an outage makes look like a device's silence: nothing heard, and nobody known where.
OF_FEEDS: Final = frozenset({FindingKind.SILENCE, FindingKind.WHEREABOUTS})
#: The least that a device may be silent.
_LEAST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FeedWatch:
    """Outages by feed, and when each wearer, by their row's key, wore whose device."""

    outages: Mapping[str, list[FeedOutage]]
    worn: Mapping[UUID, list[tuple[Period, str]]]

    def held(self, wearer: UUID, episode: Episode, now: datetime) -> Held:
        """By what an episode opens no alert now; empty where it may open one.

        One that ended before its device had the time to be heard after the outage stays held.
        """
        visit = episode.visit
        if visit.kind not in OF_FEEDS:
            return Held()
        allowed = max(visit.told_at - visit.began, _LEAST)
        until = now if visit.ended is None else min(now, visit.ended)
        for period, feed in self.worn.get(wearer, ()):
            known = self.outages.get(feed, [])
            worn_then = period.start <= visit.told_at < period.end
            if worn_then and not speaks(visit.began, allowed, known, until):
                return Held(feed, _look_at(known, allowed, over=visit.ended is not None))
        return Held()


def _look_at(known: Iterable[FeedOutage], allowed: timedelta, *, over: bool) -> datetime | None:
    """When to look again: not while the outage goes on, nor once the silence is over."""
    ends = [one.cleared_at for one in known]
    cleared = [end for end in ends if end is not None]
    if over or len(cleared) < len(ends) or not cleared:
        return None
    return max(cleared) + allowed


def feed_watch(kept: Iterable[KeptAlerts], told: Iterable[Episode]) -> FeedWatch:
    """What is to be known of feeds for these wearers and these episodes."""
    silent = [one for one in told if one.visit.kind in OF_FEEDS]
    if not silent:
        return FeedWatch({}, {})
    by_feed: dict[str, list[FeedOutage]] = {}
    for one in feed_outages.known(since=min(one.visit.began for one in silent)):
        by_feed.setdefault(one.feed, []).append(one)
    if not by_feed:
        return FeedWatch({}, {})
    return FeedWatch(by_feed, feed_outages.feeds_of([one.row for one in kept]))
