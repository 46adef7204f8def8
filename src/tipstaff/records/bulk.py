"""Insert very many rows: a tenth of the work that making a model of each would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

from tipstaff.records.chunks import chunked

_ROWS_A_ROUND = 2000


def insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows given by column attribute (`run_id`, not `run`); how many.

    Every column must be there but those whose field has a default.
    """
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join("%s" for _field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    count = 0
    with connection.cursor() as cursor:
        for chunk in chunked(rows, _ROWS_A_ROUND):
            cursor.executemany(statement, [_values(fields, row) for row in chunk])
            count += len(chunk)
    return count


def _values(fields: Iterable[Any], row: Mapping[str, Any]) -> list[Any]:
    return [
        field.get_db_prep_save(
            row[field.attname] if field.attname in row else field.get_default(), connection
        )
        for field in fields
    ]
