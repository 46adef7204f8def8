"""DuckDB as the archive uses it: in process, bounded in memory, never on the network."""

# Queries are put together from whole numbers, our own column names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from tipstaff.domain.fixes import ARCHIVE_SCHEMA, CONTENT_COLUMNS
from tipstaff.domain.periods import to_micros

#: A day of a national service sorts within this by spilling to disk.
MEMORY_LIMIT: Final = "1GB"

CONTENT_SQL: Final = ", ".join(CONTENT_COLUMNS)
#: The order of rows everywhere: total over the content, empty values last.
ORDER_SQL: Final = ", ".join(f"{name} NULLS LAST" for name in CONTENT_COLUMNS)

_DAY: Final = "CAST(fix_time AT TIME ZONE 'UTC' AS DATE)"


def connect(spill: Path | None = None) -> Any:
    """A fresh in-memory connection; `spill`: the folder for what does not fit, made when needed.

    Without one nothing is spilled: positions must not end in whatever folder a user works in.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",  # no download, ever
            "autoload_known_extensions": "false",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET temp_directory = {quoted(str(spill) if spill else '')}")
    return connection


def quoted(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def instant(at: datetime) -> str:
    """An instant as an SQL literal, exact to the microsecond."""
    return f"make_timestamptz({to_micros(at)}::BIGINT)"


def parquet(files: Iterable[str]) -> str:
    """A table expression over Parquet files, by column name; the day comes from the time."""
    listed = ", ".join(quoted(file) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"


def bind_fixes(connection: Any, files: list[str]) -> None:
    """Make the view `fixes`, with the columns of the archive, over some of its files."""
    if not files:
        connection.register("fixes", ARCHIVE_SCHEMA.empty_table())
        return
    body = f"SELECT *, {_DAY} AS day FROM {parquet(files)}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW fixes AS {body}")
