"""What a backup says of itself: the last file within it, so that one pass writes it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tipstaff.backups.refusals import BackupError

MANIFEST: Final = "manifest.json"
SQLITE_FILE: Final = "records.sqlite3"
POSTGRESQL_FILE: Final = "records.pgdump"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileFact(_Value):
    """A file within the backup: its name below the data folder, its size, its SHA-256."""

    name: str
    size_bytes: int
    sha256: str


class Manifest(_Value):
    """Versions, counts and digests; nothing about a person.

    `tables` counts rows by table, `migrations` are those applied to the records, `audit_sequence`
    and `audit_hash` the end of the audit's chain; `archive_version` is None where nothing was ever
    imported.
    """

    format: Literal["tipstaff-backup-1"] = "tipstaff-backup-1"
    backup_id: str
    taken_at: datetime
    program: str
    database: Literal["sqlite", "postgresql"]
    migrations: tuple[str, ...]
    tables: dict[str, int]
    audit_sequence: int
    audit_hash: str
    archive_version: int | None
    fixes: int
    files: tuple[FileFact, ...]

    def to_bytes(self) -> bytes:
        """The file's content."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """The manifest in `content`; BackupError where it is none that this version reads."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise BackupError(
            "The backup's manifest cannot be read: it was made by another version of Tipstaff. "
            "Restore with the version that made it, or a newer one."
        ) from None
