"""Figures for Prometheus: how the worker fares. No label names a person, a device or a place."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tipstaff.matching.changes import LOUD
from tipstaff.records import (
    chore_runs,
    feed_outages,
    feeds_seen,
    last_heard,
    notice_lists,
    pending,
)
from tipstaff.records.connections import close_own
from tipstaff.services.live_work import Worked

_log = logging.getLogger(__name__)
_COUNTED: Final = {
    "messages": "Messages read from the inbox",
    "facts": "Facts of those who are watched",
    "opened": "Alerts opened",
    "moved": "Alerts amended",
    "retracted": "Alerts retracted",
    "notices": "Notices queued",
    "failures": "Turns that a disk or database made fail",
}


@dataclass(slots=True)
class Measures:
    """The figures of one worker, in a registry of their own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _counters: dict[str, Counter] = field(default_factory=dict)
    _gauges: dict[str, Gauge] = field(default_factory=dict)
    _turns: Any = None
    _alerts: Any = None
    _before: dict[str, int] = field(default_factory=dict)
    _by_kind: Tally[tuple[str, str]] = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._counters = {
            name: Counter(f"tipstaff_{name}", words, registry=self.registry)
            for name, words in _COUNTED.items()
        }
        self._gauges = {
            "lives": Gauge("tipstaff_lives", "Lives that are watched", registry=self.registry),
            "behind": Gauge(
                "tipstaff_behind_seconds", "How long ago the last message read came in",
                registry=self.registry,
            ),
            "turned": Gauge(
                "tipstaff_last_turn_timestamp_seconds", "When the last turn ended",
                registry=self.registry,
            ),
        }  # fmt: skip
        self._alerts = Counter(
            "tipstaff_alerts", "Alerts, by what became of them and their kind",
            labelnames=["change", "kind"], registry=self.registry,
        )  # fmt: skip
        self._turns = Histogram("tipstaff_turn_seconds", "A turn's time", registry=self.registry)
        self.registry.register(_Kept())

    def told(self, done: Worked) -> None:
        """What a worker did, by now."""
        for name, counter in self._counters.items():
            value = getattr(done, name)
            counter.inc(value - self._before.get(name, 0))
            self._before[name] = value
        for change, count in done.by_kind.items():
            new = count - self._by_kind[change]
            self._alerts.labels(*change).inc(new)
        self._by_kind = done.by_kind.copy()
        self._gauges["lives"].set(done.lives)
        self._gauges["behind"].set(done.behind_s)
        self._gauges["turned"].set(done.last_turn_at)
        self._turns.observe(done.turn_s)


class _Kept(Collector):
    """What the records say, asked when somebody asks: feeds, fleets, notices, chores."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; where the records cannot be asked, that they cannot, and nothing more."""
        up = GaugeMetricFamily("tipstaff_records_up", "Whether the records could be asked")
        try:
            found = list(_asked(datetime.now(UTC)))
        except DatabaseError as error:
            _log.error("figures: the records: %s", type(error).__name__)
            found = []
        finally:
            close_own()
        up.add_metric([], bool(found))
        yield up
        yield from found


def _asked(now: datetime) -> Iterator[GaugeMetricFamily]:
    out = GaugeMetricFamily("tipstaff_feeds_out", "Feeds that are out now")
    out.add_metric([], len(feed_outages.going_on()))
    yield out
    withdrawn = GaugeMetricFamily(
        "tipstaff_exclusions_withdrawn", "Exclusions that late data withdrew, of all on record"
    )
    withdrawn.add_metric([], pending.count_of(LOUD))
    yield withdrawn
    yield from _of_feeds()
    devices = GaugeMetricFamily(
        "tipstaff_devices", "Devices that are worn, by how long they are still",
        labels=["supplier", "heard"],
    )  # fmt: skip
    for fleet in last_heard.fleets(now):
        for name in ("on_time", "late", "silent", "unheard", "placeless"):
            devices.add_metric([fleet.supplier, name], getattr(fleet, name))
    yield devices
    notices = GaugeMetricFamily("tipstaff_notices", "Notices, by state", labels=["state"])
    for state, count in notice_lists.counts().items():
        notices.add_metric([state.value], count)
    yield notices
    fails = GaugeMetricFamily("tipstaff_chore_fails", "Failures in a row", labels=["chore"])
    began = GaugeMetricFamily(
        "tipstaff_chore_began_timestamp_seconds", "When it began last", labels=["chore"]
    )
    for name, fact in sorted(chore_runs.known().items()):
        fails.add_metric([name], fact.fails)
        if fact.began_at is not None:
            began.add_metric([name], fact.began_at.timestamp())
    yield fails
    yield began


def _of_feeds() -> Iterator[GaugeMetricFamily]:
    newest = GaugeMetricFamily(
        "tipstaff_feed_newest_timestamp_seconds", "When anything last came", labels=["supplier"]
    )
    hour = GaugeMetricFamily(
        "tipstaff_feed_messages_of_an_hour", "What came in the last hour", labels=["supplier"]
    )
    for feed in feeds_seen.known():
        newest.add_metric([feed.feed], feed.seen_at.timestamp())
        hour.add_metric([feed.feed], feed.messages)
    yield newest
    yield hour
