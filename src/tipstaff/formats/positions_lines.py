"""Lines of a text file in blocks, in bounded memory, and those that cannot be rows picked out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.formats.positions_reasons import Reason

I64 = NDArray[np.int64]
Refusal = tuple[int, Reason]

BLOCK_BYTES: Final = 4 << 20
MAX_LINE_BYTES: Final = 65_536
NEWLINE: Final = 10
_RETURN: Final = 13
_QUOTE: Final = 34
_SHOWN_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines, each ending in a newline, from line number `first`."""

    first: int
    data: bytes
    bytes_done: int


def read_lines(stream: IO[bytes], block_bytes: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """The stream in blocks of whole lines, in bounded memory whatever the length of a line.

    Of a line longer than a block only the start is kept: enough for it to be refused as too long.
    """
    rest, line, done = b"", 1, 0
    while chunk := stream.read(block_bytes):
        done += len(chunk)
        data = rest + chunk
        end = data.rfind(b"\n") + 1
        if end:
            yield LineBlock(line, data[:end], done)
            line += data.count(b"\n", 0, end)
        rest = _shortened(data[end:], block_bytes)
    if rest:
        yield LineBlock(line, rest + b"\n", done)


def _shortened(rest: bytes, block_bytes: int) -> bytes:
    return rest if len(rest) <= max(block_bytes, MAX_LINE_BYTES) else rest[: MAX_LINE_BYTES + 1]


def is_one_line_of_returns(block: LineBlock) -> bool:
    """Whether carriage returns alone end the lines: to this reader the block is then one line."""
    line = block.data.removesuffix(b"\n")
    return b"\n" not in line and b"\r" in line.removesuffix(b"\r")


@dataclass(frozen=True, slots=True)
class SiftedLines:
    """A block's lines: the `sound` ones with their `numbers`, and the `refused` ones' numbers.

    Blank lines are neither. `ends` are the offsets of the newlines in the block.
    """

    block: LineBlock
    ends: I64
    sound: bytes
    numbers: I64
    refused: tuple[Refusal, ...]

    def line(self, number: int) -> bytes:
        """The line of that number, without its ending."""
        i = number - self.block.first
        start = int(self.ends[i - 1]) + 1 if i else 0
        return self.block.data[start : int(self.ends[i])].removesuffix(b"\r")


def sift(block: LineBlock, *, quotes: bool = True) -> SiftedLines:
    """Pick out the lines that cannot be rows; `quotes`: an odd number of them makes one so."""
    bytes_ = np.frombuffer(block.data, dtype=np.uint8)
    ends = np.flatnonzero(bytes_ == NEWLINE)
    lengths = np.diff(ends, prepend=-1)  # the newline included
    faults = np.zeros(len(ends), dtype=np.int8)
    for reason, lines in _faults(block.data, bytes_, ends, lengths, quotes=quotes):
        faults[lines[faults[lines] == 0]] = reason
    keep = (faults == 0) & ~_blank(bytes_, ends, lengths)
    numbers = np.arange(len(ends), dtype=np.int64) + block.first
    sound = block.data if keep.all() else bytes_[np.repeat(keep, lengths)].tobytes()
    bad = np.flatnonzero(faults)
    refused = tuple((int(numbers[i]), Reason(int(faults[i]))) for i in bad)
    return SiftedLines(block, ends, sound, numbers[keep], refused)


def _blank(bytes_: NDArray[np.uint8], ends: I64, lengths: I64) -> NDArray[np.bool_]:
    only_return = (lengths == 2) & (bytes_[ends - 1] == _RETURN)
    return np.asarray((lengths == 1) | only_return)


def _faults(
    data: bytes, bytes_: NDArray[np.uint8], ends: I64, lengths: I64, *, quotes: bool
) -> Iterator[tuple[Reason, I64]]:
    """Reason → the indices of the lines it holds for, in the order in which reasons win."""
    yield Reason.LINE_TOO_LONG, np.flatnonzero(lengths > MAX_LINE_BYTES + 1)
    if b"\0" in data:
        yield Reason.NUL_BYTE, _lines_with(bytes_ == 0, ends)
    if not data.isascii():
        yield Reason.NOT_UTF8, _undecodable(data, ends)
    if quotes and b'"' in data:
        counts = np.diff(np.searchsorted(np.flatnonzero(bytes_ == _QUOTE), ends), prepend=0)
        yield Reason.MALFORMED, np.flatnonzero(counts % 2 == 1)
    if b"\r" in data:
        stray = (bytes_[:-1] == _RETURN) & (bytes_[1:] != NEWLINE)
        yield Reason.MALFORMED, _lines_with(stray, ends)


def _lines_with(marked: NDArray[np.bool_], ends: I64) -> I64:
    return np.unique(np.searchsorted(ends, np.flatnonzero(marked)))


def _undecodable(data: bytes, ends: I64) -> I64:
    try:
        data.decode()
    except UnicodeDecodeError:
        starts = [0, *(int(end) + 1 for end in ends[:-1])]
        bad = [i for i, s in enumerate(starts) if not _is_utf8(data[s : int(ends[i])])]
        return np.array(bad, dtype=np.int64)
    return np.zeros(0, dtype=np.int64)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def shown(line: bytes) -> str:
    """A line that is no row, as JSON for the quarantine; bytes that are not text are escaped."""
    text = line[:_SHOWN_BYTES].decode(errors="backslashreplace")
    cut = {"cut": True} if len(line) > _SHOWN_BYTES else {}
    return json.dumps({"line": text, **cut}, ensure_ascii=False)
