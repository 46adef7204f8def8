"""What a run leaves beside the records: its crimes and the fixes that its report draws.

Written whole before the run is recorded, under the run's id, readable by the owner alone. A
crash in between leaves a folder without a run, which `sweep` removes a day later.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

#: A folder so old and without a run was left by a crash, not by a match under way.
_ORPHANED: Final = timedelta(days=1)


def keep(folder: Path, run_id: UUID, files: Mapping[str, bytes]) -> Path:
    """Write a run's files by name, all of them or none; where they lie."""
    draft, place = folder / f"{run_id}.new", folder / str(run_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    try:
        for name, content in files.items():
            _write(draft / name, content)
        _settle(draft)
        draft.rename(place)
        _settle(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return place


def read(folder: Path, run_id: UUID, name: str) -> bytes:
    """One file of a run; OSError where it is not there."""
    return (folder / str(run_id) / name).read_bytes()


def drop(folder: Path, run_id: UUID) -> None:
    """Remove what was kept for a run that was not recorded after all."""
    shutil.rmtree(folder / str(run_id), ignore_errors=True)


def sweep(folder: Path, known: Callable[[Iterable[UUID]], set[UUID]], now: datetime) -> int:
    """Remove what crashes left: old folders of runs that are not on record; how many."""
    if not folder.is_dir():
        return 0
    old = {
        path: _id_of(path)
        for path in folder.iterdir()
        if path.stat().st_mtime < (now - _ORPHANED).timestamp()
    }
    recorded = known([run_id for run_id in old.values() if run_id is not None])
    orphans = [
        path
        for path, run_id in old.items()
        if run_id is not None and (path.suffix == ".new" or run_id not in recorded)
    ]
    for path in orphans:
        shutil.rmtree(path, ignore_errors=True)
    return len(orphans)


def _id_of(path: Path) -> UUID | None:
    try:
        return UUID(path.name.removesuffix(".new"))
    except ValueError:
        return None


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make the folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
