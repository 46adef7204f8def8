"""Parquet position files: typed columns, read a few row groups' rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions_files import FileFault, find_columns
from tipstaff.formats.positions_rows import RawBlock

_BATCH_ROWS: Final = 131_072
_SHOWN_CHARACTERS: Final = 1_000


def read_parquet_blocks(stream: IO[bytes], mapping: Mapping) -> Iterator[RawBlock | FileFault]:
    """The file's rows, block by block; only mapped columns are read. Rows count from 1."""
    try:
        file = pq.ParquetFile(stream)
        yield from _blocks(file, mapping, stream.seek(0, 2))
    except (pa.ArrowException, OSError) as error:
        # Arrow says OSError for damaged bytes as for a failing disk; its text may quote the file.
        yield FileFault(
            "DAMAGED_FILE", "parquet", type(error).__name__, "send the file again, whole"
        )


def _blocks(file: Any, mapping: Mapping, size: int) -> Iterator[RawBlock | FileFault]:
    names = file.schema_arrow.names
    found = find_columns(names, mapping)
    if isinstance(found, FileFault):
        yield found
        return
    wanted = sorted({names[i] for i in found.values()})
    done, total = 0, max(file.metadata.num_rows, 1)
    for batch in file.iter_batches(_BATCH_ROWS, columns=wanted, use_threads=False):
        rows = np.arange(done + 1, done + 1 + len(batch), dtype=np.int64)
        done += len(batch)
        columns = {field: batch.column(names[i]) for field, i in found.items()}
        yield RawBlock(rows, columns, _raw(batch), (), size * done // total)


def _raw(batch: Any) -> Callable[[int], str]:
    def row(i: int) -> str:
        values = {name: _shown(batch.column(name)[i]) for name in batch.schema.names}
        return json.dumps(values, ensure_ascii=False)

    return row


def _shown(scalar: Any) -> Any:
    """One value for the quarantine; what JSON or Python cannot hold as text, a long one cut."""
    try:
        value = scalar.as_py()
    except (OverflowError, ValueError):  # an instant in no year that Python can name
        return str(getattr(scalar, "value", "not shown"))
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_SHOWN_CHARACTERS]
