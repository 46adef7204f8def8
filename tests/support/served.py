"""`tipstaff serve` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from program import environment


@dataclass(frozen=True)
class Server:
    """A server that answers; `url` is what it says of itself."""

    process: subprocess.Popen[str]
    url: str
    port: int


@contextmanager
def serving(data: Path, **extra: str) -> Iterator[Server]:
    """A server on the instance in `data`, ended afterwards."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tipstaff", "serve", "--no-worker", "--port", str(port)],
        env=environment(data, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"https?://[a-z0-9.]+(:\d+)?", line)
        if found is None:
            raise AssertionError(line + process.communicate(timeout=20)[1])
        yield Server(process, found[0], port)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
