"""Where checkpoints of tests are kept, on either database, and rows to keep."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tipstaff.positions.checkpoint_tables import (
    DAY_US,
    LifeRow,
)
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_erasing import CheckpointsErasing
from tipstaff.positions.checkpoints_postgres import SCHEMA, PostgresCheckpoints, found_on_server
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints, found_in_file

HOUR_US = DAY_US // 24
W1, W2 = str(UUID(int=1)), str(UUID(int=2))


class CheckpointPlace:
    """Where the checkpoints of a test are kept."""

    def __init__(
        self, opened: Callable[..., Any], found: Callable[[], Any], ask: Callable[[str], list[Any]]
    ) -> None:
        self.opened, self.ask = opened, ask
        self.erasing = CheckpointsErasing(found)

    def checkpoints(self, shard: int = 0) -> Checkpoints:
        return Checkpoints(self.opened(shard), shard)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def checkpoint_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CheckpointPlace]:
    if request.param == "sqlite":
        path = tmp_path / "checkpoints.sqlite3"

        def ask_file(statement: str) -> list[Any]:
            with closing(sqlite3.connect(path, isolation_level=None)) as db:
                return db.execute(statement).fetchall()

        found: Callable[[], Any] = partial(found_in_file, path)
        yield CheckpointPlace(lambda _shard: SqliteCheckpoints(path), found, ask_file)
        return
    url = request.getfixturevalue("postgres_url").replace("DATABASE", "postgres")

    def ask_server(statement: str) -> list[Any]:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"SET search_path TO {SCHEMA}")
            found = db.execute(statement)
            return list(found.fetchall()) if found.description else []

    ask_server(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    found = partial(found_on_server, url)
    yield CheckpointPlace(lambda shard: PostgresCheckpoints(url, shard), found, ask_server)


def row(life: str, at_us: int = 1, content: bytes = b"x", wearer: str = W1) -> LifeRow:
    return LifeRow(life, wearer, at_us, content)
