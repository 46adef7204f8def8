"""`tipstaff serve` with its worker: begun with it, begun again when it dies, ended with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from program import environment


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def answers(url: str, within_s: float = 180.0) -> str:
    """What an address answers, as soon as it does with 200."""
    until = time.monotonic() + within_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            refused.close()
        except OSError:
            pass
        assert time.monotonic() < until, url
        time.sleep(0.2)


def child_of(number: int) -> int:
    """The worker's process, as soon as there is one."""
    path = Path(f"/proc/{number}/task/{number}/children")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = [
            int(one)
            for task in Path(f"/proc/{number}/task").iterdir()
            for one in (task / "children").read_text().split()
        ]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(path)


def is_there(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().split()[2]
    except FileNotFoundError:
        return False


def test_the_worker_lives_and_dies_with_the_server(sqlite_instance: Any) -> None:
    pages, figures, intake = free_port(), free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tipstaff", "serve", "--port", str(pages)],
        env=environment(
            sqlite_instance.data,
            TIPSTAFF_ACTOR="tester",
            TIPSTAFF_METRICS_PORT=str(figures),
            TIPSTAFF_INTAKE_METRICS_PORT=str(intake),
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert answers(f"http://127.0.0.1:{figures}/health/ready") == "ready\n"
        assert answers(f"http://127.0.0.1:{pages}/health") == "alive\n"
        assert "tipstaff_lives 0.0" in answers(f"http://127.0.0.1:{figures}/metrics")
        assert answers(f"http://127.0.0.1:{intake}/health/ready") == "ready\n"
        sent = urllib.request.urlopen(f"http://127.0.0.1:{pages}/intake/openapi.json")
        with sent as answer:
            assert len(answer.headers["X-Request-Id"]) == 32
        taken = answers(f"http://127.0.0.1:{intake}/metrics")
        assert 'tipstaff_intake_answers_total{status="200"} 1.0' in taken
        first = child_of(process.pid)
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 30
        while (second := child_of(process.pid)) == first:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert answers(f"http://127.0.0.1:{figures}/health/ready") == "ready\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=40)
        assert process.returncode == 0, said
        assert "The worker ended (-9); it is begun again in 1 s." in said
        assert not is_there(second)
    finally:
        process.kill()
        process.wait()


def test_a_worker_ends_with_a_server_that_was_killed(sqlite_instance: Any) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tipstaff", "serve", "--port", str(free_port())],
        env=environment(sqlite_instance.data, TIPSTAFF_ACTOR="tester"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    worker = child_of(process.pid)
    time.sleep(5)  # past its start, so that it knows its parent
    process.kill()
    process.wait()
    until = time.monotonic() + 30
    while is_there(worker):
        assert time.monotonic() < until
        time.sleep(0.2)
