"""JSON lines position files: one object a line; a mapped name `a.b` reaches into objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import pyarrow as pa

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions_files import BOM, FileFault
from tipstaff.formats.positions_lines import LineBlock, read_lines, shown, sift
from tipstaff.formats.positions_reasons import Reason
from tipstaff.formats.positions_rows import RawBlock


def read_jsonl_blocks(stream: IO[bytes], mapping: Mapping) -> Iterator[RawBlock | FileFault]:
    """The file's rows, block by block. A name absent from an object is a value not given."""
    empty = True
    for block in read_lines(stream):
        if block.first == 1:
            block = LineBlock(1, block.data.removeprefix(BOM), block.bytes_done)  # noqa: PLW2901
        empty = False
        yield _read(block, mapping)
    if empty:
        yield FileFault("EMPTY_FILE", "file", "there is nothing in it", "send the file again")


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
