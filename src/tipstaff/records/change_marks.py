"""Marks of what was written to the tables that the intake asks.

On SQLite, which has one writer at a time, each row written to one of `MARKED` makes a number one
more. On PostgreSQL each transaction leaves its own number in a table. Whoever remembers what they
read keeps the snapshot in which they last asked, and is told whether a transaction has left a mark
that the snapshot did not see: in whatever order they were committed, none is missed, and no writer
waits for another.

PostgreSQL's marks matter to connections that are open, and to nobody else: the table is not logged,
and a server that went down begins it empty. A copy of the records carries its marks along; as
numbers of another server they can only say that something changed where nothing did.

SQLite remakes a table to alter it and drops its triggers then: a migration that alters one of these
tables ends by running `create` again, as with `guards`.
"""

# Statements are put together from our own table names.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection

from tipstaff.records.guards import in_its_dialect

#: Tables whose content decides over a supplier's key or over what may be taken in.
MARKED: Final = (
    "records_activation",
    "records_device",
    "records_hold",
    "records_holdrelease",
    "records_holding",
    "records_orderstretch",
    "records_subject",
    "records_supplier",
    "records_supplierfact",
    "records_supplierkey",
    "records_version",
    "records_wearer",
)
TABLE: Final = "records_changemark"
#: Marks are forgotten when so old; nobody goes by a snapshot older than `SNAPSHOT_FOR_S`. What is
#: between the two is how long a transaction may take from its first mark to its commit.
_FORGOTTEN_AFTER: Final = "1 day"
SNAPSHOT_FOR_S: Final = 600.0


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make table, function and triggers anew; safe to run again."""
    in_its_dialect(schema_editor, sqlite=_sqlite, postgresql=_postgresql)


def _sqlite() -> list[str]:
    statements = [
        f'CREATE TABLE IF NOT EXISTS "{TABLE}" (number bigint NOT NULL)',
        f'INSERT INTO "{TABLE}" SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM "{TABLE}")',
    ]
    for table in MARKED:
        for action in ("INSERT", "UPDATE", "DELETE"):
            name = f"{table}_marked_{action.lower()}"
            statements.append(f'DROP TRIGGER IF EXISTS "{name}"')
            statements.append(
                f'CREATE TRIGGER "{name}" AFTER {action} ON "{table}" '
                f'BEGIN UPDATE "{TABLE}" SET number = number + 1; END'
            )
    return statements


def _postgresql() -> list[str]:
    marking = f'INSERT INTO "{TABLE}" (xid) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING'
    statements = [
        f'CREATE UNLOGGED TABLE IF NOT EXISTS "{TABLE}" (xid xid8 PRIMARY KEY, '
        "at timestamptz NOT NULL DEFAULT clock_timestamp())",
        "CREATE OR REPLACE FUNCTION records_mark_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {marking}; RETURN NULL; END $$",
    ]
    for table in MARKED:
        name = f"{table}_marked"
        statements.append(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
        statements.append(
            f'CREATE TRIGGER "{name}" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION records_mark_change()"
        )
    return statements


def rows_written() -> int:
    """How many rows were written to the tables so far, on SQLite."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT number FROM "{TABLE}"')
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Asked:
    """What the server saw when it was last asked, and its own clock then (seconds since 1970)."""

    snapshot: str
    at_s: float


def changed_since(last: Asked | None) -> tuple[bool, Asked]:
    """Whether a mark was left that `last` did not see; and what is seen now.

    So it is too where nobody asked before, or so long ago that marks may have been forgotten since,
    by the server's clock, which forgets them too. One statement, for PostgreSQL alone, by the
    driver's own cursor: Django's takes as long again, twice for each request of the intake.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        if last is None:
            cursor.execute(f"SELECT true, {_NOW}")
        else:
            cursor.execute(_CHANGED, (last.snapshot, last.snapshot, last.at_s, SNAPSHOT_FOR_S))
        row: Any = cursor.fetchone()
    return bool(row[0]), Asked(str(row[1]), float(row[2]))


_NOW: Final = "pg_current_snapshot()::text, extract(epoch FROM clock_timestamp())::float8"
_CHANGED: Final = (
    f'SELECT EXISTS (SELECT FROM "{TABLE}" WHERE xid >= pg_snapshot_xmin(%s::pg_snapshot) '
    "AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)) "
    "OR abs(extract(epoch FROM clock_timestamp())::float8 - %s) > %s, "
    f"{_NOW}"
)


def forget_old() -> None:
    """Forget marks that no snapshot in use could miss; to be called now and then."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{TABLE}" WHERE at < now() - %s::interval',
            (_FORGOTTEN_AFTER,),
        )
