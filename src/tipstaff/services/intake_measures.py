"""Figures of a process that takes messages in. No label names a person, a device or a place."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tipstaff.services.inbox import inbox_reader
from tipstaff.services.readiness import what_is_away

#: Upkeep has a round every ten seconds; without a good one for so long something is wrong.
_STILL_S: Final = 120.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class IntakeMeasures:
    """The figures of one intake, in a registry of their own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _answers: Any = None
    _failures: Any = None
    _kept_up: Any = None
    _last_good: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self._answers = Counter(
            "tipstaff_intake_answers", "Requests answered, by status", labelnames=["status"],
            registry=self.registry,
        )  # fmt: skip
        self._failures = Counter(
            "tipstaff_intake_upkeep_failures", "Rounds of upkeep that failed",
            registry=self.registry,
        )  # fmt: skip
        self._kept_up = Gauge(
            "tipstaff_intake_upkeep_timestamp_seconds", "When a round of upkeep last went well",
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Inbox())

    def answered(self, status: int) -> None:
        """A request was answered."""
        self._answers.labels(str(status)).inc()

    def kept_up(self, failed: str) -> None:
        """A round of upkeep ended; `failed` is the kind of error, empty where it went well."""
        if failed:
            self._failures.inc()
            return
        self._last_good = time.time()
        self._kept_up.set(self._last_good)

    def wrong(self) -> str:
        """What is wrong, in words; empty where messages are taken in as they should be."""
        still = time.time() - self._last_good
        return what_is_away() or (
            f"no good round of upkeep for {still:.0f} seconds" if still > _STILL_S else ""
        )


class _Inbox(Collector):
    """What the inbox holds, asked when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; none where it cannot be read, or nothing came yet."""
        up = GaugeMetricFamily("tipstaff_inbox_up", "Whether the inbox could be read")
        try:
            found = list(_asked())
            up.add_metric([], 1)
        except (sqlite3.Error, psycopg.Error, OSError) as error:
            _log.error("figures: the inbox: %s", type(error).__name__)
            found = []
            up.add_metric([], 0)
        yield up
        yield from found


def _asked() -> Iterator[GaugeMetricFamily]:
    reader = inbox_reader()
    if not reader.exists():
        return
    state = reader.state()
    for name, words, value in (
        ("taken", "Messages ever taken in", state.last),
        ("held", "Messages of devices that nobody is known to have", state.held),
        ("unread", "Messages that could not be read", state.unread),
        ("segments", "Segments that not everybody has read", state.segments),
    ):
        one = GaugeMetricFamily(f"tipstaff_inbox_{name}", words)
        one.add_metric([], value)
        yield one
    dropped = GaugeMetricFamily(
        "tipstaff_inbox_dropped", "Messages that may not be kept, by reason", labels=["reason"]
    )
    for reason, count in sorted(state.dropped.items()):
        dropped.add_metric([reason], count)
    yield dropped
