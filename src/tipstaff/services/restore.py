"""Restore a backup into a new data folder: everything is checked before anything is in place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tipstaff import settings
from tipstaff.backups import restored_mark
from tipstaff.backups.durable import settle, settle_all
from tipstaff.backups.keys import read_key
from tipstaff.backups.manifest import POSTGRESQL_FILE, SQLITE_FILE, Manifest
from tipstaff.backups.refusals import BackupError
from tipstaff.backups.sealed_file import opened_sealed
from tipstaff.backups.unpacking import unpack
from tipstaff.backups.workspace import workspace
from tipstaff.records import postgres_copy, schema, snapshot
from tipstaff.services import erasure_journal


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where it lies."""

    manifest: Manifest
    data: Path


def restore(
    *,
    file: Path,
    into: Path,
    key: Path,
    passphrase: str = "",
    erasures: Path | None = None,
    no_erasures: str = "",
    on_bytes: Callable[[int], None] = lambda _done: None,
) -> Restored:
    """Restore `file` into the folder `into`, which must be empty or not there yet.

    `erasures` is the journal of the instance that the backup is of: what was erased since is erased
    again before the copy is in place. Without one, `no_erasures` says why nothing was; it is in the
    copy's audit. Records of PostgreSQL go into the empty database that the setting `database`
    names. Whoever has the key has the data, so nobody is asked for a purpose; that it was restored
    is in the audit of the copy. Raises BackupError, RecordsDamagedError, PostgresCopyError or
    OSError; the folder is then as it was.
    """
    into = into.absolute()
    _require_empty(into)
    _require_journal(erasures, no_erasures)
    identity = read_key(key, passphrase)
    into.parent.mkdir(parents=True, exist_ok=True)
    with workspace(into.parent, f".{into.name}.restoring-") as folder:
        restored_mark.mark(folder)
        with opened_sealed(file, identity, on_bytes) as plain:
            manifest = unpack(plain, folder)
        _require_known(manifest)
        _leave_journal(folder, erasures, no_erasures)
        extra = _check_records(manifest, folder)
        restored_mark.mark(folder, manifest)
        _tipstaff(folder, extra, "init")
        _tipstaff(folder, extra, "check", "instance")
        settle_all(folder)
        _put_in_place(folder, into)
    return Restored(manifest, into)


def _require_empty(into: Path) -> None:
    if into.is_symlink() or (into.exists() and (not into.is_dir() or any(into.iterdir()))):
        raise BackupError(f"{into} is not an empty folder. Name one that is not there yet.")


def _require_journal(erasures: Path | None, no_erasures: str) -> None:
    if erasures is None and not no_erasures.strip():
        raise BackupError(_NO_JOURNAL)
    if erasures is not None:
        try:
            erasure_journal.instance_of(erasures)
        except erasure_journal.JournalError as error:
            raise BackupError(str(error)) from None


_NO_JOURNAL: Final = (
    "Who was erased after the backup would come back: give the instance's journal of erasures by "
    "--erasures FILE (erasures.jsonl in its data folder). If there is none, say why nothing was "
    "erased since by --no-erasures 'REASON'; the copy's audit will hold it."
)


def _leave_journal(folder: Path, erasures: Path | None, no_erasures: str) -> None:
    """Put the journal into the copy, which goes on with it; or what was said in its place."""
    if erasures is None:
        restored_mark.state_no_erasures(folder, no_erasures.strip())
    else:
        shutil.copyfile(erasures, folder / erasure_journal.FILE_NAME)


def _require_known(manifest: Manifest) -> None:
    """Refuse records of a newer version: this one would read them wrongly."""
    if not schema.known_migrations() >= set(manifest.migrations):
        raise BackupError(
            f"The backup was made by a newer Tipstaff ({manifest.program}). Restore it with that "
            "version or a newer one."
        )


def _check_records(manifest: Manifest, folder: Path) -> dict[str, str]:
    """Check that the records are as the manifest says; what their settings need in addition.

    On PostgreSQL they are put into the database first, whole or not at all.
    """
    extra: dict[str, str] = {}
    if manifest.database == "sqlite":
        found = snapshot.facts_of_sqlite(folder / SQLITE_FILE)
    else:
        url = settings.load().database
        if url == settings.SQLITE:
            raise BackupError(
                "The backup holds records of PostgreSQL: make an empty database, name it by "
                "TIPSTAFF_DATABASE, and restore again."
            )
        found = postgres_copy.restore(folder / POSTGRESQL_FILE, url)
        (folder / POSTGRESQL_FILE).unlink()
        extra = {settings.PREFIX + "DATABASE": url}
    head = (manifest.audit_sequence, manifest.audit_hash)
    if (dict(found.tables), (found.head.sequence, found.head.hash)) != (manifest.tables, head):
        raise BackupError("The records are not as the backup's manifest says. Use another backup.")
    return extra


def _tipstaff(data: Path, extra: dict[str, str], *words: str) -> None:
    """Run this program on the copy, in a process of its own: this one may serve another."""
    done = subprocess.run(  # noqa: S603 (no shell; the words are ours)
        [sys.executable, "-m", "tipstaff", *words],
        env=settings.environment_of(data) | extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise BackupError(f"{_NOT_SOUND} {said}")


_NOT_SOUND: Final = "The restored copy is not sound; nothing was put in place. It says:"


def _put_in_place(folder: Path, into: Path) -> None:
    """Rename the checked folder; from one moment to the next all of it is there."""
    try:
        folder.rename(into)
    except OSError:
        raise BackupError(f"{into} is no longer an empty folder. Nothing was restored.") from None
    settle(into.parent)
