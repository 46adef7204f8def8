"""A program that is killed in the middle of what it does."""

from __future__ import annotations

import signal
import subprocess
import sys
import time


def killed(code: str, argument: str, delay_s: float) -> list[str]:
    """Run `code` until `delay_s` after its first line, kill it, and return its lines."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, argument], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child, child.stdout as out:
        first = out.readline()
        time.sleep(delay_s)
        child.send_signal(signal.SIGKILL)
        return [first.strip(), *out.read().split()]
