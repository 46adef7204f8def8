"""Files of device events: `device_id, event_time, kind` and, where it is said, `level_pct`.

Kinds are Tipstaff's own names (`monitoring.events.EventKind`). Good rows are kept, and of each
other row every fault is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.periods import to_micros
from tipstaff.formats.csv_records import Record, read_records
from tipstaff.monitoring.events import DeviceEvent, EventKind

COLUMNS: Final = ("device_id", "event_time", "kind")
LEVEL: Final = "level_pct"


@dataclass(frozen=True, slots=True)
class EventFault:
    """What is wrong with a row (its line in the file; 1: the header), and what to do."""

    row: int
    field: str
    action: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}; {self.action}"


@dataclass(frozen=True, slots=True)
class EventFile:
    """Good events by device, in the order of the file; faults of the rest."""

    events: Mapping[str, tuple[DeviceEvent, ...]]
    faults: tuple[EventFault, ...]
    rows: int


def read_events(source: bytes) -> EventFile:
    """Read a whole file, UTF-8 with a header; times with an offset from UTC."""
    try:
        records = list(read_records(source.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return EventFile({}, (EventFault(1, "file", "write the file as UTF-8"),), 0)
    header = [name.strip().casefold() for name in records[0].cells] if records else []
    if not set(COLUMNS) <= set(header) or not set(header) <= {*COLUMNS, LEVEL}:
        action = f"the first line must name {', '.join(COLUMNS)}, and may name {LEVEL}"
        return EventFile({}, (EventFault(1, "header", action),), 0)
    found: dict[str, list[DeviceEvent]] = {}
    faults: list[EventFault] = []
    for record in records[1:]:
        values = dict(zip(header, map(str.strip, record.cells), strict=False))
        wrong = list(_faults(record, values, len(header)))
        faults += wrong
        if not wrong:
            found.setdefault(values["device_id"], []).append(_event(values))
    events = {device: tuple(own) for device, own in found.items()}
    return EventFile(events, tuple(faults), len(records) - 1)


def _faults(record: Record, values: Mapping[str, str], columns: int) -> Iterator[EventFault]:
    row = record.line
    if len(record.cells) != columns:
        yield EventFault(row, "row", f"give {columns} values, as the first line names")
        return
    if not values["device_id"]:
        yield EventFault(row, "device_id", "name the device")
    if not _is_time(values["event_time"]):
        yield EventFault(row, "event_time", "write 2026-03-02T18:00:00Z, or with another offset")
    if values["kind"] not in set(EventKind):
        yield EventFault(row, "kind", f"use one of {', '.join(EventKind)}")
    level = values.get(LEVEL, "")
    if level and not (level.isdecimal() and int(level) <= 100):
        yield EventFault(row, LEVEL, "give whole per cent, 0 to 100, or nothing")


def _event(values: Mapping[str, str]) -> DeviceEvent:
    at_us = to_micros(datetime.fromisoformat(values["event_time"]).astimezone(UTC))
    level = values.get(LEVEL, "")
    kind = EventKind(values["kind"])
    return DeviceEvent(at_us, kind, at_us, level_pct=int(level) if level else -1)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
