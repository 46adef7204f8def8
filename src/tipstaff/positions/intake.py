"""One position file into the archive: read, keyed, bad rows set aside, the rest in one commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.formats.mapping import Mapping as PositionMapping
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.formats.positions_files import FileFault
from tipstaff.positions.archive import AppendResult, Archive
from tipstaff.positions.quarantine import QuarantineFile

#: Supplier and device ids → the archive's key of each id; a new key for a device not seen before.
KeyRegistry = Callable[[str, Collection[str]], Mapping[str, int]]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of a file. `fault`: it could not be read, and nothing of it was stored."""

    source_id: str
    rows: int = 0
    new_rows: int = 0
    duplicate_rows: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    already_held: bool = False
    fault: FileFault | None = None


class _UnreadableError(Exception):
    """Leaves the append when a file turns out to be damaged half-way."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def digest(stream: IO[bytes]) -> str:
    """SHA-256 of a stream from its start, in hex: the source id of a file."""
    stream.seek(0)
    return hashlib.file_digest(cast(Any, stream), "sha256").hexdigest()


def mapping_digest(mapping: PositionMapping) -> str:
    """A short digest of how a mapping reads a file."""
    plain = json.dumps(asdict(mapping), sort_keys=True, default=sorted)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def take_in(
    archive: Archive,
    quarantine: Path,
    stream: IO[bytes],
    mapping: PositionMapping,
    keys: KeyRegistry,
    *,
    now: datetime,
    progress: Progress = lambda _bytes: None,
) -> IntakeResult:
    """Import one seekable file; the same file by the same mapping again adds nothing.

    Bad rows lie in the folder `quarantine` before the good ones are committed. `progress` is told
    how many bytes of the file are done.
    """
    source_id, reading = digest(stream), mapping_digest(mapping)
    stream.seek(0)
    if archive.holds(source_id, reading=reading):
        return IntakeResult(source_id, already_held=True)
    with QuarantineFile(quarantine, source_id) as bad:
        batches = read_positions(stream, mapping, now=now)
        tables = _tables(batches, bad, mapping.supplier, keys, progress)
        try:
            result = archive.append(tables, source_id, now, reading=reading)
        except _UnreadableError as unreadable:
            return IntakeResult(source_id, fault=unreadable.fault)
        return _summary(source_id, result, bad)


def _summary(source_id: str, result: AppendResult, bad: QuarantineFile) -> IntakeResult:
    good = result.new_rows + result.duplicate_rows
    return IntakeResult(
        source_id,
        good + bad.counts.total(),
        result.new_rows,
        result.duplicate_rows,
        dict(sorted(bad.counts.items())),
        result.already_held,
    )


def _tables(
    batches: Iterator[PositionBatch],
    bad: QuarantineFile,
    supplier: str,
    keys: KeyRegistry,
    progress: Progress,
) -> Iterator[pa.Table]:
    known: dict[str, int] = {}
    for batch in batches:
        if batch.fault is not None:
            raise _UnreadableError(batch.fault)
        bad.write(batch.quarantined)
        yield keyed(batch.accepted, known, lambda names: keys(supplier, names))
        progress(batch.bytes_done)
    bad.keep()


def keyed(
    table: pa.Table,
    known: dict[str, int],
    register: Callable[[Collection[str]], Mapping[str, int]],
) -> pa.Table:
    """`table` (`POSITION_SCHEMA`) with keys for devices; `known` grows by those asked for."""
    devices: Any = table["device_id"].combine_chunks().dictionary_encode()
    names = devices.dictionary.to_pylist()
    if strangers := sorted(set(names) - known.keys()):
        known.update(register(strangers))
    chosen = pc.take(pa.array([known[name] for name in names], pa.int64()), devices.indices)
    columns = [chosen, *(table[name] for name in CONTENT_SCHEMA.names[1:])]
    return pa.table(columns, schema=CONTENT_SCHEMA)
