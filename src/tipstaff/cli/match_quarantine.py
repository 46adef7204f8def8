"""Position rows that a match on files could not believe: kept, counted, and written beside it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa

from tipstaff.formats.positions_reasons import Reason

#: What is more than this waits on disk, in a file without a name.
_IN_MEMORY: Final = 1 << 24
_PIECE: Final = 1 << 20


class Quarantined:
    """Rows set aside as JSON lines (file, row, reason, field, raw), in the order of reading."""

    def __init__(self) -> None:
        self.by_file: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._digest = hashlib.sha256()
        # Closed on leaving the context that this object is.
        self._lines: Any = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()

    def add(self, name: str, rows: pa.Table) -> None:
        """Keep some rows (`QUARANTINE_SCHEMA`) of the file of that name."""
        for row in rows.to_pylist():
            line = (json.dumps({"file": name, **row}, ensure_ascii=False) + "\n").encode()
            self._lines.write(line)
            self._digest.update(line)
            self.by_file[name][row["reason"]] += 1

    @property
    def rows(self) -> int:
        """How many rows were set aside."""
        return sum(counts.total() for counts in self.by_file.values())

    @property
    def in_future(self) -> bool:
        """Whether the present decided about a row: one that a later day would believe."""
        return any(counts[Reason.TIME_IN_FUTURE.name] for counts in self.by_file.values())

    @property
    def sha256(self) -> str:
        """The digest of all lines."""
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """All lines, in pieces."""
        self._lines.seek(0)
        while piece := self._lines.read(_PIECE):
            yield piece
