"""From a message's receipt to its alert on record: an intake and a worker, two processes.

The intake writes ten times the national load; the straps of some are cut meanwhile. An alert is
seen when its row is committed, by a third process (this one) that looks every 20 ms.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from tests.support.postgres_server import installation, running_server

from benchmarks.cases import WEARERS, case_of
from benchmarks.figures import Figure
from benchmarks.live_intake import FIXES, SUPPLIER, TOGETHER, now_us
from tipstaff.domain.cases import Case
from tipstaff.formats.case_json import write_cases

#: Fixes a second: ten times what the nation's tags send.
LOAD: Final = 2_053
LIVE_S: Final = 45.0
BACKLOG_S: Final = 60.0
CUTS: Final = 100
#: How long after the last message a worker may take for what it has not told of yet.
PATIENCE_S: Final = 60.0
LOOK_S: Final = 0.02
_PURPOSE: Final = ("--purpose", "system_administration")
_FOUND: Final = (
    "SELECT w.reference FROM records_alert a JOIN records_wearer w ON w.id = a.wearer_id "
    "WHERE a.kind = 'strap'"
)
Look = Callable[[], list[str]]


def _case(number: int, now: datetime) -> Case:
    """A case whose order is in force now."""
    case = case_of(number)
    starts, ends = now - timedelta(days=30), now + timedelta(days=150)
    orders = tuple(
        replace(one, starts_at=starts, served_at=starts, ends_at=ends, reviews=())
        for one in case.orders
    )
    return Case(case.wearer, orders)


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance, by what its commands need to know."""

    data: Path
    environment: dict[str, str]

    def run(self, *words: str) -> str:
        """A command to its end; what it says."""
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, check=True, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout.strip()

    def intake(self, **given: Any) -> dict[str, Any]:
        """Let a process of the intake send; what it measured."""
        words = json.dumps({**given, "folder": str(self.data)})
        found: dict[str, Any] = json.loads(self.run("-m", "benchmarks.live_intake", words))
        return found

    @contextmanager
    def worker(self, *more: str) -> Iterator[subprocess.Popen[str]]:
        """A worker that watches everybody already; ended afterwards."""
        command = [sys.executable, "-m", "tipstaff", "worker", *_PURPOSE, *more]
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                assert "are watched" in process.stdout.readline(), "the worker does not work"
                yield process
            finally:
                process.send_signal(signal.SIGTERM)


def made_instance(data: Path, database: str, wearers: int) -> tuple[Instance, int]:
    """An instance with so many wearers on record, and from when on their tags were worn."""
    values = {"TIPSTAFF_DATA": str(data), "TIPSTAFF_DATABASE": database, "TIPSTAFF_ACTOR": "bench"}
    instance = Instance(data, {**os.environ, **values})
    program, now = ("-m", "tipstaff"), datetime.now(UTC).replace(microsecond=0)
    instance.run(*program, "init", "--user", "bench")
    document, activations = data / "cases.json", data / "activations.csv"
    document.write_bytes(write_cases(tuple(_case(n, now) for n in range(wearers))))
    bench = "offender_management"
    instance.run(*program, "import", "orders", str(document), "--purpose", bench)
    worn = datetime.now(UTC).replace(microsecond=0)
    lines = [f"a{n},T{n:06d},W{n:06d},{worn.isoformat()}," for n in range(wearers)]
    header = "activation_id,device_id,wearer_id,start,end"
    activations.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    instance.run(*program, "suppliers", "describe", SUPPLIER, *_PURPOSE)
    instance.run(
        *program, "import", "activations", str(activations), "--supplier", SUPPLIER, *_PURPOSE
    )
    return instance, int(worn.timestamp() * 1_000_000)


