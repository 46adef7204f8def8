"""JSON lines position files: one object a line; a mapped name `a.b` reaches into objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions_files import BAD_LINE_ENDS, BOM, EMPTY_FILE, FileFault
from tipstaff.formats.positions_lines import (
    LineBlock,
    is_one_line_of_returns,
    read_lines,
    shown,
    sift,
)
from tipstaff.formats.positions_reasons import Reason
from tipstaff.formats.positions_rows import RawBlock

#: The start of a file that holds its objects in one array.
_ARRAY: Final = re.compile(rb"\s*\[\s*[{\]]")
_JSON_ARRAY: Final = FileFault(
    "JSON_ARRAY",
    "file",
    "its objects lie in one array",
    "write JSON lines: one object a line, without the brackets round them and the commas between",
)


def is_json(start: bytes) -> bool:
    """Whether a file that starts so holds JSON objects, one a line or in an array."""
    return start.lstrip().startswith(b"{") or _ARRAY.match(start) is not None


def read_jsonl_blocks(stream: IO[bytes], mapping: Mapping) -> Iterator[RawBlock | FileFault]:
    """The file's rows, block by block. A name absent from an object is a value not given."""
    empty = True
    for block in read_lines(stream):
        if block.first == 1:
            block = LineBlock(1, block.data.removeprefix(BOM), block.bytes_done)  # noqa: PLW2901
            if (fault := _fault(block)) is not None:
                yield fault
                return
        empty = False
        yield _read(block, mapping)
    if empty:
        yield EMPTY_FILE


def _fault(block: LineBlock) -> FileFault | None:
    """Why a file that begins with this block holds no JSON lines."""
    if _ARRAY.match(block.data):
        return _JSON_ARRAY
    return BAD_LINE_ENDS if is_one_line_of_returns(block) else None


def _read(block: LineBlock, mapping: Mapping) -> RawBlock:
    lines = sift(block, quotes=False)
    refused = [(number, reason, shown(lines.line(number))) for number, reason in lines.refused]
    rows: list[int] = []
    objects: list[dict[str, Any]] = []
    for number in lines.numbers:
        line = lines.line(int(number))
        value = _object(line)
        if value is None:
            refused.append((int(number), Reason.MALFORMED, shown(line)))
        else:
            rows.append(int(number))
            objects.append(value)
    columns = {
        field: pa.array([_find(value, names) for value in objects], pa.string())
        for field, names in mapping.columns.items()
    }
    return RawBlock(
        np.array(rows, dtype=np.int64),
        columns,
        lambda i: json.dumps(objects[i]),  # escaped: half a surrogate pair is no UTF-8
        refused,
        block.bytes_done,
    )


def _object(line: bytes) -> dict[str, Any] | None:
    """One object, its numbers kept as the text they were written in."""
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _find(value: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        if (found := _reach(value, name)) is not None:
            return found
    return None


def _reach(value: Any, name: str) -> str | None:
    if isinstance(value, dict) and name not in value and "." in name:
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    else:
        value = value.get(name)
    if value is None or isinstance(value, str):
        return _whole(value)
    return json.dumps(value)


def _whole(text: str | None) -> str | None:
    # "\ud800" alone is valid JSON and no text: it cannot be stored as UTF-8
    return text if text is None or text.isascii() else text.encode(errors="replace").decode()
