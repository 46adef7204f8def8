"""Why a message could not be read, and what helps, in words; its bytes as they may be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from tipstaff.formats.feeds.messages import ACTIONS as OF_MESSAGES
from tipstaff.formats.positions_reasons import ACTIONS as OF_POSITIONS
from tipstaff.positions.inbox_rows import CUT

#: So many bytes are shown of one message.
MOST_SHOWN: Final = 16_384
_IN_A_ROW: Final = 16
_WHY: Final = {
    "NO_FIX": "It says itself that it has no position",
    "NOT_JSON": "It is not JSON",
    "NOT_GPX": "It is no GPX file",
    "NOT_ARROW": "It is no Arrow stream with the columns of positions",
    "COMPRESSED_ARROW": "Its Arrow buffers are compressed",
    "NOT_A_POINT": "It is a line or an area, not a point",
    "NOT_A_MESSAGE": "It is not made as messages of this feed are",
    "TOO_LARGE": "It is too large",
    "TOO_DEEP": "Its values are nested too deep",
    "TOO_MANY": "It holds too many messages at once",
    "ENCRYPTED": "The app enciphered it",
    "OTHER_DEVICE": "It names another device than the topic it came on",
    "EVENT_CODE": "It is an event without a code that can be read",
    "EVENT_TOO_LONG": "It is an event that is too long",
    "MALFORMED": "It is not a row or object",
    "MISSING_VALUE": "A value is missing",
    "INVALID_DEVICE": "The device’s name cannot be read",
    "INVALID_TIME": "The time cannot be read",
    "AMBIGUOUS_TIME": "The clocks went back: its hour happened twice",
    "NONEXISTENT_TIME": "The clocks went forward: there was no such hour",
    "TIME_BEFORE_2000": "Its time is before 2000",
    "TIME_IN_FUTURE": "Its time is more than a day ahead",
    "INVALID_NUMBER": "A number cannot be read",
    "NOT_FINITE": "A number is not finite",
    "OUT_OF_RANGE": "A value is beyond what can be",
    "UNKNOWN_MECHANISM": "It says a way of finding the position that nobody knows",
}
_FEEDS: Final = {
    "json": "Our own messages, JSON",
    "lines": "Our own messages, JSON lines",
    "arrow": "Arrow stream",
    "osmand": "OsmAnd or Traccar Client",
    "owntracks": "OwnTracks",
    "traccar/positions": "Traccar, positions",
    "traccar/events": "Traccar, events",
    "mqtt/tipstaff": "Our own messages, MQTT",
    "mqtt/owntracks": "OwnTracks, MQTT",
    "mqtt/traccar/positions": "Traccar, positions, MQTT",
    "mqtt/traccar/events": "Traccar, events, MQTT",
    "folder": "Watched folder",
}


def why(reason: str) -> str:
    """Why, in words; beside them a code that has none, for whoever is asked about it."""
    known = reason.removesuffix(CUT)
    cut = " (only its beginning is kept)" if reason.endswith(CUT) else ""
    return _WHY.get(known, f"It could not be read ({known})") + cut


def what_helps(reason: str) -> str:
    """What its sender, or the mapping, has to do."""
    known = reason.removesuffix(CUT)
    positions = {code.name: action for code, action in OF_POSITIONS.items()}
    told = OF_MESSAGES.get(known) or positions.get(known, "")
    return told[:1].upper() + told[1:]


def feed_words(address: str) -> str:
    """A feed in words."""
    return _FEEDS.get(address, address)


@dataclass(frozen=True, slots=True)
class ShownBytes:
    """Bytes as they are shown: `how` in words, the text, and how many more there are."""

    how: str
    text: str
    more: int


def shown(raw: bytes) -> ShownBytes:
    """Text where every character of it can be seen; else each byte as a number, text beside it."""
    head = raw[:MOST_SHOWN]
    more = len(raw) - len(head)
    text = _text(head if not more else head[: head.rfind(b"\n") + 1] or head)
    if text is None:
        return ShownBytes("Not text: each byte as a number, with what of it is text beside",
                          _numbers(head), more)  # fmt: skip
    if not more and (laid_out := _json(text)) is not None:
        return ShownBytes("JSON, laid out line by line", laid_out, 0)
    return ShownBytes("Text as it was sent", text, len(raw) - len(text.encode()))


def _text(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    seen = text.replace("\r\n", "\n")
    return text if all(one.isprintable() or one in "\n\t" for one in seen) else None


def _json(text: str) -> str | None:
    """JSON laid out, where that shows all that was sent: nothing said twice, no number changed."""
    try:
        value = json.loads(text)
        same = _packed(json.dumps(value, ensure_ascii=False)) == _packed(text)
        return json.dumps(value, indent=2, ensure_ascii=False) if same else None
    except (ValueError, RecursionError):
        return None


def _packed(text: str) -> str:
    return "".join(text.split())


def _numbers(raw: bytes) -> str:
    lines = []
    for start in range(0, len(raw), _IN_A_ROW):
        row = raw[start : start + _IN_A_ROW]
        seen = "".join(chr(one) if 32 <= one < 127 else "." for one in row)
        lines.append(f"{start:06x}  {row.hex(' '):<{3 * _IN_A_ROW}} {seen}")
    return "\n".join(lines)
