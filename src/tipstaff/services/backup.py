"""Back an instance up while it works: one encrypted file of one state.

The records are copied first, as they are at one instant. An import reaches the archive before the
records, and its intent and its devices are on record before it reaches the archive. So the first
version of the archive that holds every file on record in the copy holds no file, and no device,
that the copy does not know: it fits. Whatever is imported later is in neither.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.db import connection

from tipstaff import __version__, settings
from tipstaff.backups.keys import recipients_of
from tipstaff.backups.manifest import POSTGRESQL_FILE, SQLITE_FILE, FileFact, Manifest
from tipstaff.backups.sealed_file import refuse_existing, write_sealed
from tipstaff.backups.tar_stream import Packed, tar_bytes
from tipstaff.backups.workspace import workspace
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions.archive import transaction_of
from tipstaff.positions.versions import SetAside, first_holding, newest_version, set_aside
from tipstaff.records import postgres_copy, snapshot, sources
from tipstaff.services.access import admit
from tipstaff.services.instance import NotReadyError, open_instance, settings_text
from tipstaff.services.mail_ledger import MailLedger
from tipstaff.services.recording import reading
from tipstaff.services.whole_archive import INCOMPLETE, LOOKED_FOR

#: Told how many bytes are done, and of how many.
Progress = Callable[[int, int], None]

#: Where a backup gathers its copies, in the data folder: records are on that disk anyway.
WORKSPACE: Final = "backup-"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A finished backup: what it holds, how large it is, the SHA-256 of the encrypted file."""

    manifest: Manifest
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _State:
    """One state of the instance, and the files that say it."""

    facts: snapshot.Facts
    archive: SetAside | None
    files: tuple[Packed, ...]


def back_up(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    out: Path,
    recipients: Iterable[str],
    progress: Progress = lambda _done, _total: None,
) -> BackedUp:
    """Write everything of the instance but its passwords into `out`, encrypted to `recipients`.

    `recipients` are public keys or files that hold one. Raises BackupError where `out` exists or a
    key is none, NotReadyError or ArchiveDamagedError where the archive is not whole,
    PostgresCopyError, and OSError where the disk is full; no file is left then.
    """
    refuse_existing(out)
    keys = recipients_of(recipients)
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.EXPORT,
        use_case="backup",
    )
    values, backup_id = open_instance(), str(uuid4())
    extent = {"backup": backup_id, "recipients": sorted(keys)}
    with (
        reading(access, extent=extent) as looked,
        workspace(values.data, WORKSPACE) as folder,
    ):
        state = _gather(values, actor, folder)
        manifests: list[Manifest] = []

        def last(facts: tuple[FileFact, ...]) -> bytes:
            manifests.append(_manifest(backup_id, state, facts))
            return manifests[0].to_bytes()

        pieces = _counted(tar_bytes(state.files, last), _size(state.files), progress)
        sealed = write_sealed(out, pieces, keys.values())
        looked.rows = manifests[0].fixes + sum(manifests[0].tables.values())
        looked.extent |= {"sha256": sealed.sha256, "size_bytes": sealed.size_bytes}
    return BackedUp(manifests[0], sealed.size_bytes, sealed.sha256)


def _gather(values: settings.Settings, actor: str, folder: Path) -> _State:
    """One state: heads and mails before the records, those before the archive and the runs."""
    files: list[Packed] = []
    if values.audit_heads_file.is_file():  # a head that the copied chain lacks would look cut off
        heads = folder / values.audit_heads_file.name
        shutil.copyfile(values.audit_heads_file, heads)
        files.append(Packed(heads.name, heads))
    files += _mails(values.crime_mail_folder, folder / "crime-mail")
    before = set(sources.spread(_ALL))  # and only then the version: it holds all of these
    since = newest_version(values.archive_folder)
    facts, records = _records(values, folder)
    new = [source for source in facts.sources if source not in before]
    archive = _archive(values.archive_folder, since, facts.sources, new, folder / "archive")
    chosen = {"actor": actor, "backup_recipient": values.backup_recipient}
    own = folder / settings.FILE_NAME
    own.write_text(settings_text(chosen), encoding="utf-8")
    files += [records, Packed(own.name, own)]
    files.append(Packed(values.audit_key_file.name, values.audit_key_file))
    files += _archive_files(archive, values.archive_folder, folder / "archive")
    files += _beside(values.quarantine_folder, "*.jsonl", "quarantine")
    files += _runs(values.runs_folder, facts.runs)
    files += _disclosures(values.disclosures_folder)
    return _State(facts, archive, tuple(files))


