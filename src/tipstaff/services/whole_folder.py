"""A folder of files that is there whole or not at all, its owner's alone, overwriting nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tipstaff.backups.durable import settle
from tipstaff.backups.workspace import workspace
from tipstaff.formats.transfer_files import FileFact


class FolderExistsError(Exception):
    """Nothing was written: a file or folder of that name is there, or its parent is not."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


def refuse_existing(out: Path) -> None:
    """FolderExistsError where `out` is there already or its parent is not."""
    if out.exists() or out.is_symlink():
        raise FolderExistsError(f"{out} is there already; nothing is overwritten. Name another.")
    if not out.parent.is_dir():
        raise FolderExistsError(f"The folder {out.parent} does not exist; make it first.")


def write_whole(
    out: Path,
    files: Mapping[str, Iterable[bytes]],
    last: Callable[[tuple[FileFact, ...]], Mapping[str, bytes]],
) -> tuple[FileFact, ...]:
    """Write files by name into a new folder `out`; those that `last` makes of them at the end.

    Gathered in a hidden folder beside it, made durable, then renamed. What a killed process left
    there the next one removes. Raises FolderExistsError, what `files` raise, and OSError.
    """
    out = out.absolute()
    refuse_existing(out)
    with workspace(out.parent, f".{out.name}.writing-") as folder:
        written = tuple(_write(folder, name, pieces) for name, pieces in files.items())
        also = tuple(_write(folder, name, [content]) for name, content in last(written).items())
        settle(folder)
        refuse_existing(out)
        folder.rename(out)
        settle(out.parent)
    return (*written, *also)


def _write(folder: Path, name: str, pieces: Iterable[bytes]) -> FileFact:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(descriptor)
    return FileFact(name, size, digest.hexdigest())
