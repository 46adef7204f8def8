"""Checkpoints keep their contract on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from checkpoint_fixtures import HOUR_US, W1, CheckpointPlace, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instance_fixtures import TestInstance

from tipstaff.positions.checkpoint_tables import (
    DAY_US,
    YOUNG_US,
    CheckpointsBusyError,
    CheckpointsError,
    Latest,
)
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_postgres import SCHEMA, PostgresCheckpoints
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints
from tipstaff.positions.inbox_tables import Cursor


@pytest.fixture
def store(checkpoint_place: CheckpointPlace) -> Iterator[Checkpoints]:
    with closing(checkpoint_place.checkpoints()) as opened:
        yield opened


def test_at_first_there_is_nothing(store: Checkpoints) -> None:
    assert store.latest() == Latest("", Cursor(), {}, frozenset())
    assert store.latest_of(["a"]) == {}
    assert store.last_before("a", 10) is None
    assert store.history("a") == []
    assert store.thin(YOUNG_US * 9) == 0


def test_what_is_committed_is_there_when_it_is_opened_again(
    checkpoint_place: CheckpointPlace,
) -> None:
    odd = bytes(range(256)) * 9
    with closing(checkpoint_place.checkpoints()) as store:
        store.commit("i1", Cursor(1, 5), [row("a", 5, b""), row("b", 5, odd)], [row("b", 4, odd)])
        store.commit("i1", Cursor(1, 6), [row("a", 6, b"new")], [row("a", 6, b"new")])
    with closing(checkpoint_place.checkpoints()) as again:
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


def test_of_a_life_given_twice_the_later_is_kept(store: Checkpoints) -> None:
    twice = [row("a", 1, b"old"), row("a", 2, b"new")]
    store.commit("i", Cursor(1, 1), twice, [*twice, row("a", 1, b"newer")])
    assert store.latest().lives == {"a": b"new"}
    assert store.last_before("a", 2) == row("a", 1, b"newer")


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


def test_a_commit_is_done_whole_or_not_at_all(
    checkpoint_place: CheckpointPlace, store: Checkpoints
) -> None:
    store.commit("i", Cursor(1, 5), [row("a", 1, b"old")], [row("a")])
    before = store.latest()
    checkpoint_place.ask(
        "CREATE UNIQUE INDEX trap ON history (at_us)"
    )  # the last statement but one fails
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


def test_damaged_bytes_are_told_and_passed_over(
    checkpoint_place: CheckpointPlace, store: Checkpoints
) -> None:
    rows = [row("a", n, b"content %d" % n) for n in (1, 2, 3)]
    store.commit("i", Cursor(1, 1), [rows[2], row("b")], rows)
    bad = "substr(content, 1, length(content) - 1)"  # cut short
    if "SqliteCheckpoints" not in repr(store._db):
        bad = "substring(content FROM 1 FOR octet_length(content) - 1)"
    checkpoint_place.ask(f"UPDATE latest SET content = {bad} WHERE life = 'a'")
    checkpoint_place.ask(f"UPDATE history SET content = {bad} WHERE at_us > 1")
    found = store.latest()
    assert found.lives == {"b": b"x"}
    assert found.damaged == {"a"}
    assert store.latest_of(["a", "b"]) == {"b": b"x"}
    assert store.last_before("a", 9) == rows[0]


def test_two_workers_keep_a_shard_each(checkpoint_place: CheckpointPlace) -> None:
    with (
        closing(checkpoint_place.checkpoints(0)) as zero,
        closing(checkpoint_place.checkpoints(1)) as one,
    ):
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


SOME = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SOME
@given(st.lists(st.integers(0, 6 * 24 * 4), max_size=30, unique=True), st.integers(0, 8 * 24 * 4))
def test_thinning_keeps_what_is_young_and_the_last_of_each_day(
    checkpoint_place: CheckpointPlace, quarters: list[int], now: int
) -> None:
    quarter = HOUR_US // 4
    instants, now_us = sorted(quarter * each for each in quarters), quarter * now
    old = [at for at in instants if at < now_us - YOUNG_US]
    last = {at // DAY_US: at for at in old}
    wanted = [at for at in instants if at not in old or at in last.values()]
    with closing(checkpoint_place.checkpoints()) as store:
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


def test_a_damaged_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite3"
    with closing(Checkpoints(SqliteCheckpoints(path))) as store:
        store.commit("i", Cursor(1, 1), [row("a")], [])
    path.write_bytes(b"x" * 8192)
    with pytest.raises(CheckpointsError, match="delete their file"):
        SqliteCheckpoints(path)


@pytest.mark.postgres
def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(CheckpointsError, match="server"):
        PostgresCheckpoints("postgresql://nobody:secret@/none?host=/nowhere")
