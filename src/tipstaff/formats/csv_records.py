"""The records of a CSV text: comma, double quotes, line ends of any system.

Written out here because a bad row must cost that row alone. A quoted field may hold commas, line
breaks and doubled quotes; a quote inside an unquoted field is a plain character. Where a quoted
field never closes, or something follows its closing quote, the record is *torn*: it ends with the
line on which that field began, and reading goes on with the next line. Blank lines are no records.

Time is linear in the text: after an opening quote without a close, every later run of quotes is
even and closes within itself; a torn field is read at most twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = re.compile(r"[^,\r\n]*")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
#: Cells kept of one record; `width` still counts them all.
_CELLS_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number from 1, the lines it runs over, its cells, how many there were."""

    number: int
    line: int
    last_line: int
    cells: tuple[str, ...]
    width: int
    torn: bool = False


@dataclass(frozen=True, slots=True)
class _Raw:
    cells: list[str]
    width: int
    torn: bool
    end: int  # where the next record starts


def read_records(text: str) -> Iterator[Record]:
    """Every record that is not blank, in order."""
    position, line, number = 0, 1, 0
    while position < len(text):
        raw = _read_one(text, position)
        next_line = line + _line_ends(text, position, raw.end)
        ended = text[raw.end - 1] in "\r\n"
        if raw.torn or raw.width > 1 or raw.cells[0].strip():
            number += 1
            last = next_line - 1 if ended else next_line
            yield Record(number, line, last, tuple(raw.cells), raw.width, raw.torn)
        position, line = raw.end, next_line


def _read_one(text: str, start: int) -> _Raw:
    cells: list[str] = []
    width, position = 0, start
    while True:
        if text.startswith('"', position):
            field = _read_quoted(text, position)
            if field is None:
                return _Raw([], 0, torn=True, end=_after_line(text, position))
            cell, position = field
        else:
            end = _PLAIN.match(text, position).end()  # type: ignore[union-attr]  # matches empty
            cell, position = text[position:end], end
        width += 1
        if width <= _CELLS_KEPT:
            cells.append(cell)
        if not text.startswith(",", position):
            return _Raw(cells, width, torn=False, end=_after_line(text, position))
        position += 1


def _read_quoted(text: str, start: int) -> tuple[str, int] | None:
    """The field that opens at `start` and the place after its closing quote; None if torn."""
    position, doubled = start + 1, False
    while True:
        close = text.find('"', position)
        if close < 0:
            return None
        if not text.startswith('"', close + 1):
            break
        position, doubled = close + 2, True
    after = close + 1
    if after < len(text) and text[after] not in ",\r\n":
        return None
    cell = text[start + 1 : close]
    return (cell.replace('""', '"') if doubled else cell), after


def _after_line(text: str, position: int) -> int:
    end = _LINE_END.search(text, position)
    return end.end() if end else len(text)


def _line_ends(text: str, start: int, end: int) -> int:
    pairs = text.count("\r\n", start, end)
    return text.count("\r", start, end) + text.count("\n", start, end) - pairs
