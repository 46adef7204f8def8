"""Going on to the next page of a list: by its last line, so that nothing shifts meanwhile.

A list that is read whole has pages by their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from django.http import HttpRequest

_LINE = TypeVar("_LINE")
#: No list has more pages than so many digits can name.
_DIGITS: Final = 6
#: A number of so many digits fits into eight bytes.
_LONGEST: Final = 18


def after_parts(request: HttpRequest, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The key of the line after which the page begins, part by part; None: the first page."""
    try:
        parts = json.loads(request.GET.get("after", ""))
        if not isinstance(parts, list) or not all(isinstance(one, str) for one in parts):
            return None
        "".join(parts).encode()  # half a pair of surrogates is no text of any database
        found = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, OverflowError, RecursionError):
        return None
    return None if any("\0" in part for part in parts) else found


def next_after(
    request: HttpRequest, lines: Sequence[_LINE], most: int, key: Callable[[_LINE], Iterable[Any]]
) -> str:
    """The address of the page after the last of these lines; empty where they are not so many."""
    if len(lines) < most:
        return ""
    query = request.GET.copy()
    query["after"] = json.dumps([str(part) for part in key(lines[-1])])
    return f"?{query.urlencode()}"


def aware(text: str) -> datetime:
    """An instant with its offset; `ValueError` for any other text."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)  # refuses one that is before or after all time in UTC


def whole(text: str) -> int:
    """A number from 0 up that every database holds; `ValueError` for any other text."""
    if len(text) > _LONGEST or not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page by its number, of how many; the addresses of those beside it, empty at an end."""

    at: int
    pages: int
    before: str
    next: str

    def of(self, lines: Sequence[_LINE], rows: int) -> Sequence[_LINE]:
        """Its lines, of all."""
        return lines[(self.at - 1) * rows : self.at * rows]


def numbered(request: HttpRequest, count: int, rows: int) -> Numbered:
    """The page that is asked for, of a list of so many lines; the last where it has not so many."""
    pages = max(1, -(-count // rows))
    at = min(page_asked(request), pages)
    before = _numbered_address(request, at - 1) if at > 1 else ""
    return Numbered(at, pages, before, _numbered_address(request, at + 1) if at < pages else "")


def page_asked(request: HttpRequest) -> int:
    """The number of the page that is asked for; the first where that is none."""
    text = request.GET.get("page", "")[:_DIGITS]
    return int(text) if text.isdecimal() and int(text) > 0 else 1


def _numbered_address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
