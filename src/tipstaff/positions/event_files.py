"""Events of devices, kept as they came: JSON lines, one file for each drain of a supplier's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from tipstaff.domain.periods import from_micros
from tipstaff.domain.received import Received


def write_events(folder: Path, source_id: str, events: Iterable[Received]) -> Path | None:
    """`<folder>/<source id>.jsonl`, there whole or not at all; None where there are no events.

    Written again with the same events it is the same file.
    """
    lines = [_line(event) for event in events]
    if not lines:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{source_id}.jsonl"
    draft = path.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
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
