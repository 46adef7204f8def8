"""Comparing an instance with its restored copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
from archive_sources import START
from program import done

from tipstaff.domain.periods import Period
from tipstaff.positions.archive import Archive

WHY = ("--purpose", "system_administration")
ALWAYS = Period(START.replace(year=2000), START.replace(year=2100))
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(file: Path) -> Rows:
    """Every row of every table of an SQLite file."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    with closing(sqlite3.connect(file)) as records:
        return {
            name: sorted(records.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for (name,) in records.execute(tables).fetchall()
        }


def apart(one: Rows, other: Rows) -> tuple[Rows, Rows]:
    """The rows that only `one` holds, and those that only `other` holds."""
    assert one.keys() == other.keys()
    return _lacking(one, other), _lacking(other, one)


def _lacking(one: Rows, other: Rows) -> Rows:
    found = {table: [row for row in one[table] if row not in other[table]] for table in one}
    return {table: rows for table, rows in found.items() if rows}


def fixes_of(data: Path) -> pa.Table:
    """Every row of the archive, in order."""
    batches = list(Archive(data / "archive").fixes(ALWAYS))
    return pa.Table.from_batches(batches).combine_chunks() if batches else None


def journal(data: Path) -> tuple[str | Path, ...]:
    """The option that names the journal of erasures of an instance."""
    return ("--erasures", data / "erasures.jsonl")


def key_in(folder: Path) -> Path:
    """A new key; its public half is beside it."""
    done("backup-key", folder / "backup.key")
    return folder / "backup.key"


def backed_up(data: Path, folder: Path) -> tuple[Path, Path]:
    """A backup of `data` and the key to it, in `folder`."""
    key, out = key_in(folder), folder / "one.backup"
    done("backup", out, "--to", f"{key}.pub", *WHY, data=data)
    return out, key
