"""kill −9 at any moment of a commit: all of it is kept or none, and what was told to be kept is."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from killed_program import killed

from tipstaff.positions.checkpoint_tables import CheckpointsBusyError, LifeRow
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_erasing import CheckpointsErasing
from tipstaff.positions.checkpoints_postgres import SCHEMA, PostgresCheckpoints
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints
from tipstaff.positions.inbox_tables import Cursor

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "6"))
W1, W2 = str(UUID(int=1)), str(UUID(int=2))
Open = Callable[[int | None], Any]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Begins a session of a shard's worker, or of none."""
    if request.param == "sqlite":
        return lambda _shard: SqliteCheckpoints(tmp_path / "checkpoints.sqlite3")
    url = request.getfixturevalue("postgres_url").replace("DATABASE", "postgres")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    return lambda shard: PostgresCheckpoints(url, shard)


class Dying:
    """A session whose process kills itself at one of its steps."""

    def __init__(self, database: Any, last: int) -> None:
        self._database, self._left = database, last

    def __getattr__(self, name: str) -> Any:
        plain = getattr(self._database, name)
        if name not in {"rows", "change", "change_each", "wipe"}:
            return plain

        def stepped(*given: Any) -> Any:
            self._step()
            return plain(*given)

        return stepped

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._database.writing():
            yield
            self._step()  # all is done but the commit
        self._step()

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def dies(work: Callable[[], None]) -> bool:
    """Whether a child that does this kills itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def worker(opened: Open) -> Any:
    """A session of the worker, once the server has noticed that the one before is dead."""
    while True:
        try:
            return opened(0)
        except CheckpointsBusyError:
            time.sleep(0.01)


def rows(lives: str, n: int) -> list[LifeRow]:
    return [LifeRow(life, W2 if life == "b" else W1, n, b"%d" % n) for life in lives]


def state(opened: Open) -> Any:
    with closing(Checkpoints(opened(None))) as store:
        return store.latest(), [store.history(life) for life in "abcd"]


def begun(opened: Open) -> Any:
    with closing(Checkpoints(worker(opened))) as store:
        store.commit("i", Cursor(1, 1), rows("abc", 1), [*rows("abc", 0), *rows("abc", 1)])
    return state(opened)


def test_a_commit_killed_between_its_statements_is_none(opened: Open) -> None:
    before, step, died = begun(opened), 0, True

    def commit() -> None:
        store = Checkpoints(worker(opened))
        store._db = Dying(store._db, step)
        store.commit("i", Cursor(1, 2), rows("abd", 2), rows("abd", 2), ["c"], {"a": 1})

    seen = []
    while died:
        step += 1
        died = dies(commit)
        seen.append(state(opened) == before)
    after = state(opened)
    assert seen == [True] * (len(seen) - 2) + [False] * 2  # killed after its commit, and not at all
    assert len(seen) > 8
    assert after[0].cursor == Cursor(1, 2)
    assert after[0].lives == {"a": b"2", "b": b"2", "d": b"2"}
    assert after[1] == [[0, 2], [0, 1, 2], [], [2]]


def test_an_erasure_killed_anywhere_is_done_again(opened: Open) -> None:
    step, died, seen = 0, True, set()

    def erase() -> None:
        CheckpointsErasing(lambda: Dying(opened(None), step)).erase([W1])

    while died:
        step += 1
        before = begun(opened)
        died = dies(erase)
        told, histories = state(opened)
        seen.add(frozenset(told.lives))
        assert (told, histories) == before or set(told.lives) == {"b"}
        CheckpointsErasing(lambda: opened(None)).erase([W1])
        told, histories = state(opened)
        assert set(told.lives) == {"b"}
        assert histories == [[], [0, 1], [], []]
    assert seen == {frozenset("abc"), frozenset("b")}
    assert step > 5


#: Commits round after round and says which are kept; goes on from what it finds.
WORKER = f"""
import sys
from pathlib import Path
from tipstaff.positions.checkpoint_tables import LifeRow
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints
from tipstaff.positions.inbox_tables import Cursor
store = Checkpoints(SqliteCheckpoints(Path(sys.argv[1])))
n = store.latest().cursor.sequence
while True:
    n += 1
    rows = [LifeRow(str(k), {W1!r}, n, str(n).encode() * 400) for k in range(200)]
    store.commit("i", Cursor(1, n), rows, rows[n % 3 :: 3], void={{"7": n}})
    if n % 5 == 0:
        store.thin(n)
    print(n, flush=True)
"""


def test_killed_at_random_moments_it_goes_on_from_what_it_said(tmp_path: Path) -> None:
    path, chance, said = tmp_path / "checkpoints.sqlite3", random.Random(4), 0
    for _round in range(ROUNDS):
        lines = killed(WORKER, str(path), chance.uniform(0.0, 0.2))
        said = max(said, *(int(line) for line in lines if line))
        with closing(Checkpoints(SqliteCheckpoints(path))) as store:
            found = store.latest()
            now = found.cursor.sequence
            assert now in {said, said + 1}
            assert set(found.lives.values()) == {str(now).encode() * 400}
            assert len(found.lives) == 200
            assert found.damaged == frozenset()
            for life in range(0, 200, 20):
                wanted = [n for n in range(1, now + 1) if life % 3 == n % 3]
                assert store.history(str(life)) == wanted
        said = now
