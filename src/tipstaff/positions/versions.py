"""One version of the archive, set aside: its files by name, and a log that opens at it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deltalake.exceptions import DeltaError

from tipstaff.positions.damage import ArchiveDamagedError, sound
from tipstaff.positions.fix_table import FixTable, HeldFile

_LOG: Final = "_delta_log"
_COMMIT: Final = re.compile(r"(\d{20})\.json")
_CHECKPOINT: Final = re.compile(r"(\d{20})\.checkpoint\.parquet")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A version: its number, its rows, and its files as names below the table."""

    version: int
    fixes: int
    log: tuple[str, ...]
    files: tuple[str, ...]


def newest_version(archive: Path) -> int | None:
    """The archive's version now; None where nothing was ever stored."""
    table = _open(archive)
    return None if table is None else table.version


def first_holding(archive: Path, sources: Iterable[str], since: int | None) -> int | None:
    """The first version from `since` on that holds all `sources`; None where none does.

    `sources` are application transactions (`Archive.holds`). A source is in the archive before it
    is on record, so of a snapshot of the records the wanted version is never later than it.
    """
    newest = newest_version(archive)
    wanted = list(sources)
    if newest is None:
        return None
    for version in range(since or 0, newest + 1):
        table = _open(archive, version)
        if table is not None and all(table.holds(source) for source in wanted):
            return version
    return None


def set_aside(archive: Path, version: int, folder: Path) -> SetAside:
    """Copy the log of a version below `folder`; its files stay where they are.

    Raises ArchiveDamagedError where a file is lost, or the copied log does not say the same.
    """
    table = _open(archive, version)
    files = [] if table is None else table.files()
    names = _needed(archive / _LOG, version)
    (folder / _LOG).mkdir(parents=True)
    for name in names:
        shutil.copyfile(archive / _LOG / name, folder / _LOG / name)
    copy = _open(folder)
    if table is None or copy is None or (copy.version, copy.files()) != (version, files):
        raise ArchiveDamagedError("The archive's log cannot be copied.")
    sound(archive, files)
    return SetAside(version, copy.rows(), tuple(f"{_LOG}/{name}" for name in names), _names(files))


def _needed(log: Path, version: int) -> list[str]:
    """The last checkpoint up to a version and the commits from it on: all that is read."""
    names = [path.name for path in log.iterdir()]
    checkpoints = [
        int(m[1]) for m in map(_CHECKPOINT.fullmatch, names) if m and int(m[1]) <= version
    ]
    first = max(checkpoints, default=-1)
    commits = [m[0] for m in map(_COMMIT.fullmatch, names) if m and first <= int(m[1]) <= version]
    return sorted([*commits, *([f"{first:020}.checkpoint.parquet"] if checkpoints else [])])


def _names(files: Iterable[HeldFile]) -> tuple[str, ...]:
    return tuple(file.name for file in files)


def _open(path: Path, version: int | None = None) -> FixTable | None:
    try:
        return FixTable.open(path, version)
    except (DeltaError, OSError) as error:
        raise ArchiveDamagedError("The archive's log cannot be read.") from error
