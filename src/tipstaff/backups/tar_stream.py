"""A tar as a stream of bytes that is asked for: one pass over each file, in bounded memory."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tipstaff.backups.manifest import MANIFEST, FileFact
from tipstaff.backups.refusals import BackupError

_PIECE: Final = 1 << 20
_BLOCK: Final = 512


@dataclass(frozen=True, slots=True)
class Packed:
    """A file to pack: its name in the backup and where it lies."""

    name: str
    path: Path


def tar_bytes(
    files: Iterable[Packed], manifest: Callable[[tuple[FileFact, ...]], bytes]
) -> Iterator[bytes]:
    """The tar of `files`, and last of what `manifest` makes of their digests.

    Raises BackupError where a file went away or changed while it was read.
    """
    facts: list[FileFact] = []
    for file in files:
        fact = yield from _file(file)
        facts.append(fact)
    content = manifest(tuple(facts))
    yield _header(MANIFEST, len(content), 0) + content + _padding(len(content))
    yield bytes(2 * _BLOCK)


def _file(packed: Packed) -> Generator[bytes, None, FileFact]:
    try:
        handle = packed.path.open("rb")
    except FileNotFoundError:
        raise BackupError(_CHANGED) from None
    with handle:
        stat = os.fstat(handle.fileno())
        yield _header(packed.name, stat.st_size, int(stat.st_mtime))
        digest, left = hashlib.sha256(), stat.st_size
        while piece := handle.read(min(_PIECE, left)):
            digest.update(piece)
            left -= len(piece)
            yield piece
        if left or handle.read(1):
            raise BackupError(_CHANGED)
    yield _padding(stat.st_size)
    return FileFact(name=packed.name, size_bytes=stat.st_size, sha256=digest.hexdigest())


_CHANGED: Final = (
    "A file was removed or changed while it was copied, as 'tipstaff compact --keep-hours 0' does. "
    "No backup was made; run it again."
)


def _header(name: str, size_bytes: int, modified_s: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size_bytes, 0o600, modified_s
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size_bytes: int) -> bytes:
    return bytes(-size_bytes % _BLOCK)
