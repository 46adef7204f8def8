"""Folders that a backup or a restore works in: gone afterwards, a dead process's gone next time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def workspace(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, its owner's alone; those that dead processes left are removed.

    A living one is told by the lock that its process holds on it. The body may rename it away.
    """
    sweep(parent, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders that dead processes left."""
    for left in parent.glob(f"{prefix}*"):
        _remove_if_dead(left)


def _remove_if_dead(folder: Path) -> None:
    with suppress(OSError):
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
