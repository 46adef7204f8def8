"""The OsmAnd protocol, which the apps OsmAnd and Traccar Client speak: query, form or JSON.

<https://www.traccar.org/osmand/>: `id` or `deviceid`, `timestamp` (seconds or milliseconds since
1970, or ISO 8601), `lat` and `lon` or `location` ("lat,lon"), `speed` in knots, `bearing` or
`heading`, `accuracy` in metres, `hdop`, `valid`. As JSON: `device_id`, `location.timestamp`,
`location.coords` with `speed` in metres a second. A message without a time is refused, where
Traccar would take the time at which it came; one without an offset too, since nobody says whose
clock it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.messages import (
    NO_FIX,
    BadJson,
    Decoded,
    Message,
    instant_text,
    load_json,
    one_fix,
    positive,
    raw_of,
    reader_of,
    unreadable,
)

#: Radii of phones hold 68 in 100 (Android's `Location.getAccuracy`).
_LEVEL_PCT: Final = 68
_QUERY: Final = reader_of({"speed": "knots"}, level_pct=_LEVEL_PCT)
_JSON: Final = reader_of({"speed": "m/s"}, level_pct=_LEVEL_PCT)
#: Numbers below it are seconds.
_SECONDS_BELOW: Final = 2**31 - 1


def decode(message: Message, now: datetime) -> Decoded:
    """One position, from wherever it stands in the request."""
    if message.body and "json" in message.content_type:
        return _from_json(message, now)
    if not message.query:
        return unreadable(message, "NOT_A_MESSAGE")
    return _from_fields(message, message.query, now)


def _from_fields(message: Message, fields: Mapping[str, str], now: datetime) -> Decoded:
    lat, lon = fields.get("lat"), fields.get("lon")
    if lat is None and lon is None and "location" in fields:
        lat, _comma, lon = fields["location"].partition(",")
    row = {
        "device_id": fields.get("id", fields.get("deviceid")),
        "fix_time": instant_text(fields.get("timestamp"), seconds_below=_SECONDS_BELOW),
        "latitude": lat,
        "longitude": lon,
        "precision": fields.get("accuracy"),
        "speed": fields.get("speed"),
        "direction": fields.get("bearing", fields.get("heading")),
        "hdop": fields.get("hdop"),
    }
    if _says_no(fields.get("valid")) or _is_nowhere(lat, lon):
        return Decoded(unread=[Unread(NO_FIX, "", 1, raw_of(message))])
    return one_fix(_QUERY, row, message, now)


def _from_json(message: Message, now: datetime) -> Decoded:
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    location = value.get("location") if isinstance(value, dict) else None
    coords = location.get("coords") if isinstance(location, dict) else None
    if not isinstance(location, dict) or not isinstance(coords, dict):
        return unreadable(message, "NOT_A_MESSAGE")
    row = {
        "device_id": _name(value.get("device_id")),
        "fix_time": instant_text(location.get("timestamp"), seconds_below=_SECONDS_BELOW),
        "latitude": coords.get("latitude"),
        "longitude": coords.get("longitude"),
        "precision": positive(coords.get("accuracy")),
        "speed": positive(coords.get("speed")),
        "direction": positive(coords.get("heading")),
    }
    if _is_nowhere(row["latitude"], row["longitude"]):
        return Decoded(unread=[Unread(NO_FIX, "", 1, message.body)])
    return one_fix(_JSON, row, message, now)


def _name(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _says_no(valid: str | None) -> bool:
    return valid is not None and valid.lower() not in {"true", "1"}


def _is_nowhere(lat: Any, lon: Any) -> bool:
    """Both nought: what a program writes that has no position."""
    try:
        return float(lat) == 0.0 and float(lon) == 0.0
    except (TypeError, ValueError):
        return False
