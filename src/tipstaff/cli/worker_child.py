"""The worker as a child of `tipstaff serve`: begun with it, again if it dies, ended with it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from tipstaff.cli.exit_codes import NOT_SET_UP, NOTHING_DONE, REFUSED
from tipstaff.domain.purposes import Purpose

#: How long it waits before a worker that died is begun again: longer each time, up to so long.
FIRST_S: Final = 1.0
MOST_S: Final = 60.0
#: A worker that lived so long did not die of what killed the one before.
_LIVED_S: Final = 120.0
_PATIENCE_S: Final = 30.0
#: With these the worker says itself why it may not or cannot run, and soon is no better than later.
_SAID_WHY: Final = frozenset({NOTHING_DONE, NOT_SET_UP, REFUSED})


@contextmanager
def worker_beside() -> Iterator[None]:
    """While this lasts, a worker runs in a process of its own."""
    from tipstaff.services.beside import beside

    with beside({"worker": _keep_one}):
        yield


def _keep_one(ended: threading.Event) -> None:
    wait_s, said = FIRST_S, 0
    while not ended.is_set():
        began, child = time.monotonic(), _begin()
        while child.poll() is None and not ended.wait(0.2):
            pass
        if ended.is_set():
            _end(child)
            return
        if time.monotonic() - began > _LIVED_S:
            wait_s = FIRST_S
        code = child.returncode
        if code in _SAID_WHY:
            wait_s = MOST_S
        if code not in _SAID_WHY or code != said:
            typer.echo(_words(code, wait_s), err=True)
        said = code
        ended.wait(wait_s)
        wait_s = min(2 * wait_s, MOST_S)


def _words(code: int, wait_s: float) -> str:
    if code in _SAID_WHY:
        return (
            f"The worker does not run ({code}): what it says above is why. If another process "
            f"monitors, serve with --no-worker. Until then it is tried every {wait_s:.0f} s."
        )
    return f"The worker ended ({code}); it is begun again in {wait_s:.0f} s."


def _begin() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tipstaff", "worker", "--until-parent-ends"]
    command += ["--purpose", Purpose.SYSTEM_ADMINISTRATION.value]
    # in a group of its own: Ctrl-C is for us, and we end it in order
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
