"""Every feed, over HTTP or MQTT, and format of whole files: a file beside this and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.formats.feeds import geojson_points, gpx, osmand, own, owntracks, traccar
from tipstaff.formats.feeds.messages import Decode

_ARROW: Final = "application/vnd.apache.arrow.stream"
_LINES: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its address below `/intake/`, how it is sent, what a key must be allowed, its reader.

    `key_in_query`: its senders can set nothing but an address. `empty_list`: they expect `[]`.
    `events_ride`: events come as part of a position's message, and need no further permission.
    """

    address: str
    title: str
    decode: Decode
    scope: KeyScope = KeyScope.WRITE_POSITIONS
    content_types: tuple[str, ...] = ("application/json",)
    methods: tuple[str, ...] = ("POST",)
    key_in_query: bool = False
    empty_list: bool = False
    events_ride: bool = False


FEEDS: Final = (
    Feed("json", "Tipstaff's own messages as JSON", own.decode_json),
    Feed("lines", "Tipstaff's own messages as JSON lines", own.decode_lines,
         content_types=(_LINES,)),
    Feed("arrow", "Positions as an Arrow IPC stream", own.decode_arrow, content_types=(_ARROW,)),
    Feed("osmand", "OsmAnd and Traccar Client", osmand.decode, methods=("GET", "POST"),
         content_types=("application/json", "application/x-www-form-urlencoded"),
         key_in_query=True),
    Feed("owntracks", "OwnTracks over HTTP", owntracks.decode, empty_list=True,
         events_ride=True),
    Feed("traccar/positions", "Positions forwarded by Traccar", traccar.decode_position,
         events_ride=True),
    Feed("traccar/events", "Events forwarded by Traccar", traccar.decode_event,
         scope=KeyScope.WRITE_EVENTS),
)  # fmt: skip

#: What comes by a broker (MQTT): the form of a topic → its feed. The address is the inbox's word.
BROKER_FORMS: Final[dict[str, Feed]] = {
    "tipstaff": Feed("mqtt/tipstaff", "Tipstaff's own messages over MQTT", own.decode_topic),
    "owntracks": Feed("mqtt/owntracks", "OwnTracks over MQTT", owntracks.decode),
    "traccar/positions": Feed(
        "mqtt/traccar/positions", "Positions forwarded by Traccar", traccar.decode_position
    ),
    "traccar/events": Feed(
        "mqtt/traccar/events", "Events forwarded by Traccar", traccar.decode_event
    ),
}

#: Files that are no rows by a mapping, by the end of their name.
FILES: Final[dict[str, Decode]] = {".gpx": gpx.decode, ".geojson": geojson_points.decode}