def drain_s(instance: Instance, wearers: int, begun_us: int, batches: int) -> float:
    """Seconds in which a worker that is behind reads so many batches, and puts everybody down."""
    given = {"devices": wearers, "a_second": 0, "cuts": 0, "begun_us": begun_us}
    instance.intake(**given, batches=1)
    with instance.worker("--once") as process:  # from here on nothing is passed over
        process.wait()
    instance.intake(**given, batches=batches)
    with instance.worker("--once") as process:
        begun = time.perf_counter()
        process.wait()
        return time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from the receipt of each cut to its alert; of commits of the inbox and bare ones."""

    alerts: list[float]
    commits: list[float]
    bare: list[float]
    missing: int
    a_second: float


def live(instance: Instance, look: Look, given: dict[str, Any]) -> Measured:
    """A worker that keeps up, or does not, with an intake at its pace."""
    words = json.dumps({**given, "folder": str(instance.data)})
    command = [sys.executable, "-m", "benchmarks.live_intake", words]
    seen: dict[str, int] = {}
    with (
        instance.worker(),
        subprocess.Popen(
            command, env=instance.environment, stdout=subprocess.PIPE, text=True
        ) as sender,
    ):
        until: float | None = None
        while until is None or (len(seen) < int(given["cuts"]) and time.monotonic() < until):
            found, at_us = look(), now_us()
            for wearer in found:
                seen.setdefault(wearer, at_us)
            if until is None and sender.poll() is not None:
                until = time.monotonic() + PATIENCE_S
            time.sleep(LOOK_S)
        assert sender.stdout is not None
        told = json.loads(sender.stdout.read())
    cuts = {f"W{int(number):06d}": came_us for number, came_us in told["cuts"].items()}
    took = [(seen[one] - came_us) / 1e6 for one, came_us in cuts.items() if one in seen]
    pace = int(given["batches"]) * TOGETHER * FIXES / told["took"]
    return Measured(took, told["commits"], told["bare"], len(cuts) - len(took), pace)


def percentile_ms(took: Sequence[float], share: float) -> float:
    """A percentile in milliseconds; NaN of nothing."""
    ordered = sorted(took)
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000


def _figures(
    name: str, instance: Instance, begun_us: int, look: Look, share: float
) -> tuple[list[Figure], dict[str, Any]]:
    wearers, a_batch = max(20, round(WEARERS * share)), TOGETHER * FIXES
    part = min(1.0, 10.0 * share)  # from a tenth of the wearers on, the whole load
    load = LOAD * part
    batches = max(20, round(load * BACKLOG_S / a_batch))
    spent = drain_s(instance, wearers, begun_us, batches)
    figures = [Figure(f"{name}, backlog drained", batches * a_batch / spent, "fixes/s")]
    given = {
        "devices": wearers, "a_second": load / a_batch, "begun_us": now_us(),
        "batches": max(20, round(load * LIVE_S * max(part, 0.1) / a_batch)),
        "cuts": max(3, round(CUTS * part)),
    }  # fmt: skip
    found = live(instance, look, given)
    for what, at in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        ours, bare = percentile_ms(found.alerts, at), percentile_ms(found.bare, at)
        figures.append(Figure(f"{name}, receipt to alert, {what}", ours, "ms", bare, "bare commit"))
    ours = percentile_ms(found.commits, 0.95)
    figures.append(Figure(f"{name}, a batch into the inbox, p95", ours, "ms"))
    counts = {
        "wearers": wearers, "fixes a second": round(found.a_second), "straps cut": given["cuts"],
        "alerts missing": found.missing, "fixes of the backlog": batches * a_batch,
    }  # fmt: skip
    return figures, {f"{name}, {key}": value for key, value in counts.items()}


def _looks_sqlite(data: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{data / 'records.sqlite3'}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute(_FOUND)]


def figures_of_alerts(folder: Path, share: float) -> tuple[list[Figure], dict[str, Any]]:
    """On SQLite and, where there is a server, on PostgreSQL."""
    wearers = max(20, round(WEARERS * share))
    instance, begun_us = made_instance(folder / "sqlite", "sqlite", wearers)
    figures, counts = _figures(
        "SQLite", instance, begun_us, lambda: _looks_sqlite(instance.data), share
    )
    install = installation()
    if install is None:
        return figures, counts
    with ExitStack() as stack:
        url = stack.enter_context(running_server(install, durable=True))
        with psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as server:
            server.execute("CREATE DATABASE live")
        url = url.replace("DATABASE", "live")
        other, begun_us = made_instance(folder / "postgresql", url, wearers)
        database = stack.enter_context(psycopg.connect(url, autocommit=True))
        more, counted = _figures(
            "PostgreSQL", other, begun_us,
            lambda: [row[0] for row in database.execute(_FOUND)], share,
        )  # fmt: skip
    return figures + more, counts | counted
