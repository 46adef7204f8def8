"""Ctrl-C, remembered: libraries in the middle of a call turn it into exceptions of their own.

DuckDB, numba and Arrow meet a KeyboardInterrupt inside a call with a RuntimeError, a SystemError or
an error of a query. That it came is noted here, so that whatever it became it ends the command.
"""

from __future__ import annotations

import signal
from types import FrameType


class _Seen:
    """Whether an interrupt came."""

    def __init__(self) -> None:
        self.came = False

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """The handler: note it, then do what Python does."""
        self.came = True
        raise KeyboardInterrupt


_SEEN = _Seen()


def watch() -> None:
    """Note interrupts from now on; one that is ignored (`nohup`, a job of a script) stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _SEEN.note)


def came() -> bool:
    """Whether an interrupt came since `watch`."""
    return _SEEN.came


def stop_if_interrupted() -> None:
    """For where an error is told and the command goes on: not if it was an interrupt."""
    if _SEEN.came:
        raise KeyboardInterrupt
