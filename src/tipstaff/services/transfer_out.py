"""Hand a wearer's case over to another operator: one encrypted file with all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa

from tipstaff import __version__
from tipstaff.backups.keys import recipients_of
from tipstaff.backups.sealed_file import Sealed, refuse_existing, write_sealed
from tipstaff.domain.case_records import WholeRecord, WornRecord
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.trail_parquet import write_trail
from tipstaff.formats.transfer_files import (
    MANIFEST,
    RECORD,
    TRANSFER,
    WORN,
    TrailFact,
    TransferManifest,
    facts_of,
    tar_of,
)
from tipstaff.formats.whole_record_json import WHOLE_RECORD, WORN_RECORD
from tipstaff.positions.archive import Archive
from tipstaff.positions.damage import naming_damage
from tipstaff.records import case_versions
from tipstaff.records.whole_records import whole_record, worn_record
from tipstaff.services.access import Access, admit
from tipstaff.services.bound_purposes import only_for
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import cleared
from tipstaff.services.recording import reading
from tipstaff.services.whole_archive import whole_archive
from tipstaff.services.whole_trail import trails_by_supplier


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A finished transfer: what its manifest says, the file's size and SHA-256."""

    manifest: TransferManifest
    sealed: Sealed


@dataclass(frozen=True, slots=True, repr=False)
class CaseFiles:
    """A wearer's files in the order of the transfer, and what they hold."""

    record: WholeRecord
    worn: WornRecord
    trails: tuple[TrailFact, ...]
    files: dict[str, bytes]


def transfer_out(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    sender: str,
    receiver: str,
    recipients: Iterable[str],
    out: Path,
) -> HandedOver | None:
    """Write a wearer's whole case into `out`, encrypted to the receiver's public keys.

    None where there is none to be seen. `sender` and `receiver` are operators' names; they stand in
    the manifest, and the receiver in the audit. The case stays here: whether it may is for
    retention. Answers for equality monitoring never leave. Raises BackupError where `out` is there
    or a key is none, what `whole_archive` raises, and OSError; no file is left then.
    """
    refuse_existing(out)
    keys = recipients_of(recipients)
    access = _admit(actor, purpose, authority)
    archive = whole_archive()
    now = clock()
    found = case_versions.find(wearer, now=now)
    whom: frozenset[UUID] = frozenset() if found is None else frozenset({found.subject_ref})
    extent = {"recipients": [receiver], "keys": sorted(keys)}
    with reading(access, extent=extent, subjects=whom) as looked, naming_damage():
        if found is None or (found.limited and not cleared(access)):
            return None
        case = case_files(archive, wearer)
        manifest = _manifest(case, sender, receiver, access.authority, now)
        files = {**case.files, MANIFEST: TRANSFER.write(manifest)}
        sealed = write_sealed(out, tar_of(files), keys.values())
        looked.extent |= {"sha256": sealed.sha256, "size_bytes": sealed.size_bytes}
        looked.rows = manifest.versions + sum(trail.fixes for trail in manifest.trails)
    return HandedOver(manifest, sealed)


def case_files(archive: Archive, wearer: str) -> CaseFiles:
    """A wearer's whole case as files by name: the same case makes the same bytes anywhere."""
    record, worn = whole_record(wearer), worn_record(wearer)
    files = {RECORD: WHOLE_RECORD.write(record), WORN: WORN_RECORD.write(worn)}
    facts: list[TrailFact] = []
    trails: dict[str, pa.Table] = trails_by_supplier(archive, worn)
    for number, (supplier, table) in enumerate(trails.items(), 1):
        name = f"trail-{number}.parquet"
        files[name] = write_trail(table)
        facts.append(TrailFact(name, supplier, table.num_rows))
    return CaseFiles(record, worn, tuple(facts), files)


def _manifest(
    case: CaseFiles, sender: str, receiver: str, authority: str, now: datetime
) -> TransferManifest:
    return TransferManifest(
        sender=sender,
        receiver=receiver,
        authority=authority,
        made_at=now,
        program=__version__,
        subjects=len(case.record.subjects),
        versions=sum(len(subject.versions) for subject in case.record.subjects),
        activations=len(case.worn.activations),
        trails=case.trails,
        files=facts_of(case.files),
    )


def _admit(actor: str, purpose: Purpose, authority: str) -> Access:
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.DISCLOSURE,
        use_case="transfer_out",
    )
    only_for(access, {Purpose.TRANSFER}, authority=True)
    return access
