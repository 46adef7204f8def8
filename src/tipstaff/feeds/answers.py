"""What senders are answered: what was taken, or a problem (RFC 9457) that says what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from tipstaff.domain.received import Unread
from tipstaff.domain.supplier_keys import KeyCode
from tipstaff.feeds.bodies import MOST_SENT, MOST_UNPACKED
from tipstaff.formats.feeds.messages import ACTIONS as MESSAGE_ACTIONS
from tipstaff.formats.positions_reasons import ACTIONS as POSITION_ACTIONS

#: So many messages that could not be read are named in an answer; all are kept.
MOST_NAMED: Final = 100
_MB: Final = 1 << 20

#: Code → status, and what to do.
PROBLEMS: Final[dict[str, tuple[HTTPStatus, str]]] = {
    "NO_SUCH_ADDRESS": (HTTPStatus.NOT_FOUND, "take an address of /intake/openapi.json"),
    "METHOD": (HTTPStatus.METHOD_NOT_ALLOWED, "use the method that the header Allow names"),
    "NO_KEY": (
        HTTPStatus.UNAUTHORIZED,
        "send your key: Authorization: Bearer tsk.…, or as the password of Basic",
    ),
    "KEY_DOES_NOT_WORK": (
        HTTPStatus.UNAUTHORIZED,
        "ask whoever gave it to you: it may have ended, or not be meant to be used from here",
    ),
    KeyCode.OUTSIDE_SCOPE: (
        HTTPStatus.FORBIDDEN,
        "use a key that may be used for this: positions:write, or events:write for events",
    ),
    KeyCode.TOO_OFTEN: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "come again after the seconds that Retry-After names, with more messages in each request",
    ),
    "BUSY": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "send the same again after the seconds that Retry-After names: nothing of it was taken",
    ),
    "NOT_HTTPS": (HTTPStatus.FORBIDDEN, "use https: a key must not travel in the clear"),
    "BODY_TOO_LARGE": (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"send at most {MOST_SENT // _MB} MB, {MOST_UNPACKED // _MB} MB unpacked, in a request",
    ),
    "TOO_SLOW": (HTTPStatus.REQUEST_TIMEOUT, "send the whole request within 30 seconds"),
    "UNKNOWN_ENCODING": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the body plain or as gzip"),
    "DAMAGED_GZIP": (HTTPStatus.BAD_REQUEST, "pack the body as one whole gzip stream"),
    "CONTENT_TYPE": (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "send the Content-Type that /intake/openapi.json names for this address",
    ),
    "NOT_STORED": (
        HTTPStatus.INSUFFICIENT_STORAGE,
        "send the same again after the seconds that Retry-After names: it could not be stored",
    ),
    "CLOSING": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "send the same again after the seconds that Retry-After names: the server is ending",
    ),
    "FAILED": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "send the same again after the seconds that Retry-After names: nothing of it was taken",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def problem(code: str, wait_s: int = 0, **headers: str) -> Answer:
    """A problem by its code; `wait_s` goes into Retry-After."""
    status, action = PROBLEMS[code]
    if wait_s:
        headers["Retry-After"] = str(wait_s)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="tipstaff"'
    return _problem(status, code, action, headers)


def not_read(reason: str) -> Answer:
    """Of a message nothing could be read; it is kept for a person to look at."""
    told = f"{action_of(reason)}; what was sent is kept for a person to look at"
    many = reason == "TOO_MANY"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if many else HTTPStatus.BAD_REQUEST
    return _problem(status, reason, told, {})


def taken(received: int, unread: Sequence[Unread]) -> Answer:
    """What was taken, all of it on the disk."""
    value: dict[str, Any] = {"received": received, "unread": len(unread)}
    if unread:
        value["problems"] = [
            {
                "row": one.row,
                "code": one.reason,
                "field": one.field,
                "action": action_of(one.reason),
            }
            for one in unread[:MOST_NAMED]
        ]
    return Answer(HTTPStatus.OK, json.dumps(value).encode())


def action_of(reason: str) -> str:
    """What to do about a message that could not be read."""
    positions = {code.name: action for code, action in POSITION_ACTIONS.items()}
    return MESSAGE_ACTIONS.get(reason) or positions.get(reason, "")


def _problem(status: HTTPStatus, code: str, action: str, headers: dict[str, str]) -> Answer:
    value = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "code": str(code),
        "detail": action,
    }
    return Answer(status, json.dumps(value).encode(), "application/problem+json", headers)
