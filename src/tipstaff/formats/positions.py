"""Position files: CSV, JSON lines and Parquet, by a mapping, block by block.

One way in whatever the format: `read_positions`. Rows that cannot be believed come out beside the
good ones with a reason; nothing a file holds raises an exception.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

import pyarrow as pa

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions_csv import read_csv_blocks
from tipstaff.formats.positions_files import BOM, FileFault
from tipstaff.formats.positions_jsonl import is_json, read_jsonl_blocks
from tipstaff.formats.positions_parquet import read_parquet_blocks
from tipstaff.formats.positions_rows import POSITION_SCHEMA, QUARANTINE_SCHEMA, judge

_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_READERS: Final = {
    "csv": read_csv_blocks,
    "jsonl": read_jsonl_blocks,
    "parquet": read_parquet_blocks,
}


@dataclass(frozen=True, slots=True)
class PositionBatch:
    """Some rows of a file.

    `accepted` by `POSITION_SCHEMA`, `quarantined` by `QUARANTINE_SCHEMA`. `fault` is set on the
    last batch where the file could not be read, or not to its end. `bytes_done` is how far into
    the file (as it lies on disk) this batch reaches.
    """

    accepted: pa.Table
    quarantined: pa.Table
    fault: FileFault | None = None
    bytes_done: int = 0


def read_positions(
    stream: IO[bytes], mapping: Mapping, *, now: datetime
) -> Iterator[PositionBatch]:
    """Read a seekable binary stream; rows later than `now` and a day are quarantined."""
    head = stream.read(4)
    stream.seek(0)
    packed = head.startswith(_GZIP)
    plain: Any = gzip.GzipFile(fileobj=stream) if packed else stream
    try:
        yield from _read(plain, stream if packed else None, mapping, now)
    except (OSError, EOFError, zlib.error) as error:
        if not packed:  # a failing disk is not bad input
            raise
        yield _faulty(FileFault("DAMAGED_FILE", "gzip", str(error), "send the file again"))


def _read(
    plain: IO[bytes], packed: IO[bytes] | None, mapping: Mapping, now: datetime
) -> Iterator[PositionBatch]:
    kind = mapping.format if mapping.format != "auto" else _sniff(plain)
    for block in _READERS[kind](plain, mapping):
        if isinstance(block, FileFault):
            yield _faulty(block)
            return
        accepted, quarantined = judge(block, mapping, now)
        done = packed.tell() if packed else block.bytes_done
        yield PositionBatch(accepted, quarantined, bytes_done=done)


def _sniff(stream: IO[bytes]) -> str:
    start = stream.read(64)
    stream.seek(0)
    if start.startswith(_PARQUET):
        return "parquet"
    return "jsonl" if is_json(start.removeprefix(BOM)) else "csv"


def _faulty(fault: FileFault) -> PositionBatch:
    return PositionBatch(POSITION_SCHEMA.empty_table(), QUARANTINE_SCHEMA.empty_table(), fault)
