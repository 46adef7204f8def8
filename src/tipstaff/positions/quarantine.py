"""Quarantined rows: kept aside as JSON lines, one file a source, with the reason of each."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc


class QuarantineFile:
    """`<folder>/<source id>.jsonl`, there whole or not at all; no file where no row is bad."""

    def __init__(self, folder: Path, source_id: str) -> None:
        self.path = folder / f"{source_id}.jsonl"
        self.counts: Counter[str] = Counter()
        self._part = self.path.with_suffix(".part")
        self._handle: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self._handle.close()
        self._part.unlink(missing_ok=True)

    def write(self, rows: pa.Table) -> None:
        """Keep some rows (`QUARANTINE_SCHEMA`)."""
        if not rows.num_rows:
            return
        if self._handle is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = self._part.open("w", encoding="utf-8")
        for row in rows.to_pylist():
            self._handle.write(json.dumps(row, ensure_ascii=False) + "\n")
        for pair in pc.value_counts(rows["reason"]).to_pylist():
            self.counts[pair["values"]] += pair["counts"]

    def keep(self) -> None:
        """Put the file in its place, on disk for good."""
        if self._handle is None:
            return
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._part.replace(self.path)
