"""How to send, as OpenAPI 3.1: made from the list of feeds and the table of problems."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from tipstaff import __version__
from tipstaff.feeds.answers import PROBLEMS
from tipstaff.formats.feeds.listed import FEEDS, Feed
from tipstaff.formats.feeds.messages import MAX_CODE, MAX_MESSAGES

_TIME: Final = {"type": "string", "format": "date-time", "description": "With an offset or Z."}
_NUMBER: Final = {"type": ["number", "string"]}
#: Problems that any address may answer, once there is a key.
_ANY: Final = ("KEY_DOES_NOT_WORK", "OUTSIDE_SCOPE", "BUSY", "BODY_TOO_LARGE", "NOT_STORED",
               "CLOSING", "DAMAGED_GZIP", "CONTENT_TYPE", "TOO_SLOW")  # fmt: skip

_SCHEMAS: Final[dict[str, Any]] = {
    "Position": {
        "type": "object",
        "description": "The fields of a position file; what is not known is left out.",
        "required": ["device_id", "fix_time", "latitude", "longitude"],
        "properties": {
            "device_id": {"type": "string", "minLength": 1, "maxLength": 200},
            "fix_time": _TIME,
            "latitude": _NUMBER,
            "longitude": _NUMBER,
            "precision_m": {**_NUMBER, "description": "A radius; it holds the truth 95 in 100."},
            "precision_level_pct": {**_NUMBER, "description": "Or so many in 100."},
            "mechanism": {"enum": ["GPS", "RF", "LBS", "WIFI", "UNKNOWN", 0, 1, 4, 5, 6]},
            "speed_kmh": _NUMBER,
            "direction_deg": _NUMBER,
            "satellites": _NUMBER,
            "hdop": _NUMBER,
            "recorded_time": _TIME,
            "received_time": _TIME,
        },
    },
    "Event": {
        "type": "object",
        "description": "Something a device reports that is not a position; kept as it came.",
        "required": ["device_id", "event_time", "code"],
        "properties": {
            "device_id": {"type": "string", "minLength": 1, "maxLength": 200},
            "event_time": _TIME,
            "code": {"type": "string", "minLength": 1, "maxLength": MAX_CODE},
        },
        "additionalProperties": True,
    },
    "Message": {"anyOf": [{"$ref": "#/components/schemas/Event"},
                          {"$ref": "#/components/schemas/Position"}]},
    "Taken": {
        "type": "object",
        "description": "All of it is on the disk: do not send it again.",
        "required": ["received", "unread"],
        "properties": {
            "received": {"type": "integer", "description": "Messages that were read."},
            "unread": {"type": "integer", "description": "Messages that were not; they are kept."},
            "problems": {"type": "array", "items": {"$ref": "#/components/schemas/Unread"}},
        },
    },
    "Unread": {
        "type": "object",
        "properties": {
            "row": {"type": "integer", "description": "Which message; 1 is the first."},
            "code": {"type": "string"},
            "field": {"type": "string"},
            "action": {"type": "string"},
        },
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457. `detail` says what to do.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
    },
}  # fmt: skip
_MESSAGES: Final = {
    "oneOf": [
        {"$ref": "#/components/schemas/Message"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Message"},
         "maxItems": MAX_MESSAGES},
        {"type": "object", "required": ["messages"], "properties": {
            "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Message"},
                         "maxItems": MAX_MESSAGES}}},
    ]
}  # fmt: skip
#: Address → the schema of its body; of the others their own documentation tells.
_BODIES: Final[dict[str, Any]] = {"json": _MESSAGES, "lines": {"type": "string"}}


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tipstaff intake",
            "version": __version__,
            "description": "Where a supplier's programs send positions and events. A request is "
            "answered 'received' only once all of it is on the disk. What is not answered so is "
            "to be sent again: what came before is known and counted, never stored twice.",
        },
        "paths": {f"/intake/{feed.address}": _path(feed) for feed in FEEDS},
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
                "query": {"type": "apiKey", "in": "query", "name": "key"},
            },
        },
    }


@cache
def text() -> bytes:
    """The description as JSON."""
    return json.dumps(document(), indent=1).encode() + b"\n"


def _path(feed: Feed) -> dict[str, Any]:
    return {method.lower(): _operation(feed, method) for method in feed.methods}


def _operation(feed: Feed, method: str) -> dict[str, Any]:
    keys = ["key", "password", *(["query"] if feed.key_in_query else [])]
    operation: dict[str, Any] = {
        "summary": feed.title,
        "description": f"Needs a key for `{feed.scope.value}`.",
        "operationId": f"{method.lower()}_{feed.address.replace('/', '_')}",
        "security": [{name: []} for name in keys],
        "responses": _responses(feed),
    }
    if method == "POST":
        schema = _BODIES.get(feed.address, {})
        operation["requestBody"] = {
            "required": True,
            "content": {kind: {"schema": schema} for kind in feed.content_types},
        }
    return operation


def _responses(feed: Feed) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "array", "maxItems": 0}
    if not feed.empty_list:
        told = {"$ref": "#/components/schemas/Taken"}
    responses = {
        "200": {"description": "On the disk.", "content": {"application/json": {"schema": told}}}
    }
    for code in _ANY:
        status, action = PROBLEMS[code]
        responses[str(int(status))] = {
            "description": f"{status.phrase}: {action}.",
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    return responses
