"""Suppliers' fixes over HTTP until they are durable, beside a bare commit of the same bytes.

The intake is `tipstaff intake serve` in a process of its own, on an instance just made; the sender
is this process, on the same cores. A latency is from the first byte sent to the answer, which comes
after the commit. The floor writes the same bodies into a table of one column with the same care
for the disk, one transaction a body and one after another. Then everybody gets an order, so that
the gate asks the law of each message, and at last a record is written to each second meanwhile.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import psycopg
from tests.support.postgres_server import installation, running_server

from benchmarks.cases import case_of
from benchmarks.figures import Figure, Result
from tipstaff.formats.case_json import write_cases
from tipstaff.services.beside import beside

#: Fixes sent in batches of each size, at full scale, and senders at once.
FIXES: Final = {1: 4_000, 10: 30_000, 100: 200_000, 1_000: 400_000}
SENDERS: Final = {1: 16, 10: 8, 100: 4, 1_000: 4}
#: Requests of each sender that are not measured: threads, connections and code are there then.
_WARM: Final = 10
DEVICES: Final = 2_000
#: By so much the places of other messages differ, so that none is there already.
_OTHERS: Final = 1_100
_PURPOSE: Final = ("--purpose", "system_administration")
NAMED: Final = {"full": 1.0, "tiny": 0.005}
_BEGUN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def bodies(size: int, count: int, salt: int) -> list[bytes]:
    """`count` fixes in bodies of `size`, no two alike."""
    made = []
    for start in range(0, count, size):
        rows = [_position(number, salt) for number in range(start, min(start + size, count))]
        made.append(json.dumps(rows).encode())
    return made


def _position(number: int, salt: int) -> dict[str, object]:
    moment = _BEGUN + timedelta(seconds=number // DEVICES * 60 + number % 60)
    return {
        "device_id": f"T{number % DEVICES:05d}",
        "fix_time": moment.isoformat(),
        "latitude": round(52.9 + (number * 7919 % 100_000) * 1e-6, 6),
        "longitude": round(-1.48 + salt * 1e-3, 6),
        "precision_m": 8,
        "mechanism": "GPS",
        "speed_kmh": 4.5,
        "direction_deg": number % 360,
        "satellites": 9,
        "hdop": 0.9,
    }


@dataclass(frozen=True, slots=True)
class Serving:
    """An intake that serves: where, by which key, its process, and how to drain it."""

    port: int
    key: str
    pid: int
    run: Callable[..., str]
    #: Write to a record of the intake's, as somebody at a desk does.
    touch: Callable[[], None]

    def processor_s(self) -> float:
        """Seconds of processor that the intake has used."""
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _serving(data: Path, database: str) -> Iterator[Serving]:
    """The intake of a new instance."""
    environment = {
        **os.environ, "TIPSTAFF_DATA": str(data), "TIPSTAFF_DATABASE": database,
        "TIPSTAFF_ACTOR": "bench",
    }  # fmt: skip
    program = [sys.executable, "-m", "tipstaff"]

    def run(*words: str) -> str:
        command = [*program, *words]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "--user", "bench")
    activations = data / "activations.csv"
    lines = [f"a{n},T{n:05d},W{n},2026-01-01T00:00:00Z," for n in range(DEVICES)]
    header = "activation_id,device_id,wearer_id,start,end"
    activations.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    run("suppliers", "describe", "bench", *_PURPOSE)
    run("import", "activations", str(activations), "--supplier", "bench", *_PURPOSE)
    key = run("suppliers", "issue-key", "bench", "--label", "bench", "--scope", "positions:write",
              "--per-minute", "60000", "--burst", "60000", *_PURPOSE)  # fmt: skip
    serve = [*program, "intake", "serve", "--port", "0"]
    with subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/", process.stdout.readline())
            assert found, "the intake does not serve"
            yield Serving(int(found[1]), key, process.pid, run, lambda: _touch(data, database))
        finally:
            process.terminate()


def _touch(data: Path, database: str) -> None:
    statement = "UPDATE records_supplier SET name = name"
    if database == "sqlite":
        with sqlite3.connect(data / "records.sqlite3", timeout=20) as records:
            records.execute(statement)
        records.close()
    else:
        with psycopg.connect(database) as server:
            server.execute(statement)


def _orders(folder: Path) -> Path:
    """A file of cases: whoever wears one of the devices has an order in force."""
    began = _BEGUN - timedelta(days=30)
    cases = []
    for number in range(DEVICES):
        made = case_of(number)
        order = replace(
            made.orders[0], wearer=f"W{number}", starts_at=began, served_at=began,
            ends_at=began + timedelta(days=300), reviews=(),
        )  # fmt: skip
        cases.append(
            replace(made, wearer=replace(made.wearer, reference=f"W{number}"), orders=(order,))
        )
    file = folder / "orders.json"
    file.write_bytes(write_cases(cases))
    return file


@contextmanager
def _written_to(serving: Serving) -> Iterator[None]:
    """While this lasts, a record is written to each second."""

    def write(ended: threading.Event) -> None:
        while not ended.wait(1.0):
            serving.touch()

    with beside({"touching": write}):
        yield


def _send(port: int, key: str, some: Sequence[bytes]) -> list[float]:
    """Post bodies one after another on one connection; how long each took, in seconds."""
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    took = []
    for body in some:
        begun = time.perf_counter()
        connection.request("POST", "/intake/json", body, headers)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - begun)
        assert answer.status == 200, answer.status
    connection.close()
    return took


def _measure(
    port: int, key: str, size: int, count: int, salt: int = 0
) -> tuple[float, list[float]]:
    """Fixes a second, and the latencies, of an intake that has done the like already."""
    senders = SENDERS[size]
    _sent(port, key, bodies(size, size * senders * _WARM, size + salt + 1), senders)
    made = bodies(size, count, size + salt)
    begun = time.perf_counter()
    took = _sent(port, key, made, senders)
    return count / (time.perf_counter() - begun), took


def _sent(port: int, key: str, made: Sequence[bytes], senders: int) -> list[float]:
    parts = [made[i::senders] for i in range(senders)]
    with ThreadPoolExecutor(senders) as pool:
        return [
            one for some in pool.map(lambda part: _send(port, key, part), parts) for one in some
        ]


def _floor(insert: Callable[[bytes], None], size: int, count: int) -> tuple[float, list[float]]:
    took = []
    for body in bodies(size, count, size):
        begun = time.perf_counter()
        insert(body)
        took.append(time.perf_counter() - begun)
    return count / sum(took), took


@contextmanager
def _sqlite_floor(folder: Path) -> Iterator[Callable[[bytes], None]]:
    database = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE kept (body BLOB)")
    yield lambda body: database.execute("INSERT INTO kept VALUES (?)", (body,)) and None
    database.close()


@contextmanager
def _postgres_floor(url: str) -> Iterator[Callable[[bytes], None]]:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE TABLE kept (body bytea)")
        yield lambda body: database.execute("INSERT INTO kept VALUES (%s)", (body,)) and None


def _percentile(took: Sequence[float], share: float) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000


def _figures(
    name: str, serving: Serving, floor: Callable[[bytes], None], share: float
) -> list[Figure]:
    figures: list[Figure] = []
    sent = 0
    for size, fixes in FIXES.items():
        count = max(size * SENDERS[size], round(fixes * share) // size * size)
        sent += count + size * SENDERS[size] * _WARM
        used = serving.processor_s()
        rate, took = _measure(serving.port, serving.key, size, count)
        used = serving.processor_s() - used
        bare, commits = _floor(floor, size, min(count, 400 * size))
        what = f"{name}, {size:,} a batch"
        figures.append(Figure(what, rate, "fixes/s", bare, "bare commits, one sender"))
        for name_, share_ in (("p50", 0.5), ("p99", 0.99)):
            ours, peer = _percentile(took, share_), _percentile(commits, share_)
            figures.append(Figure(f"{what}, {name_}", ours, "ms", peer, "bare"))
        figures.append(Figure(f"{what}, processor", used / count * 1e6, "µs a fix"))
    begun = time.perf_counter()
    serving.run("intake", "drain", *_PURPOSE)
    rate = sent / (time.perf_counter() - begun)
    figures.append(Figure(f"{name}, into the archive", rate, "fixes/s"))
    return figures


def _with_orders(name: str, serving: Serving, folder: Path, share: float) -> list[Figure]:
    """The same at 100 a batch where everybody has an order, then with records that change."""
    serving.run("import", "orders", str(_orders(folder)), "--purpose", "offender_management")
    count, figures = max(400, round(FIXES[100] * share) // 100 * 100), []
    for salt, what, during in (
        (_OTHERS, "everybody has an order", nullcontext()),
        (2 * _OTHERS, "and a record is written each second", _written_to(serving)),
    ):
        with during:
            rate, took = _measure(serving.port, serving.key, 100, count, salt)
        figures.append(Figure(f"{name}, 100 a batch, {what}", rate, "fixes/s"))
        figures.append(Figure(f"{name}, the same, p99", _percentile(took, 0.99), "ms"))
    return figures


def run(scale: str) -> Result:
    """Send the same fixes to an intake on SQLite and, where there is a server, on PostgreSQL."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    notes = ["Asked for: 20,000 fixes/s at 100 a batch; 2,053 are ten times the national load."]
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        with _serving(folder / "sqlite", "sqlite") as serving, _sqlite_floor(folder) as floor:
            figures += _figures("SQLite", serving, floor, share)
            figures += _with_orders("SQLite", serving, folder, share)
        install = installation()
        if install is None:
            notes.append("No PostgreSQL here: not measured.")
        else:
            url = stack.enter_context(running_server(install, durable=True))
            with psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as server:
                server.execute("CREATE DATABASE intake")
            url = url.replace("DATABASE", "intake")
            with (
                _serving(folder / "postgresql", url) as serving,
                _postgres_floor(url) as floor,
            ):
                figures += _figures("PostgreSQL", serving, floor, share)
                figures += _with_orders("PostgreSQL", serving, folder, share)
    counts = {
        "devices": DEVICES,
        "bytes a fix": round(statistics.mean(map(len, bodies(1, 100, 0)))),
    }
    return Result("intake", scale, figures, counts, notes)
