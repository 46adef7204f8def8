"""Take in police crime files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.batches import BatchChange, BatchId, ChangeKind, plan_batch
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.crimes import CrimeFile, Mode, Status, read_crimes
from tipstaff.formats.crimes_problems import Problem, RowCode, echo
from tipstaff.records import crimes
from tipstaff.records.crimes import BatchFact
from tipstaff.services.access import admit
from tipstaff.services.recording import Looked, changing

#: A PostgreSQL index holds 2,700 bytes, and a character may take four.
MAX_REFERENCE_CHARS: Final = 500
_NEW_VERSION: Final = frozenset({ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.RESENT})


@dataclass(frozen=True, slots=True)
class ImportedCrimes:
    """What became of a file. `changes` counts crimes by what happened to each.

    `already_held`: these very bytes were taken in before, so nothing was changed.
    """

    file: CrimeFile
    already_held: bool = False
    changes: Mapping[ChangeKind, int] = field(default_factory=dict)


def import_crimes(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    content: bytes,
    mode: Mode = Mode.STRICT,
) -> ImportedCrimes:
    """Take in one crime file: its good rows, and what a replacement withdraws.

    Nothing is stored where the file failed as a whole or has no good row; that it came is in the
    audit all the same. The file is read before the transaction begins.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_crimes",
    )
    file = _storable(read_crimes(content, mode=mode))
    digest = hashlib.sha256(content).hexdigest()
    extent = {"digest": digest, "status": str(file.status), "rows": file.rows}
    with changing(access, extent=extent) as looked:
        if not file.crimes or file.force is None:
            return ImportedCrimes(file)
        return _take_in(file, file.force, digest, looked)


def _take_in(file: CrimeFile, force: str, digest: str, looked: Looked) -> ImportedCrimes:
    crimes.lock_force(force)
    if crimes.batch_of(force, digest) is not None:
        looked.extent["already_held"] = True
        return ImportedCrimes(file, already_held=True)
    now = datetime.now(UTC)
    batch = _batch_id(file, force, now)
    changes = _plan(file, batch)
    row = crimes.add_batch(
        BatchFact(
            force=force,
            batch_id=str(batch),
            series=batch.series,
            kind=batch.kind,
            digest=digest,
            status=file.status,
            rows=file.rows,
            accepted=len(file.crimes),
            received_at=now,
        )
    )
    _store(force, row, changes, now)
    counts = Counter(change.kind for change in changes)
    looked.rows = sum(counts[kind] for kind in (*_NEW_VERSION, ChangeKind.WITHDRAWN))
    looked.extent["batch"] = str(row)
    return ImportedCrimes(file, changes=dict(sorted(counts.items())))


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


def _plan(file: CrimeFile, batch: BatchId) -> tuple[BatchChange, ...]:
    names = [crime.reference for crime in file.crimes]
    held = crimes.standing(file.crimes[0].force, batch.series, names)
    return plan_batch(
        batch, file.crimes, held, rejected=file.rejected, unread_rows=file.unread_rows
    )


def _batch_id(file: CrimeFile, force: str, now: datetime) -> BatchId:
    """The file's batch id; in lenient mode a file may have none, and is known by its day."""
    if file.batch is not None:
        return file.batch
    return BatchId(NATIONAL_FORCES.get(force, force), now.date())


def _store(force: str, row: UUID, changes: tuple[BatchChange, ...], now: datetime) -> None:
    versions = [change.crime for change in changes if change.kind in _NEW_VERSION]
    crimes.add_versions(force, row, versions, now)
    gone = [change.crime.key for change in changes if change.kind is ChangeKind.WITHDRAWN]
    crimes.withdraw(row, gone, now)
