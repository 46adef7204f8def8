"""Carry an erasure out: an intent first, the journal, then store after store, the audit last.

Whoever decides commits the intent (`begin`); from then on it is finished, whatever dies in between:
by the process itself, by the next `retention run`, or by whatever opens the instance next. What was
to go is counted before anything goes, so that a proof says the same however often it took.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff import settings
from tipstaff.backups.durable import settle
from tipstaff.domain.erasures import Erasure, Piece, Proof
from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.formats.erasure_json import write_proof
from tipstaff.positions.archive import ArchiveWriteError
from tipstaff.positions.locking import ArchiveBusyError
from tipstaff.records import audit, erasures, personal_data
from tipstaff.records.chain import Entry
from tipstaff.records.erasures import Begun
from tipstaff.records.users import Account
from tipstaff.services import erasure_journal
from tipstaff.services.erasure_lock import ErasureBusyError, only_eraser
from tipstaff.services.erasure_stores import STORES
from tipstaff.services.sealing import seal

#: Told how many steps are done, and of how many.
Progress = Callable[[int, int], None]
_STEPS: Final = len(STORES) + 1
_AGAIN: Final = "erase_again"


class PagesBusyError(Exception):
    """Others read the database, so what it kept of deleted rows could not be wiped yet."""

    def __init__(self) -> None:
        super().__init__(
            "Everything is deleted, but others are reading the database, so that its log could not "
            "be emptied. Run 'tipstaff retention run' again to finish."
        )


def _told(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _silent(_done: int, _total: int) -> None:
    pass


def finish_all(values: settings.Settings, progress: Progress = _silent) -> int:
    """Finish every erasure that was decided; how many. For the holder of `only_eraser`."""
    begun = erasures.unfinished()
    total = len(begun) * _STEPS
    for place, each in enumerate(begun):
        _finish(values, each, partial(_told, progress, place * _STEPS, total))
    return len(begun)


def finish_what_was_left(values: settings.Settings) -> None:
    """Finish what a crash left, unless another process is at it or a store is busy just now."""
    if not erasures.any_unfinished():
        return
    later = (ErasureBusyError, ArchiveBusyError, ArchiveWriteError, PagesBusyError)
    with suppress(*later), only_eraser(values.data):
        finish_all(values)


def erase_again(values: settings.Settings, account: Account) -> int:
    """Erase on a restored copy what was erased since its backup; how many erasures.

    For a copy that does not serve yet. Raises JournalError where the journal cannot be read.
    """
    with only_eraser(values.data):
        finish_all(values)
        known = erasures.finished_ids()
        noted = erasure_journal.erasures(values.erasure_journal_file)
        left = [erasure for erasure in noted if erasure.erasure_id not in known]
        if left:
            begin(_repeated(left, account))
            finish_all(values)
    return len(left)


def begin(begun: Begun) -> None:
    """Commit that an erasure is decided."""
    with transaction.atomic(durable=True):
        erasures.begin(begun)


def _repeated(left: list[Erasure], account: Account) -> Begun:
    pieces = _joined(piece for erasure in left for piece in erasure.pieces)
    again = tuple(erasure.erasure_id for erasure in left)
    erasure = Erasure(uuid4(), datetime.now(UTC), left[-1].policy, pieces, again)
    why = Purpose.SYSTEM_ADMINISTRATION
    return Begun(erasure, uuid4(), account.ref, account.role, _AGAIN, why, "")


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """One piece a person, of all that was ever erased of them."""
    people: dict[str, Piece] = {}
    for piece in pieces:
        held = people.get(str(piece.subject_ref), Piece(piece.subject_ref))
        people[str(piece.subject_ref)] = Piece(
            piece.subject_ref,
            held.whole or piece.whole,
            (*held.worn, *piece.worn),
            (*held.answers, *piece.answers),
            (*held.records, *piece.records),
        )
    return tuple(people[ref] for ref in sorted(people))


def _finish(values: settings.Settings, begun: Begun, on_step: Callable[[int], None]) -> None:
    erasure = begun.erasure
    if not erasure.again:
        erasure_journal.ensure(values.erasure_journal_file, audit.first_hash())
        erasure_journal.note(values.erasure_journal_file, erasure)
    if begun.counted is None:
        counts = {store.name: store.count(values, erasure) for store in STORES}
        with transaction.atomic(durable=True):
            erasures.counted(erasure.erasure_id, counts)
        begun = replace(begun, counted=counts)
    for place, store in enumerate(STORES):
        if store.name not in begun.done:
            store.erase(values, erasure)
            with transaction.atomic(durable=True):
                erasures.store_done(erasure.erasure_id, store.name)
        on_step(place + 1)
    if not personal_data.wipe_pages():
        raise PagesBusyError
    _end(begun)
    write_proofs(values)
    personal_data.cut_log()
    on_step(_STEPS)


def _end(begun: Begun) -> None:
    """The audit's entry that it is done, and the end of the intent with it."""
    pieces = begun.erasure.pieces
    counts = {s: dict(found) for s, found in (begun.counted or {}).items() if any(found.values())}
    entry = Entry(
        entry_id=uuid4(),
        at=datetime.now(UTC),
        request_ref=begun.request_ref,
        actor_ref=begun.actor_ref,
        role=begun.role,
        operation=Operation.ERASURE,
        phase=Phase.SERVED,
        use_case=begun.use_case,
        purpose=begun.purpose,
        authority=begun.authority,
        subject_refs=tuple(sorted(str(piece.subject_ref) for piece in pieces)),
        extent={
            "erasures": [str(each) for each in begun.erasure.ids],
            "decided_at": begun.erasure.at.isoformat(),
            "policy": begun.erasure.policy,
            "whole": sum(piece.whole for piece in pieces),
            "parts": sum(not piece.whole for piece in pieces),
            "counts": counts,
        },
        rows=sum(sum(found.values()) for found in counts.values()),
    )
    with transaction.atomic(durable=True):
        audit.append(entry)
        erasures.end(begun.erasure.erasure_id)
    seal()


def proofs() -> list[Proof]:
    """The proof of every finished erasure, from the audit, oldest first."""
    found = []
    for entry in erasures.finished_entries():
        said = entry.extent
        found.append(
            Proof(
                UUID(said["erasures"][0]),
                datetime.fromisoformat(said["decided_at"]),
                entry.at,
                said["policy"],
                said["whole"],
                said["parts"],
                said["counts"],
                entry.sequence,
                entry.hash,
            )
        )
    return found


def write_proofs(values: settings.Settings) -> int:
    """Write the proofs that are not in their folder yet, left out by a crash; how many."""
    folder, written = values.proofs_folder, 0
    for proof in proofs():
        path = folder / f"{proof.erasure_id}.json"
        if proof.sequence is not None and not path.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            _put(path, write_proof(proof))
            written += 1
    return written


def _put(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    settle(path.parent)
