"""An archive of which something is lost: found before it is read, and named.

"No fix" would read as "nobody was there", so nothing is answered from what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tipstaff.positions.fix_table import HeldFile

_ACTION: Final = (
    "Nothing was answered: an answer from the rest would read as 'not there'. Restore the folder "
    "'archive' of the instance from a backup."
)
#: How files of the archive are named; see `day_files`.
_FILE: Final = re.compile(r"day=\d{4}-\d\d-\d\d/part-[0-9a-f]+\.parquet")


class ArchiveDamagedError(Exception):
    """Something of the archive is lost or spoilt; the text says what, and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} {_ACTION}")


def sound(table: Path, files: Iterable[HeldFile]) -> list[str]:
    """The full names of the table's files, each of which is there and as long as it was written."""
    names: list[str] = []
    for file in files:
        path = table / file.name
        try:
            size = path.stat().st_size
        except OSError:
            raise ArchiveDamagedError(f"The archive's file {file.name} is missing.") from None
        if size != file.size_bytes:
            raise ArchiveDamagedError(f"The archive's file {file.name} is damaged.")
        names.append(str(path))
    return names


@contextmanager
def naming_damage() -> Iterator[None]:
    """Turn a failure to read a file of the archive into `ArchiveDamagedError`; others pass."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        named = _FILE.search(str(error))
        if named is None:
            raise
        raise ArchiveDamagedError(f"The archive's file {named[0]} cannot be read.") from error
