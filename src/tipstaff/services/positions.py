"""Take position files into the archive. Two stores, one import: see `import_positions`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import Period, from_micros
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.formats.positions_files import FileFault
from tipstaff.positions.archive import AppendResult, Archive
from tipstaff.records import activations, audit, devices, sources
from tipstaff.records.sources import Intent, SourceFact
from tipstaff.services.access import Access, admit
from tipstaff.services.instance import open_instance
from tipstaff.services.recording import Looked, request, write
from tipstaff.services.sealing import seal

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportedPositions:
    """What an import did. `fault` says why the file was not read, or not to its end."""

    digest: str
    new_rows: int
    duplicate_rows: int
    quarantined: int
    already_held: bool
    fault: FileFault | None


@dataclass(slots=True)
class _Seen:
    """What the file turned out to hold, gathered while it streams."""

    keys: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    quarantined: int = 0
    first_us: int | None = None
    last_us: int | None = None
    fault: FileFault | None = None


def import_positions(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    path: Path,
    mapping: Mapping,
    reading: str = "",
    on_batch: Callable[[PositionBatch], None] | None = None,
) -> ImportedPositions:
    """Import one file; the same file read in the same way adds nothing.

    `reading` is a digest of the mapping. `on_batch` sees every batch as it is read: for a progress
    bar and for the quarantined rows. The intent is committed first, then the archive, then the
    record with its audit entry; whatever a crash leaves between them the next import finishes.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_positions",
    )
    archive = Archive(open_instance().archive_folder)
    catch_up(archive)
    now = datetime.now(UTC)
    digest = file_digest(path)
    intent = Intent(digest, reading, mapping.supplier, access.request_ref)
    extent = {"source": digest, "reading": reading}
    request(access, extent=extent, beside=lambda: sources.begin(intent))
    seen = _Seen()
    done = AppendResult(0, 0)
    with path.open("rb") as stream:
        batches = read_positions(stream, mapping, now=now)
        tables = _tables(batches, mapping.supplier, access, seen, on_batch)
        done = archive.append(tables, digest, now, reading=reading)
    _finish(access, intent, done, seen, now)
    return ImportedPositions(
        digest, done.new_rows, done.duplicate_rows, seen.quarantined, done.already_held, seen.fault
    )


def catch_up(archive: Archive) -> int:
    """Record imports that reached the archive before a crash; how many."""
    caught = 0
    for intent in sources.unfinished():
        access = _access_of(intent.request_ref)
        if access is None or not archive.holds(intent.digest, reading=intent.reading):
            continue
        rows = sum(s.rows for s in archive.sources() if s.source_id == intent.digest)
        fact = SourceFact(
            intent.digest, intent.reading, intent.supplier, rows, None, datetime.now(UTC)
        )
        looked = Looked(extent={"source": intent.digest, "caught_up": True}, rows=rows)
        with transaction.atomic(durable=True):
            sources.finish(fact)
            write(access, looked)
        seal()
        caught += 1
    return caught


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _tables(
    batches: Iterator[PositionBatch],
    supplier: str,
    access: Access,
    seen: _Seen,
    on_batch: Callable[[PositionBatch], None] | None,
) -> Iterator[pa.Table]:
    """The accepted rows with the archive's keys in place of device ids."""
    for batch in batches:
        seen.quarantined += batch.quarantined.num_rows
        seen.fault = seen.fault or batch.fault
        if batch.accepted.num_rows:
            _note_times(batch.accepted["fix_time"], seen)
            seen.accepted += batch.accepted.num_rows
            yield _with_keys(batch.accepted, supplier, access, seen.keys)
        if on_batch is not None:
            on_batch(batch)


def _with_keys(table: pa.Table, supplier: str, access: Access, keys: dict[str, int]) -> pa.Table:
    names = table["device_id"].combine_chunks().dictionary_encode()
    unknown = sorted(set(names.dictionary.to_pylist()) - keys.keys())
    if unknown:
        keys.update(_register(supplier, unknown, access))
    lookup = pa.array([keys[name] for name in names.dictionary.to_pylist()], pa.int64())
    column = lookup.take(names.indices)
    plain = table.drop_columns(["device_id"])
    return plain.add_column(0, CONTENT_SCHEMA.field("device_key"), column).cast(CONTENT_SCHEMA)


def _register(supplier: str, names: list[str], access: Access) -> dict[str, int]:
    """Keys for devices; those not seen before are a change with an entry of its own."""
    known = devices.keys_of(supplier, names)
    missing = [name for name in names if name not in known]
    if not missing:
        return known
    with transaction.atomic(durable=True):
        known |= devices.register(supplier, missing)
        own = replace(access, use_case="register_devices")
        write(own, Looked(rows=len(missing), extent={"devices": len(missing)}))
    return known


def _note_times(times: Any, seen: _Seen) -> None:
    ends = pc.min_max(times.cast(pa.int64()))
    low, high = ends["min"].as_py(), ends["max"].as_py()
    seen.first_us = low if seen.first_us is None else min(seen.first_us, low)
    seen.last_us = high if seen.last_us is None else max(seen.last_us, high)


def _finish(access: Access, intent: Intent, done: AppendResult, seen: _Seen, now: datetime) -> None:
    """Record the end of an import, and whom it concerned."""
    looked = Looked(rows=done.new_rows, extent={"source": intent.digest})
    fact = SourceFact(
        intent.digest, intent.reading, intent.supplier, done.new_rows, seen.quarantined, now
    )
    with transaction.atomic(durable=True):
        looked.subjects = _subjects(seen)
        if done.already_held:
            sources.abandon(intent.digest, intent.reading)
        else:
            sources.finish(fact)
        write(access, looked)
    seal()


def _subjects(seen: _Seen) -> set[UUID]:
    if seen.first_us is None or seen.last_us is None:
        return set()
    period = Period(from_micros(seen.first_us), from_micros(seen.last_us + 1))
    return activations.subjects_of(seen.keys.values(), period)


def _access_of(request_ref: UUID) -> Access | None:
    """The admission of an import that died, from its `requested` entry."""
    entry = next(iter(audit.of_request(request_ref)), None)
    if entry is None or entry.actor_ref is None:
        return None
    return Access(
        request_ref=request_ref,
        actor_ref=entry.actor_ref,
        role=entry.role,
        operation=Operation(entry.operation),
        use_case=entry.use_case,
        purpose=Purpose(entry.purpose),
        authority=entry.authority,
    )
