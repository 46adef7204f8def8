"""A backup's files out of their tar into an empty folder, each checked against the manifest."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final

from tipstaff.backups.manifest import (
    MANIFEST,
    POSTGRESQL_FILE,
    SQLITE_FILE,
    FileFact,
    Manifest,
    read_manifest,
)
from tipstaff.backups.refusals import BackupError

#: What may stand first in a name.
_TOPS: Final = frozenset(
    {
        SQLITE_FILE,
        POSTGRESQL_FILE,
        "tipstaff.toml",
        "audit-heads.jsonl",
        "audit.key",
        "crime-mail",
        "archive",
        "quarantine",
        "runs",
        "disclosures",
    }
)
_PIECE: Final = 1 << 20
_MOST_MANIFEST_BYTES: Final = 1 << 28
_NOT_WHOLE: Final = (
    "The backup is not whole, or holds what no backup holds. Nothing was restored; use another one."
)


def unpack(stream: BinaryIO, folder: Path) -> Manifest:
    """Write the files of the tar in `stream` below `folder`, on disk for good; its manifest.

    Raises BackupError where a name is not one of a backup's, the manifest is missing, or any file
    is not as the manifest says; OSError where the disk is full.
    """
    facts: list[FileFact] = []
    manifest: Manifest | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                if manifest is not None or not member.isreg():
                    raise BackupError(_NOT_WHOLE)
                if member.name == MANIFEST:
                    manifest = _manifest(tar, member)
                else:
                    facts.append(_extract(tar, member, folder))
    except tarfile.TarError:
        raise BackupError(_NOT_WHOLE) from None
    if manifest is None or tuple(facts) != manifest.files:
        raise BackupError(_NOT_WHOLE)
    return manifest


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    if member.size > _MOST_MANIFEST_BYTES:
        raise BackupError(_NOT_WHOLE)
    return read_manifest(_content(tar, member).read())


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> FileFact:
    target = _place(member.name, folder)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    digest, content = hashlib.sha256(), _content(tar, member)
    with os.fdopen(descriptor, "wb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(descriptor)
    os.utime(target, (member.mtime, member.mtime))
    return FileFact(name=member.name, size_bytes=member.size, sha256=digest.hexdigest())


def _place(name: str, folder: Path) -> Path:
    """Where a file goes; BackupError where its name leads elsewhere or it is there already."""
    path = PurePosixPath(name)
    target = folder / path
    if path.parts[:1] == () or path.parts[0] not in _TOPS or ".." in path.parts or target.exists():
        raise BackupError(_NOT_WHOLE)
    return target


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[Any]:
    content = tar.extractfile(member)
    if content is None:
        raise BackupError(_NOT_WHOLE)
    return content
