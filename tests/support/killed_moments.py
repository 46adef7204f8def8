"""A program that carries use cases out in children of its own, each killed at a chosen moment.

A moment is just before a statement, before and after a commit, and before a file is opened to be
written, renamed or removed: there the child sends itself SIGKILL. Everything is imported, and used
once on an instance of its own, before the first fork; a child inherits no connection. Jobs come as
lines of JSON: `name`, `moment` (0: to the end), `data`, `database`, and `trace`, the file for the
states after each commit.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

Counts = dict[str, list[int]]
_FILES = ("os.rename", "os.remove", "os.rmdir")


class Moments:
    """Counts moments and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self.last = last

    def __call__(self) -> None:
        """One more moment."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def state_of(data: Path, database: str) -> Counts:
    """How many rows each table has, and how many values each of its columns; read beside it."""
    with _beside(data, database) as ask:
        return {
            table: list(ask(f'SELECT count(*), {_counted(columns)} FROM "{table}"')[0])
            for table, columns in _columns(ask, database).items()
        }


def _counted(columns: list[str]) -> str:
    return ", ".join(f'count("{column}")' for column in columns)


def _columns(ask: Any, database: str) -> dict[str, list[str]]:
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if database == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    found = {}
    for (table,) in sorted(ask(names)):
        if table.startswith("records_"):
            shape = (
                f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"
            )
            if database == "sqlite":
                shape = f"SELECT name FROM pragma_table_info('{table}')"
            found[table] = sorted(name for (name,) in ask(shape))
    return found


@contextmanager
def _beside(data: Path, database: str) -> Iterator[Any]:
    if database == "sqlite":
        path = data / "records.sqlite3"
        other: Any = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    else:
        other = psycopg.connect(database)
    try:
        yield lambda sql: other.execute(sql).fetchall()
    finally:
        other.close()


def _run(job: dict[str, Any]) -> None:
    """Carry one job out in this process, which is the job's own."""
    from django.db import connection
    from instance_fixtures import _connect_django

    data, database = Path(job["data"]), job["database"]
    os.environ |= {"TIPSTAFF_DATA": str(data), "TIPSTAFF_DATABASE": database}
    _connect_django()
    import use_case_samples
    from changing_calls import call_of

    use_case_samples.FOLDER[:] = [data.parent]
    moments, states = Moments(job["moment"]), [state_of(data, database)]
    commit = connection._commit

    def committed() -> None:
        moments()
        commit()
        moments()
        if job["trace"]:
            states.append(state_of(data, database))

    def statement(execute: Any, *given: Any) -> Any:
        moments()
        return execute(*given)

    connection._commit = committed
    connection.execute_wrappers.append(statement)
    sys.addaudithook(lambda event, given: _file(event, given, moments))
    told = ""
    try:
        call_of(job["name"])()
    except Exception as error:  # refusals and faults are what becomes of some calls
        told = "".join(traceback.format_exception(error))
    if job["trace"]:
        text = json.dumps({"moments": moments.count, "states": states, "told": told})
        Path(job["trace"]).write_text(text, encoding="utf-8")


def _file(event: str, given: tuple[Any, ...], moments: Moments) -> None:
    written = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
    if written or event in _FILES:
        moments()


def main() -> None:
    """Fork a child for each job and tell by which signal it ended, 0 where by none."""
    import pkgutil
    from importlib import import_module

    from changing_calls import warm_up
    from instance_fixtures import _close_django, _connect_django

    import tipstaff.services

    for info in pkgutil.iter_modules(tipstaff.services.__path__):
        import_module(f"tipstaff.services.{info.name}")
    _connect_django()
    warm_up()
    _close_django()
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _run(json.loads(line))
            finally:
                os._exit(0)
        _pid, status = os.waitpid(child, 0)
        _say(str(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
