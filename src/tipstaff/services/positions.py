"""Take position files into the archive. Two stores, one import: see `import_positions`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
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
from tipstaff.formats.mapping import Mapping as PositionMapping
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.formats.positions_files import FileFault
from tipstaff.positions.archive import AppendResult, Archive
from tipstaff.positions.quarantine import QuarantineFile
from tipstaff.records import activations, audit, devices, sources
from tipstaff.records.sources import Intent, SourceFact
from tipstaff.services.access import Access, admit, require_own_supplier
from tipstaff.services.instance import open_instance
from tipstaff.services.intake import Gate
from tipstaff.services.private_words import told
from tipstaff.services.recording import Looked, request, write
from tipstaff.services.sealing import seal
from tipstaff.services.whole_archive import require_whole

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportedPositions:
    """What an import did. `quarantined` counts rows by reason; `quarantine_file` holds them.

    `not_collected` counts by reason the fixes for which there is no legal basis: nothing of them is
    kept (see `domain.intake_gate`). `fault` says why the file could not be read, or not to its end:
    nothing was stored then.
    """

    digest: str
    new_rows: int = 0
    duplicate_rows: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    quarantine_file: Path | None = None
    not_collected: Mapping[str, int] = field(default_factory=dict)
    already_held: bool = False
    fault: FileFault | None = None


class _UnreadableError(Exception):
    """Leaves the append where a file turns out to be damaged."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(slots=True)
class _Seen:
    """What the file turned out to hold, gathered while it streams."""

    keys: dict[str, int] = field(default_factory=dict)
    first_us: int | None = None
    last_us: int | None = None


def import_positions(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    path: Path,
    mapping: PositionMapping,
    reading: str = "",
    on_bytes: Callable[[int], None] = lambda _done: None,
) -> ImportedPositions:
    """Import one file; the same file read in the same way adds nothing.

    `reading` is a digest of the mapping; `on_bytes` is told how many bytes of the file are done.
    The intent is committed first, then the archive, then the record with its audit entry; whatever
    a crash leaves between them the next import finishes. Raises what `Archive.append` raises, and
    NotReadyError where the archive lacks what is on record: a new file would hide that.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_positions",
    )
    require_own_supplier(access, mapping.supplier)
    values = open_instance()
    archive = Archive(values.archive_folder)
    catch_up(archive)
    digest = file_digest(path)
    if sources.find(digest, reading) is None:  # a file on record may be what the archive lacks
        require_whole(archive)
    intent = Intent(digest, reading, mapping.supplier, access.request_ref)
    extent = {"source": digest, "reading": reading}
    request(access, extent=extent, beside=lambda: sources.begin(intent))
    with path.open("rb") as stream, QuarantineFile(values.quarantine_folder, digest) as bad:
        now = datetime.now(UTC)
        gate = Gate(mapping.supplier, now)
        intake = _Intake(access, intent, now, bad, on_bytes, gate)
        batches = read_positions(stream, mapping, now=intake.now)
        try:
            done = archive.append(intake.tables(batches), digest, intake.now, reading=reading)
        except _UnreadableError as unreadable:
            intake.finish(AppendResult(0, 0), stored=False)
            return ImportedPositions(digest, fault=unreadable.fault)
        intake.finish(done, stored=not done.already_held)
        return ImportedPositions(
            digest=digest,
            new_rows=done.new_rows,
            duplicate_rows=done.duplicate_rows,
            quarantined=dict(sorted(bad.counts.items())),
            quarantine_file=bad.path if bad.counts else None,
            not_collected=dict(sorted(gate.dropped.items())),
            already_held=done.already_held,
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
            if sources.finish(fact):
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


@dataclass(slots=True)
class _Intake:
    """One import while its file streams by."""

    access: Access
    intent: Intent
    now: datetime
    bad: QuarantineFile
    on_bytes: Callable[[int], None]
    gate: Gate
    seen: _Seen = field(default_factory=_Seen)

    def tables(self, batches: Iterator[PositionBatch]) -> Iterator[pa.Table]:
        """The accepted rows with the archive's keys in place of device ids."""
        for batch in batches:
            if batch.fault is not None:
                raise _UnreadableError(batch.fault)
            self.bad.write(batch.quarantined)
            allowed, withheld = self.gate.sift(batch.accepted)
            self.bad.write(withheld)
            if allowed.num_rows:
                self._note_times(allowed["fix_time"])
                yield self._with_keys(allowed)
            self.on_bytes(batch.bytes_done)
        self.bad.keep()

    def finish(self, done: AppendResult, *, stored: bool) -> None:
        """Record the end of the import, and whom it concerned."""
        looked = Looked(rows=done.new_rows, extent={"source": self.intent.digest})
        if self.gate.dropped:
            looked.extent["not_collected"] = dict(sorted(self.gate.dropped.items()))
        with transaction.atomic(durable=True):
            looked.subjects = self._subjects() if stored else set()
            if not stored:
                sources.abandon(self.intent.digest, self.intent.reading)
            elif not sources.finish(self._fact(done)):
                looked.extent["caught_up_by_another"] = True
            write(self.access, looked)
        seal()

    def _fact(self, done: AppendResult) -> SourceFact:
        return SourceFact(
            digest=self.intent.digest,
            reading=self.intent.reading,
            supplier=self.intent.supplier,
            fixes=done.new_rows,
            quarantined=self.bad.counts.total(),
            recorded_at=self.now,
        )

    def _with_keys(self, table: pa.Table) -> pa.Table:
        names = table["device_id"].combine_chunks().dictionary_encode()
        known = self.seen.keys
        unknown = sorted(set(names.dictionary.to_pylist()) - known.keys())
        if unknown:
            known.update(register_devices(self.intent.supplier, unknown, self.access))
        lookup = pa.array([known[name] for name in names.dictionary.to_pylist()], pa.int64())
        columns = [lookup.take(names.indices), *(table[n] for n in CONTENT_SCHEMA.names[1:])]
        return pa.table(columns, schema=CONTENT_SCHEMA)

    def _note_times(self, times: Any) -> None:
        ends = pc.min_max(times.cast(pa.int64()))
        low, high, seen = ends["min"].as_py(), ends["max"].as_py(), self.seen
        seen.first_us = low if seen.first_us is None else min(seen.first_us, low)
        seen.last_us = high if seen.last_us is None else max(seen.last_us, high)

    def _subjects(self) -> set[UUID]:
        first, last = self.seen.first_us, self.seen.last_us
        if first is None or last is None:
            return set()
        period = Period(from_micros(first), from_micros(last + 1))
        return activations.subjects_of(self.seen.keys.values(), period)


def register_devices(supplier: str, names: list[str], access: Access) -> dict[str, int]:
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


def _access_of(request_ref: UUID) -> Access | None:
    """The admission of an import that died, from its `requested` entry."""
    entry = next((one.entry for one in told(audit.of_request(request_ref)[:1])), None)
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
