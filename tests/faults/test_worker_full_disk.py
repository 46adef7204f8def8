"""A full disk under the worker: it waits and says so, and goes on by itself when there is room.

Everything lies on it: records, inbox, checkpoints, archive. Nothing that was taken in is lost, and
nobody is told twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fed_instance import WORN, activate, issue_key, position
from living import Living, same
from program import environment
from served import _free_port
from small_disk import filled, small_disk

WORKER = ("worker", "--purpose", "system_administration")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "48m", let_go=False) as mounted:
        yield mounted


@contextmanager
def running(data: Path, log: Path, *words: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program, ended in order."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tipstaff", *words],
            env=environment(data, TIPSTAFF_ACTOR="tester", **extra),
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        yield process
        process.terminate()
        process.wait(40)
    finally:
        process.kill()
        process.wait()


def asked(url: str, sent: Any = None, key: str = "") -> tuple[int, str]:
    """What an address answers; 0 where nobody does."""
    body = None if sent is None else json.dumps(sent).encode()
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(url, body, head if key else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def until(is_so: Callable[[], bool], what: str, within_s: float = 120.0) -> None:
    end = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def figure(port: int, name: str) -> float:
    """A figure of the metrics, summed over its labels."""
    lines = asked(f"http://127.0.0.1:{port}/metrics")[1].splitlines()
    return sum(float(one.split()[-1]) for one in lines if one.startswith(name))


def test_the_worker_waits_for_room_and_comes_to_the_same(tmp_path: Path, disk: Path) -> None:
    base = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
    full, calm = Living(disk / "var", base), Living(tmp_path / "calm", base)
    port, log = _free_port(), tmp_path / "log"
    ready = f"http://127.0.0.1:{port}/health/ready"
    with running(full.data, log, *WORKER, TIPSTAFF_METRICS_PORT=str(port)) as worker:
        until(lambda: asked(ready)[0] == 200, "the worker begins")
        sender = full.begun("insist", tmp_path / "go")
        assert sender.stdout
        assert sender.stdout.readline() == "open\n"
        with filled(disk):
            (tmp_path / "go").touch()
            assert sender.stdout.readline() == "refused\n"
            until(lambda: figure(port, "tipstaff_failures_total") > 0, "a turn fails")
            assert asked(ready)[0] == 503
            assert worker.poll() is None
        sender.communicate(timeout=120)
        assert sender.returncode == 0
        until(lambda: asked(ready)[0] == 200, "the worker goes on")
    assert worker.returncode == 0
    assert "tried again in" in log.read_text()
    full.done.touch()
    full.ended("work", full.done)
    same(full.stands(), calm.calmly())


def test_all_in_one_is_polite_and_goes_on(
    sqlite_instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Path
) -> None:
    key = issue_key()
    activate(WORN)
    data = disk / "var"
    subprocess.run(["cp", "-r", str(sqlite_instance.data), str(data)], check=True)
    pages, figures = _free_port(), _free_port()
    send, ready = (
        f"http://127.0.0.1:{pages}/intake/json",
        f"http://127.0.0.1:{figures}/health/ready",
    )
    ports = {"TIPSTAFF_METRICS_PORT": str(figures)}
    with running(data, tmp_path / "log", "serve", "--port", str(pages), **ports) as process:
        until(lambda: asked(ready)[0] == 200, "worker and server begin")
        assert asked(send, [position(ago_s=90)], key) == (200, '{"received": 1, "unread": 0}')
        until(lambda: figure(figures, "tipstaff_messages_total") == 1, "it is read")
        with filled(disk):
            refused = 0
            for ago_s in range(80, 0, -1):
                told = asked(send, [position(ago_s=ago_s)], key)
                assert told[0] in (200, 507), told
                refused += told[0] == 507
            assert refused
            assert asked(f"http://127.0.0.1:{pages}/health")[0] == 200
        last = [position(ago_s=ago_s) for ago_s in range(80, 0, -1)]
        assert asked(send, last, key)[0] == 200
        until(lambda: figure(figures, "tipstaff_messages_total") == 81, "all is read, each once")
        until(lambda: asked(ready)[0] == 200, "the worker goes on")
        assert process.poll() is None
