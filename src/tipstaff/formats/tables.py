"""CSV that is written for people: safe in a spreadsheet, the same bytes for the same rows.

A spreadsheet runs a cell that starts with = + - @, a tab or a line break as a formula (OWASP,
"CSV injection"); the full-width forms of the signs count too. Such a text gets an apostrophe
before it. Numbers stay numbers, and so does a text that is a plain number. UTF-8, comma, LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final

Cell = str | int | float | bool | datetime | date | None

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_NEEDS_QUOTES: Final = re.compile(r'[",\r\n]')


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula (leading spaces do not hide it)."""
    return text.startswith(_FORMULA_STARTS) or text.lstrip(" ").startswith(_FORMULA_STARTS)


def escape_formula(text: str) -> str:
    """The text, made harmless in a spreadsheet."""
    if starts_formula(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def encode_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole table: the names of its columns, then its rows."""
    return b"".join([encode_row(columns), *(encode_row(row) for row in rows)])


def encode_row(cells: Sequence[Cell]) -> bytes:
    """One row with its line end, texts made harmless."""
    return join_cells(escape_formula(c) if isinstance(c, str) else plain(c) for c in cells)


def join_cells(cells: Iterable[str]) -> bytes:
    """One row of texts as they are, quoted where CSV needs it. For machines: nothing is escaped."""
    quoted = [
        f'"{c.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(c) else c for c in cells
    ]
    # A lone empty cell would be a blank line, which readers skip.
    return ('""\n' if quoted == [""] else ",".join(quoted) + "\n").encode()


def plain(value: Cell) -> str:
    """A value as text: shortest exact float, UTC with Z, true or false, nothing for unknown."""
    if value is None or value != value:  # noqa: PLR0124 (NaN alone differs from itself)
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone: pass an aware datetime")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
