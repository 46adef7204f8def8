"""What a Traccar server forwards: positions and events of devices of some two hundred makes.

<https://www.traccar.org/forward/>: a position comes as `{"position", "device"}`, an event as
`{"event", "position", "device"}`. The device is `device.uniqueId`; `speed` is in knots, `accuracy`
in metres and 0 where it is not known; times are ISO 8601 or milliseconds since 1970. A position
that is not `valid`, or is `outdated` (the last one again, at a new time), is none. An alarm that
rides on a position (`attributes.alarm`: tampering, lowBattery …) is an event beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.messages import (
    NO_FIX,
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
    reader_of,
    unreadable,
)

#: Traccar does not say what share its radii hold. Its devices are mostly phones and receivers that
#: give 68 in 100, and to take a radius for less than it is meant to hold clears nobody wrongly.
_READER: Final = reader_of({"speed": "knots"}, level_pct=68)


def decode_position(message: Message, now: datetime) -> Decoded:
    """A forwarded position, and the alarms that ride on it."""
    value = _object(message)
    if isinstance(value, Decoded):
        return value
    position, device = value.get("position"), value.get("device")
    if not isinstance(position, dict) or not isinstance(device, dict):
        return unreadable(message, "NOT_A_MESSAGE")
    decoded = _position(position, device, message, now)
    alarm = _attributes(position).get("alarm")
    for code in alarm.split(",") if isinstance(alarm, str) and alarm else ():
        moment = instant_us(instant_text(position.get("fixTime")))
        event = event_or_unread(
            _device(device), moment, f"alarm:{code}", compact(position), len(decoded.unread) + 1
        )
        add_event(decoded, event)
    return decoded


def decode_event(message: Message, _now: datetime) -> Decoded:
    """A forwarded event. The position beside it is forwarded by itself."""
    value = _object(message)
    if isinstance(value, Decoded):
        return value
    event, device = value.get("event"), value.get("device")
    if not isinstance(event, dict) or not isinstance(device, dict):
        return unreadable(message, "NOT_A_MESSAGE")
    kind, alarm = event.get("type"), _attributes(event).get("alarm")
    code = f"{kind}:{alarm}" if isinstance(alarm, str) and isinstance(kind, str) else kind
    moment = instant_us(instant_text(event.get("eventTime", event.get("serverTime"))))
    decoded = Decoded()
    add_event(decoded, event_or_unread(_device(device), moment, code, compact(event), 1))
    return decoded


def _object(message: Message) -> dict[str, Any] | Decoded:
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    return value if isinstance(value, dict) else unreadable(message, "NOT_A_MESSAGE")


def _position(
    position: dict[str, Any], device: dict[str, Any], message: Message, now: datetime
) -> Decoded:
    if position.get("valid") is False or position.get("outdated") is True:
        return Decoded(unread=[Unread(NO_FIX, "", 1, message.body)])
    attributes = _attributes(position)
    row = {
        "device_id": _device(device),
        "fix_time": instant_text(position.get("fixTime")),
        "latitude": position.get("latitude"),
        "longitude": position.get("longitude"),
        "precision": position.get("accuracy") or None,
        "speed": position.get("speed"),
        "direction": position.get("course"),
        "satellites": attributes.get("sat"),
        "hdop": attributes.get("hdop"),
        # Traccar asks a service where the mobile network's masts are, and says so
        "mechanism": Mechanism.LBS.name if attributes.get("approximate") is True else None,
        "recorded_time": instant_text(position.get("deviceTime")),
        "received_time": instant_text(position.get("serverTime")),
    }
    return one_fix(_READER, row, message, now)


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    found = value.get("attributes")
    return found if isinstance(found, dict) else {}


def _device(device: dict[str, Any]) -> Any:
    return device.get("uniqueId")
