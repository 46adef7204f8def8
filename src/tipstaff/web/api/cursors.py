"""Where a list goes on: after its last line, so that nothing shifts meanwhile.

A cursor is opaque to programs: JSON in base64url. One that is none is refused, not ignored: a
program that is sent to the first page again would never end.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest

from tipstaff.web.api.problems import ApiError, Fault

_ANY = TypeVar("_ANY")
_LINE = TypeVar("_LINE")


def written(*parts: object) -> str:
    """A cursor of these parts, each as text."""
    text = json.dumps([p.isoformat() if hasattr(p, "isoformat") else str(p) for p in parts])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, make: Callable[..., _ANY]) -> _ANY | None:
    """What `make` makes of the parts; None without a cursor, `ApiError` for one that is none."""
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(urlsafe_b64decode(padded))
        if not isinstance(parts, list) or not all(_is_part(one) for one in parts):
            raise _no_cursor()
        return make(*parts)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _no_cursor() from None


def at_and_ref(at: str, ref: str) -> tuple[datetime, UUID]:
    """Of a list by an instant and a key."""
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError(at)
    return instant, UUID(ref)


def next_page(
    request: HttpRequest, lines: Sequence[_LINE], limit: int, cursor: Callable[[_LINE], str]
) -> str | None:
    """The relative address of the next page; None where this one is not full: it is the last."""
    if len(lines) < limit:
        return None
    query: Any = request.GET.copy()
    query["after"] = cursor(lines[-1])
    return f"{request.path}?{query.urlencode()}"


def _is_part(one: object) -> bool:
    """Text, and no character that no database holds."""
    return isinstance(one, str) and "\0" not in one


def _no_cursor() -> ApiError:
    detail = "Take the 'next' link as it is."
    fault = Fault(pointer="/query/after", code="CURSOR", detail=detail)
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "CURSOR", detail, [fault])
