"""Checkpoints keep their contract on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instance_fixtures import TestInstance

from tipstaff import settings as settings_of
from tipstaff.domain.erasures import Erasure, Piece
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.positions.checkpoint_tables import (
    DAY_US,
    YOUNG_US,
    CheckpointsBusyError,
    CheckpointsErasedError,
    CheckpointsError,
    Latest,
    LifeRow,
)
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_erasing import CheckpointsErasing
from tipstaff.positions.checkpoints_postgres import SCHEMA, PostgresCheckpoints, found_on_server
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints, found_in_file
from tipstaff.positions.inbox_tables import Cursor

RUNNING: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip
HOUR_US = DAY_US // 24
W1, W2 = str(UUID(int=1)), str(UUID(int=2))


class Kept:
    """Where the checkpoints of a test are kept."""

    def __init__(
        self, opened: Callable[..., Any], found: Callable[[], Any], ask: Callable[[str], list[Any]]
    ) -> None:
        self.opened, self.ask = opened, ask
        self.erasing = CheckpointsErasing(found)

    def checkpoints(self, shard: int = 0) -> Checkpoints:
        return Checkpoints(self.opened(shard), shard)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        path = tmp_path / "checkpoints.sqlite3"

        def ask_file(statement: str) -> list[Any]:
            with closing(sqlite3.connect(path, isolation_level=None)) as db:
                return db.execute(statement).fetchall()

        found: Callable[[], Any] = partial(found_in_file, path)
        yield Kept(lambda _shard: SqliteCheckpoints(path), found, ask_file)
        return
    url = request.getfixturevalue("postgres_url").replace("DATABASE", "postgres")

    def ask_server(statement: str) -> list[Any]:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"SET search_path TO {SCHEMA}")
            found = db.execute(statement)
            return list(found.fetchall()) if found.description else []

    ask_server(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    found = partial(found_on_server, url)
    yield Kept(lambda shard: PostgresCheckpoints(url, shard), found, ask_server)


@pytest.fixture
def store(kept: Kept) -> Iterator[Checkpoints]:
    with closing(kept.checkpoints()) as opened:
        yield opened


def row(life: str, at_us: int = 1, content: bytes = b"x", wearer: str = W1) -> LifeRow:
    return LifeRow(life, wearer, at_us, content)


def test_at_first_there_is_nothing(store: Checkpoints) -> None:
    assert store.latest() == Latest("", Cursor(), {}, frozenset())
    assert store.latest_of(["a"]) == {}
    assert store.last_before("a", 10) is None
    assert store.history("a") == []
    assert store.thin(YOUNG_US * 9) == 0


def test_where_nothing_was_ever_kept_nobody_is_erased(kept: Kept) -> None:
    assert kept.erasing.count([W1]) == 0
    kept.erasing.erase([W1])
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        kept.ask("SELECT count(*) FROM erasures")  # nor is anything made for it


def test_what_is_committed_is_there_when_it_is_opened_again(kept: Kept) -> None:
    odd = bytes(range(256)) * 9
    with closing(kept.checkpoints()) as store:
        store.commit("i1", Cursor(1, 5), [row("a", 5, b""), row("b", 5, odd)], [row("b", 4, odd)])
        store.commit("i1", Cursor(1, 6), [row("a", 6, b"new")], [row("a", 6, b"new")])
    with closing(kept.checkpoints()) as again:
        assert again.latest() == Latest("i1", Cursor(1, 6), {"a": b"new", "b": odd})
        assert again.latest_of(["b", "none", "b"]) == {"b": odd}
        assert again.last_before("b", 5) == row("b", 4, odd)
        assert again.history("a") == [6]


def test_a_commit_is_durable(store: Checkpoints) -> None:
    # the tests' own PostgreSQL runs without fsync, which is the server's setting and not ours
    assert store.durability() in (
        {"journal_mode": "wal", "synchronous": "2"},
        {"synchronous_commit": "on", "fsync": "off"},
    )


def test_the_last_before_an_instant_is_before_it(store: Checkpoints) -> None:
    store.commit("i", Cursor(1, 1), [], [row("a", n, b"%d" % n) for n in (10, 20, 30)])
    store.commit("i", Cursor(1, 2), [], [row("b", 15), row("a", 20, b"again")])
    assert store.last_before("a", 10) is None
    assert store.last_before("a", 11) == row("a", 10, b"10")
    assert store.last_before("a", 30) == row("a", 20, b"again")
    assert store.last_before("a", 99) == row("a", 30, b"30")
    assert store.history("a") == [10, 20, 30]


def test_history_is_void_from_the_instant_on(store: Checkpoints) -> None:
    store.commit("i", Cursor(1, 1), [row("a", 40)], [row("a", n) for n in (10, 20, 30, 40)])
    store.commit("i", Cursor(1, 1), [], [row("b", n) for n in (10, 30)])
    store.drop_after("a", 40)
    assert store.history("a") == [10, 20, 30]
    store.commit("i", Cursor(1, 2), [], [row("a", 30, b"new")], void={"a": 20})
    assert store.history("a") == [10, 30]
    assert store.last_before("a", 99) == row("a", 30, b"new")
    assert store.history("b") == [10, 30]
    assert store.latest().lives.keys() == {"a"}


def test_lives_that_are_gone_lose_everything(store: Checkpoints) -> None:
    rows = [row(life) for life in "abcd"]
    store.commit("i", Cursor(1, 1), rows, rows)
    store.commit("i", Cursor(1, 2), [row("a", 2)], [], gone=["b", "none"])
    store.forget(["c"])
    assert store.latest().lives.keys() == {"a", "d"}
    assert [store.history(life) for life in "abcd"] == [[1], [], [], [1]]


def test_a_commit_is_done_whole_or_not_at_all(kept: Kept, store: Checkpoints) -> None:
    store.commit("i", Cursor(1, 5), [row("a", 1, b"old")], [row("a")])
    before = store.latest()
    kept.ask("CREATE UNIQUE INDEX trap ON history (at_us)")  # the last statement but one fails
    with pytest.raises(CheckpointsError, match="could not be"):
        store.commit("i", Cursor(1, 6), [row("a", 2)], [row("b", 7), row("c", 7)], void={"a": 0})
    assert store.latest() == before
    assert store.history("a") == [1]
    store.commit("i", Cursor(1, 6), [row("b")], [])
    assert store.latest().lives.keys() == {"a", "b"}


def test_broken_calls_are_refused(store: Checkpoints) -> None:
    store.commit("i", Cursor(2, 5), [row("a")], [])
    before = store.latest()
    with pytest.raises(ValueError, match="back"):
        store.commit("i", Cursor(1, 9), [row("b")], [])
    with pytest.raises(ValueError, match="gone"):
        store.commit("i", Cursor(2, 6), [], [row("b")], gone=["b"])
    for name in ("W0001", W1.upper().replace("0", "A"), W1.replace("-", "")):
        with pytest.raises(ValueError, match="random reference"):
            store.commit("i", Cursor(2, 6), [row("b", wearer=name)], [])
    assert store.latest() == before
    # another inbox begins anew; the same place is no way back
    store.commit("i", Cursor(2, 5), [], [])
    store.commit("other", Cursor(1, 1), [], [])
    assert store.latest().cursor == Cursor(1, 1)


def test_contents_are_not_shown() -> None:
    assert "secret" not in repr(row("a", content=b"secret"))
    assert "secret" not in repr(Latest("i", Cursor(), {"a": b"secret"}))


def test_damaged_bytes_are_told_and_passed_over(kept: Kept, store: Checkpoints) -> None:
    rows = [row("a", n, b"content %d" % n) for n in (1, 2, 3)]
    store.commit("i", Cursor(1, 1), [rows[2], row("b")], rows)
    bad = "substr(content, 1, length(content) - 1)"  # cut short
    if "SqliteCheckpoints" not in repr(store._db):
        bad = "substring(content FROM 1 FOR octet_length(content) - 1)"
    kept.ask(f"UPDATE latest SET content = {bad} WHERE life = 'a'")
    kept.ask(f"UPDATE history SET content = {bad} WHERE at_us > 1")
    found = store.latest()
    assert found.lives == {"b": b"x"}
    assert found.damaged == {"a"}
    assert store.latest_of(["a", "b"]) == {"b": b"x"}
    assert store.last_before("a", 9) == rows[0]


def test_two_workers_keep_a_shard_each(kept: Kept) -> None:
    with closing(kept.checkpoints(0)) as zero, closing(kept.checkpoints(1)) as one:
        zero.commit("i", Cursor(1, 9), [row("a")], [row("a")])
        one.commit("i", Cursor(1, 2), [row("b")], [row("b")])
        assert (zero.latest().cursor, one.latest().cursor) == (Cursor(1, 9), Cursor(1, 2))
        assert (set(zero.latest().lives), set(one.latest().lives)) == ({"a"}, {"b"})
        assert one.latest_of(["a"]) == {"a": b"x"}
        with pytest.raises(ValueError, match="another shard"):
            one.commit("i", Cursor(1, 3), [row("c"), row("a", 2)], [])
        assert one.latest() == Latest("i", Cursor(1, 2), {"b": b"x"})


@pytest.mark.postgres
def test_a_shard_has_one_worker(postgres_url: str) -> None:
    url = postgres_url.replace("DATABASE", "postgres")
    first = PostgresCheckpoints(url, 7)
    with pytest.raises(CheckpointsBusyError):
        PostgresCheckpoints(url, 7)
    PostgresCheckpoints(url, None).close()  # an erasure needs no shard
    first.close()
    PostgresCheckpoints(url, 7).close()


@pytest.mark.postgres
def test_a_session_that_broke_is_begun_anew(postgres_url: str) -> None:
    url = postgres_url.replace("DATABASE", "postgres")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        with closing(Checkpoints(PostgresCheckpoints(url, 7), 7)) as store:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            with pytest.raises(CheckpointsError):
                store.commit("i", Cursor(1, 1), [row("a")], [])
            store.commit("i", Cursor(1, 1), [row("a")], [])
            assert store.latest().lives.keys() == {"a"}


def test_a_person_is_erased_from_every_shard(kept: Kept) -> None:
    with closing(kept.checkpoints(0)) as zero, closing(kept.checkpoints(1)) as one:
        theirs, others = row("a"), row("c", wearer=W2)
        zero.commit("i", Cursor(1, 1), [theirs, others], [theirs, others])
        one.commit("i", Cursor(1, 1), [row("b")], [])
        assert kept.erasing.count([W1, W1]) == 3
        kept.erasing.erase([W1])
        kept.erasing.erase([W1])
        assert kept.erasing.count([W1]) == 0
        assert kept.erasing.count([W2], ["c", "none"]) == kept.erasing.count([], ["c"]) == 2
        assert zero.latest().lives.keys() == {"c"}
        assert one.latest().lives == {}
        assert (zero.history("a"), zero.history("c")) == ([], [1])
        kept.erasing.erase([], ["c"])
        assert kept.erasing.count([W2]) == 0


def test_a_worker_that_did_not_hear_of_an_erasure_brings_nobody_back(
    kept: Kept, store: Checkpoints
) -> None:
    store.commit("i", Cursor(1, 1), [row("a"), row("c", wearer=W2)], [row("a")])
    kept.erasing.erase([W1])
    for _again in range(2):
        with pytest.raises(CheckpointsErasedError):
            store.commit("i", Cursor(1, 2), [row("a", 2)], [row("a", 2)])
    assert kept.erasing.count([W1]) == 0
    assert store.latest().lives.keys() == {"c"}
    store.commit("i", Cursor(1, 2), [row("c", 2, wearer=W2)], [])
    kept.erasing.erase([])  # nobody: nothing has to be read again
    store.commit("i", Cursor(1, 3), [], [])


def test_nothing_of_an_erased_person_is_left_in_the_files(tmp_path: Path) -> None:
    """Replaced, thinned, voided, forgotten or erased: bytes and names go from pages and log."""
    path = tmp_path / "checkpoints.sqlite3"
    store = Checkpoints(SqliteCheckpoints(path))
    chance = random.Random(3)
    needle = chance.randbytes(20)  # bytes without any order are kept as they are

    def content(number: int) -> bytes:
        return b"".join(chance.randbytes(60) + needle for _ in range(1 + 40 * (number % 3)))

    for n in range(12):
        at_us = n * HOUR_US
        rows = [row(f"{MARK}{life}", at_us, content(n + life)) for life in range(40)]
        rows += [row(f"stays{life}", at_us, b"y" * 3000, W2) for life in range(40)]
        store.commit("i", Cursor(1, n), rows, rows, void={f"{MARK}{n}": 5 * HOUR_US})
    store.forget([f"{MARK}{life}" for life in range(30, 40)])
    assert store.thin(YOUNG_US + 9 * HOUR_US) > 0
    assert left(tmp_path, needle)
    assert left(tmp_path, MARK.encode())
    CheckpointsErasing(lambda: SqliteCheckpoints(path)).erase([W1])
    for gone in (W1.encode(), MARK.encode(), needle):
        assert not left(tmp_path, gone)
    assert left(tmp_path, b"stays") == ["checkpoints.sqlite3"]
    assert len(store.latest().lives) == 40
    store.close()


def left(folder: Path, what: bytes) -> list[str]:
    """The files in which something is left."""
    return [file.name for file in folder.iterdir() if what in file.read_bytes()]


MARK = "Zqx7life"
SOME = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SOME
@given(st.lists(st.integers(0, 6 * 24 * 4), max_size=30, unique=True), st.integers(0, 8 * 24 * 4))
def test_thinning_keeps_what_is_young_and_the_last_of_each_day(
    kept: Kept, quarters: list[int], now: int
) -> None:
    quarter = HOUR_US // 4
    instants, now_us = sorted(quarter * each for each in quarters), quarter * now
    old = [at for at in instants if at < now_us - YOUNG_US]
    last = {at // DAY_US: at for at in old}
    wanted = [at for at in instants if at not in old or at in last.values()]
    with closing(kept.checkpoints()) as store:
        store.forget(["a", "b"])
        rows = [row(life, at) for life in "ab" for at in instants]
        store.commit("i", Cursor(1, 1), rows[:1], rows)
        assert store.thin(now_us) == 2 * (len(instants) - len(wanted))
        assert (store.history("a"), store.history("b")) == (wanted, wanted)
        assert store.thin(now_us) == 0


def test_an_instance_has_one_worker_a_shard(instance: TestInstance) -> None:
    from tipstaff.services.checkpoints import open_checkpoints

    with open_checkpoints() as store:
        store.commit("i", Cursor(1, 1), [row("a")], [])
        with pytest.raises(CheckpointsBusyError), open_checkpoints():
            pass
        if instance.vendor == "postgresql":
            with open_checkpoints(1) as other:
                assert other.latest() == Latest()
        else:
            with pytest.raises(ValueError, match="one shard"), open_checkpoints(1):
                pass
    with open_checkpoints() as again:
        assert again.latest().lives == {"a": b"x"}


def test_where_a_part_goes_the_lives_that_took_it_go(sqlite_instance: TestInstance) -> None:
    from tipstaff.domain.activations import Activation as Told
    from tipstaff.records.models import Activation
    from tipstaff.services import checkpoints
    from tipstaff.services.activations import import_activations
    from tipstaff.services.erasure_stores import STORES

    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 5, 9, 13)]
    told = [Told(f"A{n}", "D1", "W1", days[n], days[n + 1], n) for n in range(3)]
    import_activations(**RUNNING, supplier="acme", incoming=told)
    rows = {row.activation_id: row for row in Activation.objects.all()}
    lives = {name: str(row.id) for name, row in rows.items()}
    ref = rows["A0"].wearer.subject_ref
    with checkpoints.open_checkpoints() as store:
        kept = [row(life, wearer=str(ref)) for life in lives.values()]
        store.commit("i", Cursor(1, 1), kept, kept)
    values = settings_of.load()
    (own,) = (one for one in STORES if one.name == "checkpoints")

    def goes(**what: Any) -> Erasure:
        return Erasure(uuid4(), days[3], "default-1", (Piece(ref, **what),))

    part = goes(worn=((rows["A1"].device_id, Period(days[1], days[2])),))
    assert own.count(values, goes(answers=(Period(days[0], days[1]),))) == {"rows": 0}
    for whole in (goes(whole=True), goes(records=(uuid4(),))):
        assert own.count(values, whole) == {"rows": 6}
    assert own.count(values, part) == {"rows": 2}
    own.erase(values, part)
    own.erase(values, part)
    with checkpoints.open_checkpoints() as store:
        assert store.latest().lives.keys() == {lives["A0"], lives["A2"]}
    own.erase(values, goes(records=(uuid4(),)))
    with checkpoints.open_checkpoints() as store:
        assert store.latest() == Latest("i", Cursor(1, 1))


@pytest.mark.postgres
def test_a_commit_that_waits_for_an_erasure_is_refused(postgres_url: str) -> None:
    """And an erasure that waits for a commit takes what that wrote."""
    url = postgres_url.replace("DATABASE", "postgres")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    erasing = CheckpointsErasing(partial(found_on_server, url))
    with closing(Checkpoints(PostgresCheckpoints(url))) as store, ThreadPoolExecutor(1) as pool:
        with psycopg.connect(url) as other:  # an erasure that has taken the first of its steps
            other.execute(f"UPDATE {SCHEMA}.erasures SET number = number + 1")
            refused = pool.submit(store.commit, "i", Cursor(1, 1), [row("a")], [row("a")])
            await_lock(other)
        with pytest.raises(CheckpointsErasedError):
            refused.result()
        store.latest()
        with psycopg.connect(url) as other:  # a commit that has taken the first of its
            other.execute(f"SELECT number FROM {SCHEMA}.erasures FOR SHARE")
            erased = pool.submit(erasing.erase, [W1])
            await_lock(other)
            store.commit("i", Cursor(1, 1), [row("b")], [row("b")])
        erased.result()
        assert erasing.count([W1]) == 0


def await_lock(db: Any) -> None:
    """Until a session waits for what this one holds."""
    ask = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _try in range(1000):
        if db.execute(ask).fetchone()[0]:
            return
        time.sleep(0.01)
    raise AssertionError("nothing waits")
