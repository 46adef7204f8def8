"""The journal of erasures: outside the database, random references alone, never part of a backup.

A backup holds those who were erased after it was made. The journal says what to erase again before
a restored copy serves. Its first line names the instance, by the hash of the audit's first entry,
so that another instance's journal is not taken for this one's.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from tipstaff.domain.erasures import Erasure
from tipstaff.formats.erasure_json import read_erasure, write_erasure

#: Its name in a data folder; the setting `erasure_journal` may name another place.
FILE_NAME: Final = "erasures.jsonl"
_INSTANCE: Final = "instance"


class JournalError(Exception):
    """The file is no journal, or not this instance's; the text says what to do."""


def ensure(path: Path, instance: str) -> None:
    """Make the journal of an instance, unless it is there."""
    if path.exists() and path.stat().st_size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _append(path, json.dumps({_INSTANCE: instance}))


def note(path: Path, erasure: Erasure) -> None:
    """Note an erasure, on the disk for good, unless it is noted already."""
    if erasure.erasure_id not in {known.erasure_id for known in erasures(path)}:
        _append(path, write_erasure(erasure))


def instance_of(path: Path) -> str:
    """Which instance's journal it is; JournalError where it is none."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return str(json.loads(file.readline())[_INSTANCE])
    except (ValueError, KeyError, TypeError):
        raise JournalError(_NONE.format(path)) from None


def erasures(path: Path) -> list[Erasure]:
    """Every erasure noted. A last line that a crash cut short is none: nothing was erased for it.

    JournalError where any other line cannot be read: what it says could not be erased again.
    """
    if not path.is_file():
        return []
    found: list[Erasure] = []
    lines = path.read_text(encoding="ascii", errors="replace").splitlines(keepends=True)
    for line in lines[1:]:
        try:
            found.append(read_erasure(line))
        except (ValueError, KeyError, TypeError):
            if line.endswith("\n") and line.strip():
                raise JournalError(_NONE.format(path)) from None
    return found


_NONE: Final = (
    "{} is not a journal of erasures, or a line of it is damaged. Give the file 'erasures.jsonl' "
    "of the instance that the backup is of, or a copy of it."
)


def _append(path: Path, line: str) -> None:
    """Add a line. What a crash left of one is closed first, so that it stays a line of its own."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        if torn:
            whole = path.read_bytes().rfind(b"\n") + 1
            os.ftruncate(descriptor, whole)
        os.write(descriptor, f"{line}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
