"""The mark in a data folder that is being restored: nothing opens an instance that bears it.

First it says only that the restore is not finished. When every file was checked it becomes the
manifest; setting the copy up (`init_instance`) writes into the audit what was restored, and takes
the mark away.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tipstaff.backups.manifest import Manifest, read_manifest

_MARK: Final = "restoring.json"
_NO_ERASURES: Final = "no-erasures.txt"


def mark(folder: Path, manifest: Manifest | None = None) -> None:
    """Mark `folder` as not finished, or as checked and holding what `manifest` says."""
    draft = folder / f"{_MARK}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"" if manifest is None else manifest.to_bytes())
        file.flush()
        os.fsync(descriptor)
    draft.rename(folder / _MARK)


def is_marked(folder: Path) -> bool:
    """Whether the instance in `folder` is a restored copy that is not set up."""
    return (folder / _MARK).exists()


def marked_with(folder: Path) -> Manifest | None:
    """What was restored into a marked folder; None where that was not checked to its end."""
    content = (folder / _MARK).read_bytes()
    return read_manifest(content) if content else None


def unmark(folder: Path) -> None:
    """Take the mark away."""
    (folder / _NO_ERASURES).unlink(missing_ok=True)
    (folder / _MARK).unlink(missing_ok=True)


def state_no_erasures(folder: Path, why: str) -> None:
    """Leave in a marked folder why somebody says that nothing was erased since its backup."""
    (folder / _NO_ERASURES).write_text(why, encoding="utf-8")


def stated_no_erasures(folder: Path) -> str:
    """What was said so; empty where nobody said it."""
    path = folder / _NO_ERASURES
    return path.read_text(encoding="utf-8") if path.is_file() else ""
