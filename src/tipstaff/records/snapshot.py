"""The records at one instant: a copy of the SQLite file, and what any copy holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tipstaff.records.chain import GENESIS, Head

#: Pages of SQLite's that are copied at a time; between them Ctrl-C is heard.
_PAGES: Final = 4096
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
)

#: Runs a query and returns its rows.
Ask = Callable[[str], list[tuple[Any, ...]]]


class RecordsDamagedError(Exception):
    """The file of the records is damaged; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records hold: rows by table, migrations, the chain's end, imported files, runs."""

    tables: Mapping[str, int]
    migrations: tuple[str, ...]
    head: Head
    sources: tuple[tuple[str, str], ...]
    runs: frozenset[UUID]


def copy_sqlite(source: Path, target: Path) -> Facts:
    """Copy the records to `target`, one file, as they are at one instant; what it holds.

    Others go on writing meanwhile: the read transaction keeps what is copied as it was when it
    began. Raises RecordsDamagedError where the copy is not sound.
    """
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(copy, pages=_PAGES, sleep=0)
        copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    return facts_of_sqlite(target)


def facts_of_sqlite(file: Path) -> Facts:
    """What a copy holds; RecordsDamagedError where the database finds a fault in it."""
    try:
        with closing(sqlite3.connect(file)) as copy:
            if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise RecordsDamagedError(_DAMAGED)
            return facts(
                lambda query: copy.execute(query).fetchall(),
                [name for (name,) in copy.execute(_TABLES)],
            )
    except sqlite3.DatabaseError:
        raise RecordsDamagedError(_DAMAGED) from None


_DAMAGED: Final = "The records' file is damaged. Restore an older backup."


def facts(ask: Ask, tables: list[str]) -> Facts:
    """What the records hold that `ask` asks, `tables` by name."""
    count = 'SELECT count(*) FROM "{}"'
    last = "WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1"
    head = ask(f"SELECT sequence, hash FROM records_auditentry {last}")  # noqa: S608
    return Facts(
        tables={name: int(ask(count.format(name))[0][0]) for name in tables},
        migrations=tuple(
            f"{app}.{name}"
            for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
        ),
        head=Head(int(head[0][0]), str(head[0][1])) if head else Head(0, GENESIS),
        sources=tuple(
            (str(digest), str(reading))
            for digest, reading in ask(
                "SELECT digest, reading FROM records_positionsource "
                "ORDER BY recorded_at, digest, reading"
            )
        ),
        runs=frozenset(UUID(str(row[0])) for row in ask("SELECT id FROM records_run")),
    )
