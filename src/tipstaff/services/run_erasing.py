"""Take a person's fixes out of what runs left for their reports.

The file of fixes is written anew; a note beside it says so, with its new digest, since the manifest
names the digest of the first one. The manifest and the counts of the crimes stay: they are about
nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tipstaff.domain.periods import Period
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import digests_of
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun

NOTE: Final = "run.erased.json"
_FACTS: Final = "run" + SUFFIXES["facts"]
_CRIMES: Final = "run" + SUFFIXES["crimes"]
_CRIME: Final = ("force", "crime_reference", "crime_version")


@dataclass(frozen=True, slots=True, repr=False)
class GoneFromRuns:
    """Whose fixes go: all, or those of `trail` and those kept for crimes of `answers`."""

    wearer: str
    whole: bool
    trail: tuple[Period, ...]
    answers: tuple[Period, ...]


def count(folder: Path, gone: Iterable[GoneFromRuns]) -> int:
    """How many rows would go."""
    wanted = list(gone)
    return sum(len(keep) - sum(keep) for _run, _table, keep in _judged(folder, wanted))


def erase(folder: Path, gone: Iterable[GoneFromRuns], now: datetime) -> int:
    """Write the files of fixes anew without those that go; how many rows went."""
    rows = 0
    for run, table, keep in _judged(folder, list(gone)):
        if all(keep):
            continue
        content = run_files.write_facts(table.filter(pa.array(keep, pa.bool_())))
        note = {"at": now.isoformat(), **digests_of({"facts": content})}
        # The note first: a file that neither the manifest nor the note names is refused.
        _put(run / NOTE, json.dumps(note).encode("ascii"))
        _put(run / _FACTS, content)
        rows += len(keep) - sum(keep)
    return rows


def note_of(run: Path) -> dict[str, Any] | None:
    """When fixes were taken out of a run's folder, and the digest of what is left; None: never."""
    try:
        values = json.loads((run / NOTE).read_bytes())
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _judged(folder: Path, gone: list[GoneFromRuns]) -> Iterable[tuple[Path, pa.Table, list[bool]]]:
    """Each run that holds fixes, and of each of its rows whether it stays."""
    people = {each.wearer: each for each in gone}
    runs = sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() and people else []
    for run in runs:
        table = _table(run / _FACTS, run_files.read_facts)
        if table is not None:
            crimes = _windows(run)
            keep = [_stays(row, people, crimes) for row in table.to_pylist()]
            yield run, table, keep


def _stays(row: dict[str, Any], people: dict[str, GoneFromRuns], crimes: dict[Any, Any]) -> bool:
    gone = people.get(row["wearer_id"])
    if gone is None:
        return True
    window = crimes.get(tuple(row[name] for name in _CRIME))
    about = window is None and bool(gone.answers)
    about |= window is not None and any(p.contains(window) for p in gone.answers)
    of_trail = any(period.contains(row["fix_time"]) for period in gone.trail)
    return not (gone.whole or of_trail or about)


def _windows(run: Path) -> dict[tuple[Any, ...], datetime]:
    table = _table(run / _CRIMES, run_files.read_crimes)
    rows = [] if table is None else table.select([*_CRIME, "from"]).to_pylist()
    return {tuple(row[name] for name in _CRIME): row["from"] for row in rows}


def _table(path: Path, read: Any) -> pa.Table | None:
    try:
        found = read(path.read_bytes())
    except OSError:
        return None
    return None if isinstance(found, UnreadableRun) else found


def _put(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
