"""OwnTracks over HTTP or MQTT: one JSON object a message, told apart by `_type`.

<https://owntracks.org/booklet/tech/json/> and `/tech/http/`: a `location` has `lat`, `lon`, `tst`
(seconds since 1970), `acc` (metres), `vel` (km/h), `cog` (degrees). The device is the topic that a
broker delivered it on; over HTTP the `topic` it tells, else the user and device that the app puts
into the headers `X-Limit-U` and `X-Limit-D`, else its two letters `tid`. A `transition`, a last
will (`lwt`) and the like are events. An empty body is nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from tipstaff.formats.feeds.messages import (
    BadJson,
    Decoded,
    Message,
    add_event,
    compact,
    event_or_unread,
    instant_text,
    instant_us,
    load_json,
    one_fix,
    positive,
    reader_of,
    unreadable,
)

_READER: Final = reader_of({"speed": "km/h"}, level_pct=68)
#: Orders and settings for the app, and what others can be seen by: nothing that a device reports.
_NOT_REPORTED: Final = frozenset({"cmd", "configuration", "card", "request", "waypoints"})
_SECONDS: Final = 1 << 62


def decode(message: Message, now: datetime) -> Decoded:
    """One position or event."""
    if not message.body.strip():
        return Decoded()
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    kind = value.get("_type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str):
        return unreadable(message, "NOT_A_MESSAGE")
    return _read(kind, value, message, now)


def _read(kind: str, value: dict[str, Any], message: Message, now: datetime) -> Decoded:
    if kind == "encrypted":
        return unreadable(message, "ENCRYPTED")
    if kind == "location":
        return one_fix(_READER, _row(value, message), message, now)
    if kind in _NOT_REPORTED:
        return Decoded()
    return _event(kind, value, message)


def _row(value: dict[str, Any], message: Message) -> dict[str, Any]:
    return {
        "device_id": _device(value, message),
        "fix_time": _instant(value),
        "latitude": value.get("lat"),
        "longitude": value.get("lon"),
        "precision": positive(value.get("acc")),
        "speed": positive(value.get("vel")),
        "direction": positive(value.get("cog")),
    }


def _event(kind: str, value: dict[str, Any], message: Message) -> Decoded:
    moment = instant_us(_instant(value))
    what = value.get("event")
    code = f"{kind}:{what}" if isinstance(what, str) else kind
    decoded = Decoded()
    add_event(decoded, event_or_unread(_device(value, message), moment, code, compact(value), 1))
    return decoded


def _instant(value: dict[str, Any]) -> Any:
    moment = value.get("tst")
    if isinstance(moment, str):  # the documentation has a number and nothing else
        return None
    return instant_text(moment, seconds_below=_SECONDS)


def _device(value: dict[str, Any], message: Message) -> Any:
    user, device = message.headers.get("x-limit-u", ""), message.headers.get("x-limit-d", "")
    named = f"{user}/{device}" if user and device else None
    return message.device or value.get("topic") or named or value.get("tid")
