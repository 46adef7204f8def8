"""Insert very many rows: a tenth of the work that making a model of each would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from tipstaff.records.chunks import chunked

_ROWS_A_ROUND = 2000


def insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows given by column attribute (`run_id`, not `run`); how many.

    Every column must be there but those whose field has a default.
    """
    return _executed(model, _insertion(model), rows)


def insert_new(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows, as `insert` does; one that a constraint keeps out is left; how many given."""
    return _executed(model, f"{_insertion(model)} ON CONFLICT DO NOTHING", rows)


def upsert(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, key: Sequence[str]
) -> int:
    """Insert rows, as `insert` does; one whose `key` is there takes the new values; how many.

    `key` is the columns of a unique constraint; the row's id stays as it was.
    """
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in model._meta.concrete_fields]
    kept = {*key, str(model._meta.pk.column)}
    values = ", ".join(f"{quote(c)} = EXCLUDED.{quote(c)}" for c in columns if c not in kept)
    on = ", ".join(quote(column) for column in key)
    return _executed(model, f"{_insertion(model)} ON CONFLICT ({on}) DO UPDATE SET {values}", rows)


def _insertion(model: type[models.Model]) -> str:
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join("%s" for _field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608


def _executed(model: type[models.Model], statement: str, rows: Iterable[Mapping[str, Any]]) -> int:
    fields, count = model._meta.concrete_fields, 0
    database = connections[DEFAULT_DB_ALIAS]  # `connection` looks that up for each value anew
    with _cursor() as cursor:
        for chunk in chunked(rows, _ROWS_A_ROUND):
            cursor.executemany(statement, [_values(fields, row, database) for row in chunk])
            count += len(chunk)
    return count


@contextmanager
def _cursor() -> Iterator[Any]:
    """Django's cursor; on PostgreSQL the driver's, which waits for many rows once, not for each."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as own:
        yield own


def _values(fields: Iterable[Any], row: Mapping[str, Any], database: Any) -> list[Any]:
    return [
        field.get_db_prep_save(
            row[field.attname] if field.attname in row else field.get_default(), database
        )
        for field in fields
    ]
