"""Take a case over from another operator. Two stores, one transfer, as in `services.positions`.

Everything is read and checked first. Then the intent is committed, then the trail reaches the
archive, then the records, the activations and the audit entry are one transaction. What a crash
leaves between them the same command finishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.db import transaction

from tipstaff.backups.keys import read_key
from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.transfer_codes import TransferCode
from tipstaff.positions.archive import Archive
from tipstaff.records import devices, sources, taken_activations, wearers, whole_records
from tipstaff.records.sources import Intent, SourceFact
from tipstaff.records.taken_activations import DeviceTakenError
from tipstaff.records.whole_records import DifferentRecordError, TakenFrom
from tipstaff.services.access import Access, admit
from tipstaff.services.bound_purposes import only_for
from tipstaff.services.case_recording import clock
from tipstaff.services.instance import open_instance
from tipstaff.services.positions import catch_up
from tipstaff.services.recording import changing, request
from tipstaff.services.transfer_reading import Incoming, IncomingTrail, problem, read_transfer
from tipstaff.services.whole_archive import require_whole

#: How a trail of a transfer was read, as imports of position files name their mapping.
READING: Final = "transfer-1"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was new of a transfer; nothing, and every problem, where it was refused."""

    wearer: str = ""
    versions: int = 0
    activations: int = 0
    fixes: int = 0
    problems: tuple[Problem, ...] = ()


class _RefusedError(Exception):
    """Leaves a transaction that must not commit."""

    def __init__(self, code: TransferCode) -> None:
        super().__init__(code)
        self.code = code


def transfer_in(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    file: Path,
    sha256: str,
    key: Path,
    passphrase: str = "",
) -> TakenOver:
    """Take in what 'tipstaff transfer out' wrote, whole or not at all; the same again adds nothing.

    `sha256` is the file's, told by the sender by another way: age does not say who made a file.
    Raises BackupError where the key cannot be read, OSError, and what `Archive.append` raises.
    """
    access = _admit(actor, purpose, authority)
    incoming = read_transfer(file, read_key(key, passphrase), sha256)
    if isinstance(incoming, tuple):
        return _refused(access, incoming)
    archive = Archive(open_instance().archive_folder)
    catch_up(archive)
    require_whole(archive)
    now = clock()
    try:
        _try(access, incoming, now)
        fixes = _take_trails(access, archive, incoming, sha256, now)
        return _take_records(access, incoming, fixes, sha256, now)
    except _RefusedError as refused:
        return _refused(access, (problem(refused.code),))


def _try(access: Access, incoming: Incoming, now: datetime) -> None:
    """Take the records in and undo it: a refusal comes before the trail is in the archive."""
    with transaction.atomic():
        _into_records(access, incoming, now)
        transaction.set_rollback(True)


def _into_records(access: Access, incoming: Incoming, now: datetime) -> tuple[int, int]:
    taken = TakenFrom(incoming.manifest.sender, now, access.actor_ref)
    try:
        versions = whole_records.take_in(incoming.record, taken)
        return versions, taken_activations.take_in(incoming.worn, at=now)
    except DifferentRecordError:
        raise _RefusedError(TransferCode.OTHER_CONTENT_HERE) from None
    except DeviceTakenError:
        raise _RefusedError(TransferCode.DEVICE_WORN_BY_ANOTHER) from None


def _take_trails(
    access: Access, archive: Archive, incoming: Incoming, sha256: str, now: datetime
) -> int:
    """Append each trail as a source of its own; how many fixes were new.

    Devices and intents are on record before the archive holds anything of them, as in any import.
    """

    def begin() -> None:
        for one in incoming.trails:
            sources.begin(Intent(one.sha256, READING, one.supplier, access.request_ref))
            devices.register(one.supplier, set(one.table["device_id"].to_pylist()))

    request(access, extent={"sha256": sha256}, beside=begin)
    fixes = 0
    for one in incoming.trails:
        done = archive.append(_with_keys(one), one.sha256, now, reading=READING)
        fixes += done.new_rows
    return fixes


def _with_keys(trail: IncomingTrail) -> Iterator[pa.Table]:
    """The fixes with the archive's keys in place of device ids."""
    names = trail.table["device_id"].to_pylist()
    keys = devices.keys_of(trail.supplier, set(names))
    column = pa.array([keys[name] for name in names], pa.int64())
    rest = (trail.table[name] for name in CONTENT_SCHEMA.names[1:])
    yield pa.table([column, *rest], schema=CONTENT_SCHEMA)


def _take_records(
    access: Access, incoming: Incoming, fixes: int, sha256: str, now: datetime
) -> TakenOver:
    said = incoming.manifest
    extent = {"sha256": sha256, "sender": said.sender, "made_at": said.made_at.isoformat()}
    with changing(access, extent=extent) as looked:
        versions, activations = _into_records(access, incoming, now)
        for one in incoming.trails:
            rows = one.table.num_rows
            sources.finish(SourceFact(one.sha256, READING, one.supplier, rows, 0, now))
        looked.subjects = wearers.subject_refs([incoming.record.wearer])
        looked.rows = versions + activations + fixes
    return TakenOver(incoming.record.wearer, versions, activations, fixes)


def _refused(access: Access, problems: tuple[Problem, ...]) -> TakenOver:
    """That something came of which nothing was kept is on record too, by the codes alone."""
    codes = sorted({str(one.code) for one in problems})
    with changing(access, extent={"problems": len(problems), "codes": codes}):
        pass
    return TakenOver(problems=problems)


def _admit(actor: str, purpose: Purpose, authority: str) -> Access:
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="transfer_in",
    )
    only_for(access, {Purpose.TRANSFER}, authority=True)
    return access
