"""A process that takes messages in as the intake does: batches into the inbox, at a pace or not.

One argument, JSON: `devices`, `batches`, `a_second` (batches; 0: at once), `cuts` (how many straps
are cut meanwhile), `begun_us` (from when on tags were worn), `folder` (for the bare commits). It
writes JSON: when each cut was received, and how long commits took, the inbox's and bare ones (s).
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.cases import case_of
from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Batch, MessageKind, Received, digest_of
from tipstaff.services.inbox import open_inbox
from tipstaff.services.instance import open_instance

SUPPLIER: Final = "bench"
#: Devices of a batch, and fixes that each sends at once.
TOGETHER: Final = 10
FIXES: Final = 10
#: Batches that wait for their commit where there is no pace.
AT_ONCE: Final = 100


def now_us() -> int:
    """The machine's clock."""
    return to_micros(datetime.now(UTC))


def _received(device: str, kind: MessageKind, at_us: int, came_us: int, *content: Any) -> Received:
    high, low = digest_of((SUPPLIER, device, kind.value, at_us, *content))
    head = (kind, at_us, high, low, SUPPLIER, device, "json", came_us, 0)
    if kind is MessageKind.FIX:
        return Received(*head, *content)
    return Received(*head, code=content[0], body="{}")


def _homes(devices: int) -> list[tuple[int, int]]:
    places = [case_of(n).wearer.addresses[0].place for n in range(devices)]
    return [(round(p.latitude * 1e7), round(p.longitude * 1e7)) for p in places if p is not None]


class Sender:
    """Uploads of devices in turn, each of what its receiver saw since its last one."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.devices = int(given["devices"])
        self.homes = _homes(self.devices)
        self.last_us = [int(given["begun_us"])] * self.devices
        self.next = 0

    def batch(self, came_us: int, cut: int | None) -> Batch:
        """The next devices' fixes, and the strap of one cut."""
        kept: list[Received] = []
        for _ in range(min(TOGETHER, self.devices)):
            kept += self._upload(self.next, came_us)
            self.next = (self.next + 1) % self.devices
        if cut is not None:
            kept.append(
                _received(f"T{cut:06d}", MessageKind.EVENT, came_us - 1, came_us, "strap_cut")
            )
        return Batch(SUPPLIER, "json", came_us, kept=kept)

    def _upload(self, number: int, came_us: int) -> Iterator[Received]:
        since, (lat, lon) = self.last_us[number], self.homes[number]
        self.last_us[number] = came_us
        for k in range(1, FIXES + 1):
            at_us = since + (came_us - since) * k // (FIXES + 1)
            wander = (number * 31 + at_us // 1_000_000 * 17) % 400 - 200
            content = (lat + wander, lon - wander, 800, 95, 1, *(None,) * 6)
            yield _received(f"T{number:06d}", MessageKind.FIX, at_us, came_us, *content)


def _bare(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS kept (body BLOB)")
    return database


def _timed(call: Any) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def main(given: dict[str, Any]) -> dict[str, Any]:
    """Send it all."""
    open_instance()
    sender, batches, pace = Sender(given), int(given["batches"]), float(given["a_second"])
    every = max(1, batches // max(1, int(given["cuts"])))
    cuts: dict[int, int] = {}
    commits, bare, body = [], [], b"x" * 10_000
    waiting: deque[Future[Any]] = deque()
    with open_inbox() as inbox:
        floor, begun = _bare(Path(given["folder"])), time.perf_counter()
        for n in range(batches):
            if pace:
                time.sleep(max(0.0, begun + n / pace - time.perf_counter()))
            came_us, cut = now_us(), None
            if n % every == every - 1 and len(cuts) < int(given["cuts"]):
                cut = len(cuts)
                cuts[cut] = came_us
            batch = sender.batch(came_us, cut)
            if not pace:
                waiting.append(inbox.append(batch))
                if len(waiting) >= AT_ONCE:
                    waiting.popleft().result()
                continue
            commits.append(_timed(lambda batch=batch: inbox.append(batch).result()))
            if n % 10 == 0:
                bare.append(_timed(lambda: floor.execute("INSERT INTO kept VALUES (?)", (body,))))
        took = time.perf_counter() - begun
        floor.close()
    return {"cuts": cuts, "commits": commits, "bare": bare, "took": took}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