def _mails(kept: Path, folder: Path) -> list[Packed]:
    """What became of mails. Before the records: one noted as done is not taken in again."""
    names = MailLedger(kept).copy_into(folder)
    return [Packed(f"crime-mail/{name}", folder / name) for name in names]


#: More sources than there can be.
_ALL: Final = 1 << 62


def _records(values: settings.Settings, folder: Path) -> tuple[snapshot.Facts, Packed]:
    if connection.vendor == "sqlite":
        file = folder / SQLITE_FILE
        return snapshot.copy_sqlite(values.records_file, file), Packed(SQLITE_FILE, file)
    file = folder / POSTGRESQL_FILE
    return postgres_copy.dump(file), Packed(POSTGRESQL_FILE, file)


def _archive(
    path: Path,
    since: int | None,
    held: tuple[tuple[str, str], ...],
    new: list[tuple[str, str]],
    folder: Path,
) -> SetAside | None:
    """The version that fits: it is sought by the `new` files, and by some of those held before."""
    spread = held[:: max(1, len(held) // LOOKED_FOR)]
    version = first_holding(path, [transaction_of(*s) for s in {*new, *spread}], since)
    if version is not None:
        return set_aside(path, version, folder)
    if held:
        raise NotReadyError(INCOMPLETE)
    return None


def _archive_files(archive: SetAside | None, table: Path, copy: Path) -> list[Packed]:
    if archive is None:
        return []
    log = [Packed(f"archive/{name}", copy / name) for name in archive.log]
    return [*log, *(Packed(f"archive/{name}", table / name) for name in archive.files)]


def _runs(folder: Path, on_record: frozenset[UUID]) -> list[Packed]:
    """The folders of the runs on record: a run's folder is there before its record."""
    names = sorted(str(run) for run in on_record)
    return [file for name in names for file in _beside(folder / name, "*", f"runs/{name}")]


def _disclosures(folder: Path) -> list[Packed]:
    """What is held of disclosures. A folder is there before its record, and swept without one."""
    places = sorted(p for p in folder.glob("*") if p.is_dir() and p.suffix != ".new")
    return [file for p in places for file in _beside(p, "*", f"disclosures/{p.name}")]


def _beside(folder: Path, pattern: str, name: str) -> list[Packed]:
    paths = sorted(path for path in folder.glob(pattern) if path.is_file())
    return [Packed(f"{name}/{path.name}", path) for path in paths]


def _size(files: Iterable[Packed]) -> int:
    return sum(file.path.stat().st_size for file in files)


def _counted(pieces: Iterable[bytes], total: int, progress: Progress) -> Iterable[bytes]:
    done = 0
    for piece in pieces:
        done += len(piece)
        progress(min(done, total), total)
        yield piece


def _manifest(backup_id: str, state: _State, files: tuple[FileFact, ...]) -> Manifest:
    return Manifest(
        backup_id=backup_id,
        taken_at=datetime.now(UTC),
        program=__version__,
        database="sqlite" if connection.vendor == "sqlite" else "postgresql",
        migrations=state.facts.migrations,
        tables=dict(state.facts.tables),
        audit_sequence=state.facts.head.sequence,
        audit_hash=state.facts.head.hash,
        archive_version=state.archive.version if state.archive else None,
        fixes=state.archive.fixes if state.archive else 0,
        files=files,
    )
