"""Events of devices, kept as they came: JSON lines, one file for each drain of a supplier's."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path

from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import MessageKind, Received


def write_events(folder: Path, source_id: str, events: Iterable[Received]) -> Path | None:
    """`<folder>/<source id>.jsonl`, there whole or not at all; None where there are no events.

    Written again with the same events it is the same file.
    """
    lines = [_line(event) for event in events]
    if not lines:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{source_id}.jsonl"
    _put(path, lines)
    return path


def _line(event: Received) -> str:
    value = {
        "supplier": event.supplier,
        "device_id": event.device_id,
        "event_time": from_micros(event.time_us).isoformat(),
        "code": event.code,
        "feed": event.feed,
        "received_at": from_micros(event.received_us).isoformat(),
        "clock": event.clock,
        "body": event.body,
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def events_of(
    folder: Path, devices: Collection[tuple[str, str]], since: datetime
) -> list[Received]:
    """The events of some devices (supplier, device id) in all files written since an instant.

    An event is in no file from before it happened.
    """
    return [
        event
        for path in _files(folder)
        if path.stat().st_mtime >= since.timestamp()
        for line in path.read_text("utf-8").splitlines()
        for event in (_event(line),)
        if (event.supplier, event.device_id) in devices
    ]


def _event(line: str) -> Received:
    value = json.loads(line)
    return Received(
        MessageKind.EVENT,
        to_micros(datetime.fromisoformat(value["event_time"])),
        0,
        0,
        value["supplier"],
        value["device_id"],
        value["feed"],
        to_micros(datetime.fromisoformat(value["received_at"])),
        value["clock"],
        code=value["code"],
        body=value["body"],
    )


#: Whether an event goes: its supplier, its device, and its time, or that of receipt where the clock
#: is wrong.
Goes = Callable[[str, str, datetime], bool]


def count(folder: Path, goes: Goes) -> int:
    """How many events would go."""
    return sum(
        _goes(line, goes)
        for path in _files(folder)
        for line in path.read_text("utf-8").splitlines()
    )


def erase(folder: Path, goes: Goes) -> None:
    """Write each file anew without the events that go; an empty file goes too."""
    for path in _files(folder):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not _goes(line, goes)]
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            _put(path, kept)


def _files(folder: Path) -> list[Path]:
    for draft in folder.glob("*.part"):
        draft.unlink(missing_ok=True)
    return sorted(folder.glob("*.jsonl"))


def _goes(line: str, goes: Goes) -> bool:
    value = json.loads(line)
    at = datetime.fromisoformat(value["received_at" if value["clock"] else "event_time"])
    return goes(value["supplier"], value["device_id"], at)


def _put(path: Path, lines: Iterable[str]) -> None:
    draft = path.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
