"""Entries of folders that are on the disk for good."""

from __future__ import annotations

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Make the folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle_all(folder: Path) -> None:
    """The same for every folder in it too; its files are durable already."""
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        settle(path)
