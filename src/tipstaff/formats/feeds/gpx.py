"""GPX files (<https://www.topografix.com/GPX/1/1/>): every track point that has a time is a
position.

`lat` and `lon` in degrees, `time` in UTC, `sat`, `hdop`; of GPX 1.0 also `speed` (metres a second)
and `course`. No file of the kind says which device it is of, nor a radius: the device is the name
that comes with the file, and the radius is not known. A file with a document type is refused: GPX
has none, and it is the way to have a reader of XML fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree

from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.messages import Decoded, Message, compact, reader_of, unreadable

_READER: Final = reader_of({"speed": "m/s"}, level_pct=95)
#: Zone is Z by the schema; some programs leave it out, and mean the same.
_NO_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CHILDREN: Final = {
    "fix_time": "time", "satellites": "sat", "hdop": "hdop", "speed": "speed",
    "direction": "course",
}  # fmt: skip


def decode(message: Message, now: datetime) -> Decoded:
    """The positions of a file; `query["device_id"]` names the device."""
    if _DOCTYPE.search(message.body):
        return unreadable(message, "NOT_GPX")
    try:
        root = ElementTree.fromstring(message.body)  # noqa: S314 (no document type: see above)
    except (ElementTree.ParseError, LookupError, ValueError):
        return unreadable(message, "NOT_GPX")
    if _plain(root.tag) != "gpx":
        return unreadable(message, "NOT_GPX")
    rows = list(_points(root, message.query.get("device_id")))
    fixes, refused = _READER.read(rows, now)
    unread = [
        Unread(one.reason, one.field, one.index + 1, compact(rows[one.index]).encode())
        for one in refused
    ]
    return Decoded([fix for _index, fix in fixes], [], unread)


def _points(root: Any, device: str | None) -> Iterator[dict[str, Any]]:
    for point in root.iter():
        if _plain(point.tag) != "trkpt":
            continue
        told = {_plain(child.tag): (child.text or "").strip() for child in point}
        row: dict[str, Any] = {field: told.get(name) for field, name in _CHILDREN.items()}
        row |= {"device_id": device, "latitude": point.get("lat"), "longitude": point.get("lon")}
        if row["fix_time"] and _NO_ZONE.fullmatch(row["fix_time"]):
            row["fix_time"] += "Z"
        yield row


def _plain(tag: Any) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]
