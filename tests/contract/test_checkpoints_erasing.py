"""Whoever is erased from checkpoints is, on either database, and no worker brings them back."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from checkpoint_fixtures import HOUR_US, W1, W2, CheckpointPlace, row
from instance_fixtures import TestInstance

from tipstaff import settings as settings_of
from tipstaff.domain.erasures import Erasure, Piece
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.monitoring.lives import life_id
from tipstaff.positions.checkpoint_tables import (
    YOUNG_US,
    CheckpointsErasedError,
    Latest,
)
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_erasing import CheckpointsErasing
from tipstaff.positions.checkpoints_postgres import SCHEMA, PostgresCheckpoints, found_on_server
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints
from tipstaff.positions.inbox_tables import Cursor

RUNNING: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip
MARK = "Zqx7life"


@pytest.fixture
def store(checkpoint_place: CheckpointPlace) -> Iterator[Checkpoints]:
    with closing(checkpoint_place.checkpoints()) as opened:
        yield opened


def test_where_nothing_was_ever_kept_nobody_is_erased(checkpoint_place: CheckpointPlace) -> None:
    assert checkpoint_place.erasing.count([W1]) == 0
    checkpoint_place.erasing.erase([W1])
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        checkpoint_place.ask("SELECT count(*) FROM erasures")  # nor is anything made for it


def test_a_person_is_erased_from_every_shard(checkpoint_place: CheckpointPlace) -> None:
    with (
        closing(checkpoint_place.checkpoints(0)) as zero,
        closing(checkpoint_place.checkpoints(1)) as one,
    ):
        theirs, others = row("a"), row("c", wearer=W2)
        zero.commit("i", Cursor(1, 1), [theirs, others], [theirs, others])
        one.commit("i", Cursor(1, 1), [row("b")], [])
        assert checkpoint_place.erasing.count([W1, W1]) == 3
        checkpoint_place.erasing.erase([W1])
        checkpoint_place.erasing.erase([W1])
        assert checkpoint_place.erasing.count([W1]) == 0
        assert (
            checkpoint_place.erasing.count([W2], ["c", "none"])
            == checkpoint_place.erasing.count([], ["c"])
            == 2
        )
        assert zero.latest().lives.keys() == {"c"}
        assert one.latest().lives == {}
        assert (zero.history("a"), zero.history("c")) == ([], [1])
        checkpoint_place.erasing.erase([], ["c"])
        assert checkpoint_place.erasing.count([W2]) == 0


def test_a_worker_that_did_not_hear_of_an_erasure_brings_nobody_back(
    checkpoint_place: CheckpointPlace, store: Checkpoints
) -> None:
    store.commit("i", Cursor(1, 1), [row("a"), row("c", wearer=W2)], [row("a")])
    checkpoint_place.erasing.erase([W1])
    for _again in range(2):
        with pytest.raises(CheckpointsErasedError):
            store.commit("i", Cursor(1, 2), [row("a", 2)], [row("a", 2)])
    assert checkpoint_place.erasing.count([W1]) == 0
    assert store.latest().lives.keys() == {"c"}
    store.commit("i", Cursor(1, 2), [row("c", 2, wearer=W2)], [])
    checkpoint_place.erasing.erase([])  # nobody: nothing has to be read again
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
    ref = rows["A0"].wearer.subject_ref
    lives = {name: str(life_id(ref, "acme", name, "D1")) for name in rows}
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
