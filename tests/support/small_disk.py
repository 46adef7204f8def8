"""A small disk of memory that can be filled to the last byte, and emptied again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str, *, let_go: bool = True) -> Iterator[Path]:
    """A file system of that size; the test is skipped where none may be mounted.

    At its end nothing on it may be open any more, unless not `let_go`.
    """
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield folder
    finally:
        how = [] if let_go else ["-l"]
        subprocess.run(["umount", *how, str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """While this lasts there is no room left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    try:
        yield
    finally:
        ballast.unlink()
