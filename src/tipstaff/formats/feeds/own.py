"""Tipstaff's own messages: JSON, JSON lines and Arrow streams, with the fields of a position file.

An object with a `code` is an event (`device_id`, `event_time`, `code`, and whatever else belongs to
it); any other is a position. JSON is one array of them, or an object with `messages`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.arrow_bodies import is_compressed
from tipstaff.formats.feeds.messages import (
    MAX_MESSAGES,
    BadJson,
    Decoded,
    Message,
    add_event,
    compact,
    event_or_unread,
    instant_us,
    load_json,
    reader_of,
    unreadable,
)
from tipstaff.formats.message_rows import fixes_of
from tipstaff.formats.positions_rows import RawBlock, judge

#: Field → the name it has in position files, where that is another.
_COLUMNS: Final = {
    "precision": "precision_m",
    "precision_level": "precision_level_pct",
    "speed": "speed_kmh",
    "direction": "direction_deg",
}
_LEVEL_PCT: Final = 95
#: Reads positions as our own messages write them.
READER: Final = reader_of({}, columns=_COLUMNS, level_pct=_LEVEL_PCT)


def decode_json(message: Message, now: datetime) -> Decoded:
    """A JSON array of messages, or an object that holds it."""
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    rows = value.get("messages") if isinstance(value, dict) else value
    if isinstance(value, dict) and "messages" not in value:
        rows = [value]
    if not isinstance(rows, list):
        return unreadable(message, "NOT_A_MESSAGE")
    if len(rows) > MAX_MESSAGES:
        return unreadable(message, "TOO_MANY")
    return _read(rows, None, now)


def decode_lines(message: Message, now: datetime) -> Decoded:
    """JSON lines: one message a line; a line that is none costs itself alone."""
    lines = [line for line in message.body.split(b"\n") if line.strip()]
    if len(lines) > MAX_MESSAGES:
        return unreadable(message, "TOO_MANY")
    return _read([load_json(line) for line in lines], lines, now)


def decode_arrow(message: Message, now: datetime) -> Decoded:
    """An Arrow IPC stream of positions; events travel as JSON."""
    decoded = Decoded()
    try:
        for first, batch in _batches(message.body):
            _take(batch, first, decoded, now)
    except _TooManyError:
        return unreadable(message, "TOO_MANY")
    except _CompressedError:
        return unreadable(message, "COMPRESSED_ARROW")
    except (pa.ArrowException, OSError, ValueError, KeyError, EOFError):
        return unreadable(message, "NOT_ARROW")
    return decoded


def decode_topic(message: Message, now: datetime) -> Decoded:
    """What was published on a device's topic: JSON as `decode_json` reads it, of that device alone.

    A message may leave its device out; one that names another is not read. Nothing is nothing: that
    is how a broker's retained message is taken back.
    """
    if not message.body.strip():
        return Decoded()
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    rows = value.get("messages", [value]) if isinstance(value, dict) else value
    if not isinstance(rows, list):
        return unreadable(message, "NOT_A_MESSAGE")
    if len(rows) > MAX_MESSAGES:
        return unreadable(message, "TOO_MANY")
    if any(isinstance(r, dict) and r.get("device_id", message.device) != message.device
           for r in rows):  # fmt: skip
        return unreadable(message, "OTHER_DEVICE")
    whose = {"device_id": message.device}
    return _read([{**row, **whose} if isinstance(row, dict) else row for row in rows], None, now)


class _TooManyError(Exception):
    """More rows than one request may hold."""


class _CompressedError(Exception):
    """Buffers that would have to be unpacked, to nobody knows what length."""


def _read(rows: Sequence[Any], lines: Sequence[bytes] | None, now: datetime) -> Decoded:
    decoded = Decoded()
    places: list[int] = []
    for index, row in enumerate(rows):
        if isinstance(row, BadJson):
            decoded.unread.append(Unread(row.reason, "", index + 1, _raw(row, index, lines)))
        elif not isinstance(row, dict):
            decoded.unread.append(Unread("MALFORMED", "", index + 1, _raw(row, index, lines)))
        elif "code" in row:
            body = _raw(row, index, lines).decode(errors="replace")
            moment = instant_us(row.get("event_time"))
            event = event_or_unread(row.get("device_id"), moment, row["code"], body, index + 1)
            add_event(decoded, event)
        else:
            places.append(index)
    fixes, refused = READER.read([rows[i] for i in places], now)
    decoded.fixes = [fix for _index, fix in fixes]
    for one in refused:
        index = places[one.index]
        raw = _raw(rows[index], index, lines)
        decoded.unread.append(Unread(one.reason, one.field, index + 1, raw))
    return decoded


def _raw(row: Any, index: int, lines: Sequence[bytes] | None) -> bytes:
    """The bytes of a message; of one within an array, an equal text."""
    return compact(row).encode() if lines is None else lines[index]


def _batches(body: bytes) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batches of a stream, each with the number of its first row; checked throughout."""
    for message in pa.ipc.MessageReader.open_stream(body):
        if is_compressed(message.metadata.to_pybytes()):
            raise _CompressedError
    first = 1
    with pa.ipc.open_stream(body) as stream:
        for batch in stream:
            batch.validate(full=True)
            if first - 1 + batch.num_rows > MAX_MESSAGES:
                raise _TooManyError
            yield first, batch
            first += batch.num_rows


def _take(batch: pa.RecordBatch, first: int, decoded: Decoded, now: datetime) -> None:
    mapping = READER.mapping
    names = set(batch.schema.names)
    columns = {
        field: batch.column(column)
        for field, (column, *_others) in mapping.columns.items()
        if column in names
    }
    rows = np.arange(batch.num_rows, dtype=np.int64)
    block = RawBlock(rows, columns, lambda i: str(batch.slice(i, 1).to_pylist()[0]))
    accepted, quarantined = judge(block, mapping, now)
    decoded.fixes += fixes_of(accepted)
    for row in quarantined.to_pylist():
        raw = row["raw"].encode(errors="replace")
        decoded.unread.append(Unread(row["reason"], row["field"], first + row["row"], raw))
