"""A message out of the bytes that were kept of it, to be read again as it was sent.

What is kept are bytes, without the query, the headers and the topic that they came with. Where
these said whose a message is, it is not read again: it would be taken for another device's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tipstaff.formats.feeds.listed import BROKER_FORMS, FEEDS, Feed
from tipstaff.formats.feeds.messages import Message

#: Takes the fields of a form apart, as it was done when the form came; empty where it is none.
Form = Callable[[bytes], Mapping[str, str]]
_FEEDS: Final = {one.address: one for one in (*FEEDS, *BROKER_FORMS.values())}
#: Feeds whose bytes are the whole of a message.
_BY_BODY: Final = frozenset(
    {"json", "lines", "traccar/positions", "traccar/events",
     "mqtt/traccar/positions", "mqtt/traccar/events"}
)  # fmt: skip


def feed_of(address: str) -> Feed | None:
    """The feed of that address; None: a watched folder, or one that is no more."""
    return _FEEDS.get(address)


def message_again(address: str, raw: bytes, row: int, form: Form) -> Message | None:
    """The message that had these bytes (`row` 0: they are all of it); None where it is not known.

    Of our own messages over MQTT the device was written into each row, from its topic.
    """
    if address in _BY_BODY or (address == "arrow" and row == 0):
        return Message(raw)
    if address == "osmand":
        return _osmand(raw, form)
    value = _value(raw)
    if address == "owntracks" and isinstance(value, dict) and isinstance(value.get("topic"), str):
        return Message(raw)
    if address == "mqtt/tipstaff" and row and isinstance(value, dict):
        return Message(raw, device=str(value.get("device_id", "")))
    return None


def _osmand(raw: bytes, form: Form) -> Message | None:
    """A body of JSON, the fields of a query as they are kept, or a form."""
    value = _value(raw)
    if isinstance(value, dict):
        if all(isinstance(one, str) for one in value.values()):
            return Message(query=value)
        return Message(raw, content_type="application/json")
    fields = form(raw) if raw.isascii() else {}
    return Message(raw, query=fields) if fields else None


def _value(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
