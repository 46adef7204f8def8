"""GeoJSON files (RFC 7946): every point is a position, its properties as in our own messages.

Longitude comes first; what is not a point is left unread. The device is the property `device_id`,
else the name that comes with the file; `time` may stand for `fix_time`, as other programs write it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.messages import (
    BadJson,
    Decoded,
    Message,
    compact,
    load_json,
    unreadable,
)
from tipstaff.formats.feeds.own import READER


def decode(message: Message, now: datetime) -> Decoded:
    """The positions of a file; `query["device_id"]` names the device where a point does not."""
    value = load_json(message.body)
    if isinstance(value, BadJson):
        return unreadable(message, value.reason)
    features = value.get("features") if isinstance(value, dict) else None
    if isinstance(value, dict) and value.get("type") == "Feature":
        features = [value]
    if not isinstance(features, list):
        return unreadable(message, "NOT_A_MESSAGE")
    decoded = Decoded()
    rows: list[dict[str, Any]] = []
    places: list[int] = []
    for index, feature in enumerate(features):
        row = _row(feature, message.query.get("device_id"))
        if row is None:
            decoded.unread.append(Unread("NOT_A_POINT", "", index + 1, compact(feature).encode()))
        else:
            rows.append(row)
            places.append(index)
    fixes, refused = READER.read(rows, now)
    decoded.fixes = [fix for _index, fix in fixes]
    for one in refused:
        index = places[one.index]
        raw = compact(features[index]).encode()
        decoded.unread.append(Unread(one.reason, one.field, index + 1, raw))
    return decoded


def _row(feature: Any, device: str | None) -> dict[str, Any] | None:
    """A point's row; None where it is none."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    place, told = geometry.get("coordinates"), feature.get("properties")
    if not isinstance(place, list) or len(place) < 2:
        return None
    row = dict(told) if isinstance(told, dict) else {}
    row.setdefault("device_id", device)
    row.setdefault("fix_time", row.get("time"))
    return {**row, "longitude": place[0], "latitude": place[1]}
