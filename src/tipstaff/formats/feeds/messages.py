"""What a feed is given and what it makes of it; the JSON that nearly all are written in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import Unread
from tipstaff.formats.mapping import Mapping as PositionMapping
from tipstaff.formats.mapping import TimeRule
from tipstaff.formats.mapping_units import DEFAULT_UNITS, FIELDS, TIME_FIELDS
from tipstaff.formats.message_rows import Fix, FixReader, Refused

#: So many messages may lie in one request: a sender with more makes several.
MAX_MESSAGES: Final = 10_000
#: Deeper than any of these formats goes.
MAX_DEPTH: Final = 32
MAX_CODE: Final = 100
MAX_EVENT_BYTES: Final = 8_192

#: Why a message that was read is no position; beside the reasons of `positions_reasons`.
NO_FIX: Final = "NO_FIX"
ACTIONS: Final = {
    NO_FIX: "the message says that its position is not one of its time: nothing to do",
    "NOT_JSON": "send one JSON text in UTF-8, as the documentation of this address shows",
    "NOT_GPX": "send a GPX file without a document type",
    "NOT_A_POINT": "only points are positions: leave lines and areas out",
    "TOO_LARGE": "split the file, or send it as CSV, JSON lines or Parquet",
    "NOT_ARROW": "send an Arrow IPC stream with plain buffers and the columns of a position file",
    "COMPRESSED_ARROW": "send the buffers plain, and the whole body as gzip instead",
    "TOO_DEEP": f"nest values no deeper than {MAX_DEPTH}",
    "TOO_MANY": f"send at most {MAX_MESSAGES} messages in one request",
    "NOT_A_MESSAGE": "send what the documentation of this address shows",
    "ENCRYPTED": "turn the app's own encryption off: the way is encrypted by https",
    "OTHER_DEVICE": "publish a device's messages on its own topic: this one names another",
    "EVENT_CODE": f"give each event a code of 1 to {MAX_CODE} printable characters",
    "EVENT_TOO_LONG": f"an event has at most {MAX_EVENT_BYTES} bytes",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One request's content: the body unpacked, the query with a form's fields, the headers.

    `device`: whose it is by the way that it came (a broker's topic), whatever the body says.
    """

    body: bytes = field(default=b"", repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something a device reports that is not a position; `code` and `body` as they came."""

    device_id: str
    time_us: int
    code: str
    body: str

    def __repr__(self) -> str:
        """Nothing of it."""
        return "DeviceEvent()"


@dataclass(slots=True)
class Decoded:
    """What a message holds: fixes, events, and what could not be read, with its bytes."""

    fixes: list[Fix] = field(default_factory=list, repr=False)
    events: list[DeviceEvent] = field(default_factory=list, repr=False)
    unread: list[Unread] = field(default_factory=list)

    @property
    def fault(self) -> str:
        """Why nothing at all could be read of the message; empty where something could."""
        return next((one.reason for one in self.unread if one.row == 0), "")


Decode = Callable[[Message, datetime], Decoded]


def unreadable(message: Message, reason: str) -> Decoded:
    """Nothing could be read: its bytes are kept, the query's where it has no body."""
    return Decoded(unread=[Unread(reason, "", 0, raw_of(message))])


def raw_of(message: Message) -> bytes:
    """What was sent: the body, or the query where there is none."""
    return message.body or json.dumps(dict(message.query)).encode()


def load_json(body: bytes) -> Any:
    """The JSON value of a body, or the reason why it has none (`BadJson`)."""
    try:
        value = json.loads(body)
    except RecursionError:
        return BadJson("TOO_DEEP")
    except ValueError:  # not UTF-8, not JSON, or a number of thousands of digits
        return BadJson("NOT_JSON")
    return value if _depth_within(value, MAX_DEPTH) else BadJson("TOO_DEEP")


@dataclass(frozen=True, slots=True)
class BadJson:
    """Why a body is no JSON value that is read."""

    reason: str


def reader_of(
    units: Mapping[str, str], *, columns: Mapping[str, str] | None = None, level_pct: int
) -> FixReader:
    """A reader of rows whose values have the names of fields, or those in `columns`."""
    names: dict[str, tuple[str, ...]] = {name: (name,) for name in FIELDS}
    names |= {name: (column,) for name, column in (columns or {}).items()}
    return FixReader(
        PositionMapping(
            supplier="feed",
            columns=names,
            optional=frozenset(FIELDS[4:]),
            units={**DEFAULT_UNITS, **units},
            times={name: TimeRule() for name in TIME_FIELDS},
            level_pct=level_pct,
        )
    )


def one_fix(reader: FixReader, row: Mapping[str, Any], message: Message, now: datetime) -> Decoded:
    """What a message holds that tells of one position."""
    fixes, refused = reader.read([row], now)
    return Decoded([fix for _index, fix in fixes], [], [_unread(one, message) for one in refused])


def instant_text(value: Any, *, seconds_below: int = 0) -> Any:
    """A time as ISO 8601, from that or from a number of milliseconds since 1970.

    Numbers below `seconds_below` are seconds. What is neither is left to whoever judges it.
    """
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    try:
        factor = 1_000_000 if value < seconds_below else 1_000
        return from_micros(round(value * factor)).isoformat()
    except (OverflowError, ValueError):
        return str(value)


def instant_us(value: Any) -> int | None:
    """A time in microseconds, if it is ISO 8601 with an offset.

    However wrong it is: a strap that was cut is to be known, whatever the clock of the device says.
    """
    if not isinstance(value, str):
        return None
    try:
        return to_micros(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return None


def event_or_unread(
    device_id: Any, time_us: int | None, code: Any, body: str, row: int
) -> DeviceEvent | Unread:
    """An event, if it has all that one needs."""
    raw = body.encode(errors="replace")
    if not isinstance(device_id, str) or not _is_name(device_id, 200):
        return Unread("MISSING_VALUE" if device_id is None else "INVALID_DEVICE", "device_id",
                      row, raw)  # fmt: skip
    if time_us is None:
        return Unread("INVALID_TIME", "event_time", row, raw)
    if not isinstance(code, str) or not _is_name(code, MAX_CODE):
        return Unread("EVENT_CODE", "code", row, raw)
    if len(raw) > MAX_EVENT_BYTES:
        return Unread("EVENT_TOO_LONG", "", row, raw)
    return DeviceEvent(device_id, time_us, code, body)


def add_event(decoded: Decoded, event: DeviceEvent | Unread) -> None:
    """Put an event where it belongs."""
    if isinstance(event, Unread):
        decoded.unread.append(event)
    else:
        decoded.events.append(event)


def compact(value: Any) -> str:
    """A JSON value as text, the names in the order in which they came."""
    return json.dumps(value, separators=(",", ":"))


def positive(value: Any) -> Any:
    """A measurement of which apps say −1 where they have none; None then."""
    return None if isinstance(value, (int, float)) and value < 0 else value


def _unread(refused: Refused, message: Message) -> Unread:
    return Unread(refused.reason, refused.field, 1, raw_of(message))


def _is_name(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable() and text.strip() == text


def _depth_within(value: Any, most: int) -> bool:
    level = [value]
    for _depth in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return True
    return False
