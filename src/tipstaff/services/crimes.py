"""Take in a police crime file. Several in one call: see `services.crime_files`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.batches import (
    NEW_VERSION,
    BatchChange,
    BatchId,
    BatchKind,
    ChangeKind,
    plan_batch,
)
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.crimes import CrimeFile, Mode, Status, read_crimes
from tipstaff.formats.crimes_problems import Problem, RowCode, echo
from tipstaff.records import crimes
from tipstaff.records.crimes import BatchFact
from tipstaff.services.access import Access, admit, require_own_force
from tipstaff.services.recording import Looked, changing

#: A PostgreSQL index holds 2,700 bytes, and a character may take four.
MAX_REFERENCE_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class ImportedCrimes:
    """What became of a file. `changes` counts crimes by what happened to each.

    `already_held`: these very bytes were taken in before and read in the same way, so nothing was
    changed.
    """

    file: CrimeFile
    already_held: bool = False
    changes: Mapping[ChangeKind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadCrimes:
    """A crime file as it was read: what it says, the digest of its bytes, how it was read."""

    file: CrimeFile
    digest: str
    mode: Mode


def admit_import(*, actor: str, purpose: Purpose, authority: str) -> Access:
    """Admit the import of one file, before it is read."""
    return admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_crimes",
    )


def import_crimes(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    content: bytes,
    mode: Mode = Mode.STRICT,
) -> ImportedCrimes:
    """Take in one crime file: its good rows, and what a replacement withdraws.

    An account of a force takes in its own force's files alone. Nothing is stored where the file
    failed as a whole or has no good row; that it came is in the audit all the same. The file is
    read before the transaction begins.
    """
    access = admit_import(actor=actor, purpose=purpose, authority=authority)
    return take_in(access, read(content, mode))


def read(content: bytes, mode: Mode) -> ReadCrimes:
    """Read a crime file, whose bytes are known by their digest."""
    digest = hashlib.sha256(content).hexdigest()
    return ReadCrimes(_storable(read_crimes(content, mode=mode)), digest, mode)


def on_record(given: ReadCrimes) -> bool:
    """Whether this file was taken in before, read in the same way."""
    force = given.file.force
    return force is not None and crimes.taken_in(force, given.digest, given.mode)


def take_in(access: Access, given: ReadCrimes) -> ImportedCrimes:
    """Take in one file that was read, as one transaction with its entry in the audit."""
    file = given.file
    require_own_force(access, file.force)
    extent = {
        "digest": given.digest,
        "mode": str(given.mode),
        "status": str(file.status),
        "rows": file.rows,
    }
    with changing(access, extent=extent) as looked:
        if not file.crimes or file.force is None:
            return ImportedCrimes(file)
        return _take_in(given, file.force, looked)


def _take_in(given: ReadCrimes, force: str, looked: Looked) -> ImportedCrimes:
    file = given.file
    crimes.lock_force(force)
    if on_record(given):
        looked.extent["already_held"] = True
        return ImportedCrimes(file, already_held=True)
    now = datetime.now(UTC)
    batch = _batch_id(file, force, now)
    changes = _plan(given, force, batch)
    row = crimes.add_batch(_fact(given, force, batch, now))
    _store(force, row, changes, now)
    counts = Counter(change.kind for change in changes)
    looked.rows = sum(counts[kind] for kind in (*NEW_VERSION, ChangeKind.WITHDRAWN))
    looked.extent["batch"] = str(row)
    return ImportedCrimes(file, changes=dict(sorted(counts.items())))


def _fact(given: ReadCrimes, force: str, batch: BatchId, now: datetime) -> BatchFact:
    return BatchFact(
        force=force,
        batch_id=str(batch),
        series=batch.series,
        kind=batch.kind,
        digest=given.digest,
        mode=given.mode,
        status=given.file.status,
        rows=given.file.rows,
        accepted=len(given.file.crimes),
        received_at=now,
    )


def _storable(file: CrimeFile) -> CrimeFile:
    """The file without crimes whose reference no index can hold: a cell that swallowed others."""
    long = [crime for crime in file.crimes if len(crime.reference) > MAX_REFERENCE_CHARS]
    if not long:
        return file
    kept = tuple(crime for crime in file.crimes if len(crime.reference) <= MAX_REFERENCE_CHARS)
    action = f"Shorten the reference to at most {MAX_REFERENCE_CHARS} characters."
    problems = tuple(
        Problem(
            RowCode.INVALID_TEXT, action, reference=echo(crime.reference), field="crime_reference"
        )
        for crime in long
    )
    return replace(
        file,
        status=Status.PARTIAL if kept else Status.ERROR,
        crimes=kept,
        errors=(*file.errors, *problems),
        rejected=file.rejected | {crime.reference for crime in long},
    )


def _plan(given: ReadCrimes, force: str, batch: BatchId) -> tuple[BatchChange, ...]:
    """What the file changes. Bytes that came before, read otherwise now, keep their first place:
    what came after them stands.
    """
    file = given.file
    held = crimes.standing(force, batch.series, [crime.reference for crime in file.crimes])
    place = crimes.first_reading(force, given.digest)
    if file.batch is None:
        # What carries no id of its own is no original: it replaces nothing and was not replaced.
        batch = replace(batch, kind=BatchKind.ADDITION)
    if place is not None:
        replaced = crimes.replaced(force, batch.series, after=place)
    else:
        replaced = batch.kind is BatchKind.FIRST and crimes.replaced(force, batch.series)
    return plan_batch(
        batch,
        file.crimes,
        held,
        rejected=file.rejected,
        unread_rows=file.unread_rows,
        replaced=replaced,
        later=frozenset(
            name for name, known in held.items() if place is not None and known.ordinal > place
        ),
    )


def _batch_id(file: CrimeFile, force: str, now: datetime) -> BatchId:
    """The file's batch id; in lenient mode a file may have none, and is known by its day."""
    if file.batch is not None:
        return file.batch
    return BatchId(NATIONAL_FORCES.get(force, force), now.date())


def _store(force: str, row: UUID, changes: tuple[BatchChange, ...], now: datetime) -> None:
    versions = [change.crime for change in changes if change.kind in NEW_VERSION]
    crimes.add_versions(force, row, versions, now)
    gone = [change.crime.key for change in changes if change.kind is ChangeKind.WITHDRAWN]
    crimes.withdraw(row, gone, now)
