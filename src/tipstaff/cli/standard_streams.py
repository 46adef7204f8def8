"""Standard output and error that never end a command half-way.

A reader who has seen enough (`| head`) is no fault: the rest is dropped in silence, and the command
ends with its own exit code. What a full disk or a closed terminal keeps from being printed is
remembered and told at the end, with an exit code of its own.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, Final, TextIO

_OUTPUT: Final = 1
_ERROR: Final = 2


class _Outlet(io.FileIO):
    """A file descriptor whose failures are kept and not raised."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, or drop `data` once writing has failed."""
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


def guard() -> None:
    """Put guarded streams in place of `sys.stdout` and `sys.stderr`."""
    sys.stdout = _guarded(sys.stdout, _OUTPUT)
    sys.stderr = _guarded(sys.stderr, _ERROR)


def nobody_reads() -> bool:
    """Whether more on standard output would reach nobody: a long answer may stop."""
    return _failure() is not None


def lost() -> OSError | None:
    """Why what was printed did not get out; None where it did, or its reader left."""
    if sys.stdout is not None:
        sys.stdout.flush()
    failure = _failure()
    return None if isinstance(failure, BrokenPipeError) else failure


def _failure() -> OSError | None:
    outlet = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return outlet.failure if isinstance(outlet, _Outlet) else None


def _guarded(stream: TextIO | None, descriptor: int) -> TextIO:
    """The stream over an outlet; one that was closed from the start leads nowhere."""
    if stream is None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        return io.TextIOWrapper(io.BufferedWriter(_Outlet(nowhere)), encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Outlet(descriptor)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )
