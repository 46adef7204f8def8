"""DuckDB in process: runs the steps of a matching plan, out of core where memory is short."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import duckdb
import pyarrow as pa

from tipstaff.matching.inputs import Attribution
from tipstaff.matching.plan import ATTRIBUTION, ORDERED_FIXES, STEPS, Step

BATCH_ROWS: Final = 1_000_000


class StepError(RuntimeError):
    """A step of the plan failed; the message names it and shows its SQL."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"step {step.name} failed: {reason}\n{step.sql}")


class DuckdbEngine:
    """Runs plans. `memory_limit` as DuckDB writes it ("2GB"); threads None: all cores."""

    def __init__(self, memory_limit: str = "2GB", threads: int | None = None) -> None:
        self._memory_limit = memory_limit
        self._threads = threads

    def ordered_fixes(self, fixes: Any, activations: pa.Table) -> Iterator[pa.RecordBatch]:
        """The rows of `plan.ORDERED_FIXES`.

        `fixes`: an Arrow table or record batch reader with the content columns, or a list of
        Parquet files; `activations`: device_key, wearer_no, active_from, active_to.
        """
        with self._connected(fixes, activations) as connection:
            for step in STEPS[:-1]:
                connection.execute(f"CREATE VIEW {step.name} AS {step.sql}")
            yield from self._rows(connection, ORDERED_FIXES)

    def attribution(self, fixes: Any, activations: pa.Table) -> Attribution:
        """The row of `plan.ATTRIBUTION`; `fixes` and `activations` as for `ordered_fixes`."""
        with self._connected(fixes, activations) as connection:
            try:
                return Attribution(*connection.execute(ATTRIBUTION.sql).fetchall()[0])
            except duckdb.Error as error:
                raise StepError(ATTRIBUTION, str(error)) from error

    @contextmanager
    def _connected(self, fixes: Any, activations: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the views `fixes` and `activations`."""
        with tempfile.TemporaryDirectory(prefix="tipstaff-") as spill:
            connection = duckdb.connect(":memory:")
            try:
                self._configure(connection, spill)
                connection.register("activations", activations)
                if isinstance(fixes, list):
                    source = connection.read_parquet([str(f) for f in fixes])
                    source.create_view("fixes")
                else:
                    connection.register("fixes", fixes)
                yield connection
            finally:
                connection.close()

    def _configure(self, connection: duckdb.DuckDBPyConnection, spill: str) -> None:
        connection.execute("SET memory_limit = ?", [self._memory_limit])
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        if self._threads is not None:
            connection.execute("SET threads = ?", [self._threads])

    def _rows(self, connection: duckdb.DuckDBPyConnection, step: Step) -> Iterator[pa.RecordBatch]:
        try:
            reader = connection.sql(step.sql).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            raise StepError(step, str(error)) from error
        yield from reader or ()
