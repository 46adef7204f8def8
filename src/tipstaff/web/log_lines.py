"""What the server logs: where something went wrong, never with what.

Messages of libraries hold addresses of machines, paths of pages and words of exceptions, any of
which may be about a person. A line names the level, the logger, the place in the code and the kind
of an exception.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

_FRAMES: Final = 4


class Places(logging.Formatter):
    """A record as one line without its message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {_place(record)}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-_FRAMES:]
            places = " > ".join(f"{_module(frame.filename)}:{frame.lineno}" for frame in frames)
            line += f" {kind.__name__} at {places or 'unknown'}"
        return line


def to_stderr() -> None:
    """Send warnings and worse of every library to standard error, in that form alone."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Places())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _place(record: logging.LogRecord) -> str:
    return f"{_module(record.pathname)}:{record.lineno}"


def _module(filename: str) -> str:
    path = Path(filename)
    return f"{path.parent.name}/{path.stem}"
