"""What our processes log: a JSON object a line, where something happened and never with whom.

Messages of libraries hold addresses of machines, paths of pages and words of exceptions, any of
which may be about a person: of them only the level, the logger, the place in the code and the kind
of an exception are told. What our own modules say is written here, names nobody, and is told whole.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

from tipstaff.web.request_ids import NAME

_FRAMES: Final = 4
_OURS: Final = "tipstaff."


def to_stderr(level: int = logging.WARNING) -> None:
    """Send what is logged to standard error, in that form alone; of libraries warnings and worse.

    `level` is that of our own modules.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(places())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tipstaff").setLevel(level)


def places() -> logging.Formatter:
    """The form: one JSON object a line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_line],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(sort_keys=False),
        ],
    )


def _line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The line's parts, in their order; nothing of the event but what may be told."""
    record: logging.LogRecord = event["_record"]
    told: dict[str, Any] = {
        "at": structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {})["timestamp"],
        "level": record.levelname.lower(),
        "logger": record.name,
        "place": f"{_module(record.pathname)}:{record.lineno}",
    }
    request = structlog.contextvars.get_contextvars().get(NAME)
    if request is not None:
        told[NAME] = request
    if record.name.startswith(_OURS):
        told["event"] = event["event"]
    if record.exc_info and record.exc_info[0] is not None:
        kind, _, trace = record.exc_info
        frames = traceback.extract_tb(trace)[-_FRAMES:]
        told["error"] = kind.__name__
        told["trace"] = [f"{_module(frame.filename)}:{frame.lineno}" for frame in frames]
    record.exc_info = record.exc_text = None
    return told | {name: event[name] for name in ("_record", "_from_structlog")}


def _module(filename: str) -> str:
    path = Path(filename)
    return f"{path.parent.name}/{path.stem}"
