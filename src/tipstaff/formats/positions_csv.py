"""CSV position files: a record is one line; quotes may wrap a field but not span lines.

Arrow parses whole blocks. Where a block does not come out as one row a line (an unclosed quote, a
stray carriage return), it is halved until the lines at fault stand alone: each line so means the
same whatever its neighbours are, and one bad line never swallows the next.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions_files import (
    BAD_LINE_ENDS,
    BOM,
    EMPTY_FILE,
    FileFault,
    find_columns,
)
from tipstaff.formats.positions_lines import (
    I64,
    NEWLINE,
    LineBlock,
    Refusal,
    is_one_line_of_returns,
    read_lines,
    shown,
    sift,
)
from tipstaff.formats.positions_reasons import Reason
from tipstaff.formats.positions_rows import RawBlock


def read_csv_blocks(stream: IO[bytes], mapping: Mapping) -> Iterator[RawBlock | FileFault]:
    """The file's rows, block by block; a fault alone where its header cannot serve."""
    shape: _Shape | None = None
    for block in read_lines(stream):
        if shape is None:
            opened = _open(block, mapping)
            if isinstance(opened, FileFault):
                yield opened
                return
            shape, body = opened
            yield shape.read(body)
        else:
            yield shape.read(block)
    if shape is None:
        yield EMPTY_FILE


def _open(block: LineBlock, mapping: Mapping) -> tuple[_Shape, LineBlock] | FileFault:
    if is_one_line_of_returns(block):
        return BAD_LINE_ENDS
    data = block.data.removeprefix(BOM)
    first = block.first
    if mapping.header is not None:
        names = list(mapping.header)
    else:
        line, _, data = data.partition(b"\n")
        first += 1
        named = _names(line, mapping.delimiter)
        if isinstance(named, FileFault):
            return named
        names = named
    found = find_columns([name.strip() for name in names], mapping)
    if isinstance(found, FileFault):
        return found
    shape = _Shape(tuple(names), found, mapping.delimiter)
    return shape, LineBlock(first, data, block.bytes_done)


def _names(line: bytes, delimiter: str) -> list[str] | FileFault:
    """The names in a header line."""
    try:
        text = line.decode().removesuffix("\r")
    except UnicodeDecodeError:
        return FileFault("BAD_HEADER", "line 1", "it is not UTF-8 text", "write it as UTF-8")
    if "\r" in text:
        return BAD_LINE_ENDS
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        what = "it is not a row of column names"
        return FileFault("BAD_HEADER", "line 1", what, "write the columns' names in the first line")


class _Shape:
    """A file's columns, and how a block of its lines is read."""

    def __init__(self, names: tuple[str, ...], found: dict[str, int], delimiter: str) -> None:
        self.names = names
        self.delimiter = delimiter
        self.labels = [f"c{i}" for i in range(len(names))]
        self.found = {field: self.labels[i] for field, i in found.items()}
        used = sorted(set(self.found.values()))
        self._convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(used, pa.string()),
            include_columns=used,
            strings_can_be_null=False,
        )
        self._nothing = pa.table({label: pa.array([], pa.string()) for label in used})

    def read(self, block: LineBlock) -> RawBlock:
        """One block of lines, as rows."""
        lines = sift(block)
        table, rows, torn = self._parse(lines.sound, lines.numbers)
        columns = {field: table.column(label) for field, label in self.found.items()}
        refused = [
            (number, reason, shown(lines.line(number)))
            for number, reason in (*lines.refused, *torn)
        ]
        return RawBlock(
            rows,
            columns,
            lambda i: self._as_json(lines.line(int(rows[i]))),
            refused,
            block.bytes_done,
        )

    def _parse(self, data: bytes, numbers: I64) -> tuple[Any, I64, list[Refusal]]:
        """The rows of `data`, their line numbers, and the lines that are no rows."""
        if len(numbers) == 0:
            return self._nothing, numbers, []
        odd: list[int] = []
        table = self._arrow(data, odd)
        if table is not None and table.num_rows + len(odd) == len(numbers):
            torn = [(int(numbers[i]), Reason.COLUMN_COUNT) for i in odd]
            return table, np.delete(numbers, odd), torn
        if len(numbers) == 1:
            return self._nothing, numbers[:0], [(int(numbers[0]), Reason.MALFORMED)]
        return self._halves(data, numbers)

    def _halves(self, data: bytes, numbers: I64) -> tuple[Any, I64, list[Refusal]]:
        middle = len(numbers) // 2
        cut = int(np.flatnonzero(np.frombuffer(data, np.uint8) == NEWLINE)[middle - 1]) + 1
        first = self._parse(data[:cut], numbers[:middle])
        second = self._parse(data[cut:], numbers[middle:])
        table = pa.concat_tables([first[0], second[0]])
        return table, np.concatenate([first[1], second[1]]), [*first[2], *second[2]]

    def _arrow(self, data: bytes, odd: list[int]) -> Any:
        """Arrow's reading of some lines; None where it gives up. Fills `odd` with bad rows."""
        if data.startswith(BOM):  # Arrow drops one at the start of whatever it is given
            data = BOM + data

        def skip(row: Any) -> str:
            odd.append(row.number - 1)
            return "skip"

        try:
            return pacsv.read_csv(
                io.BytesIO(data),
                read_options=pacsv.ReadOptions(
                    use_threads=False, column_names=self.labels, block_size=len(data) + 1
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.delimiter, ignore_empty_lines=False, invalid_row_handler=skip
                ),
                convert_options=self._convert,
            )
        except pa.ArrowInvalid:
            return None

    def _as_json(self, line: bytes) -> str:
        text = line.decode(errors="backslashreplace")
        fields = next(csv.reader([text], delimiter=self.delimiter), [])
        return json.dumps(dict(zip(self.names, fields, strict=False)), ensure_ascii=False)
