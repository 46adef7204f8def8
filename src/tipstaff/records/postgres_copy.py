"""The records on PostgreSQL, out and in: `pg_dump` and `pg_restore`, which come with PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connection, transaction
from psycopg import conninfo

from tipstaff import settings
from tipstaff.records.snapshot import Facts, facts

_TABLES: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
)


#: Schemas that are no part of a copy, since what is in them is made again from what is.
_MADE_AGAIN: Final = ("tipstaff_checkpoints",)


class PostgresCopyError(Exception):
    """The records could not be copied; the text says why, and what to do."""


def dump(target: Path) -> Facts:
    """Write the records as they are at one instant to `target` (custom format); what they hold.

    Raises PostgresCopyError where `pg_dump` is missing, too old, or fails.
    """
    url = settings.load().database
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", url, *words, *(f"--exclude-schema={s}" for s in _MADE_AGAIN),
             f"--file={target}")  # fmt: skip
        return _facts(cursor)


def restore(source: Path, url: str) -> Facts:
    """Put a dump into the empty database at `url`, whole or not at all; what it then holds.

    Raises PostgresCopyError where the database is not empty or `pg_restore` is missing or fails.
    """
    with _asked(url) as cursor:
        if cursor.execute(_TABLES).fetchone() is not None:
            raise PostgresCopyError(
                "The database is not empty. Make a new one (CREATE DATABASE …), name it by "
                "TIPSTAFF_DATABASE, and restore again."
            )
    words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run("pg_restore", url, *words, str(source))
    with _asked(url) as cursor:
        return _facts(cursor)


@contextmanager
def _asked(url: str) -> Iterator[Any]:
    try:
        with psycopg.connect(url) as server, server.cursor() as cursor:
            yield cursor
    except psycopg.OperationalError:  # its message may repeat the address, user and all
        raise PostgresCopyError(
            "The database cannot be reached: check TIPSTAFF_DATABASE and its server."
        ) from None


def _facts(cursor: Any) -> Facts:
    def ask(query: str) -> list[tuple[Any, ...]]:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]

    return facts(ask, [str(name) for (name,) in ask(_TABLES)])


def _run(program: str, url: str, *words: str) -> None:
    """Run a program of PostgreSQL's; the password goes by its environment, never its arguments."""
    found = shutil.which(program)
    if found is None:
        raise PostgresCopyError(
            f"The program {program} is not installed: install PostgreSQL's client programs, of the "
            "server's version or newer (Debian: postgresql-client)."
        )
    parts = conninfo.conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")
    given = settings.environment_with(PGPASSWORD=password) if password else None
    address = conninfo.make_conninfo(**{k: str(v) for k, v in parts.items() if v is not None})
    done = subprocess.run(  # noqa: S603 (no shell; the words are ours)
        [found, f"--dbname={address}", "--no-password", *words],
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        # what it says may hold rows of the database
        old = b"version mismatch" in done.stderr or b"unsupported version" in done.stderr
        why = "it is older than the server or the dump" if old else "is the disk full?"
        raise PostgresCopyError(f"{program} failed ({done.returncode}): {why} Nothing was kept.")
