"""The inbox keeps its contract on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from made_messages import NOW_US, batch, fix, held, unread

from tipstaff.domain.received import Batch, Stored, Unread
from tipstaff.positions import inbox_tables
from tipstaff.positions.inbox import Inbox, InboxFullError
from tipstaff.positions.inbox_again import (
    PostgresInboxAgain,
    SqliteInboxAgain,
    UnreadWanted,
)
from tipstaff.positions.inbox_erasing import Gone, SqliteInboxErasing
from tipstaff.positions.inbox_postgres import PostgresInboxStore
from tipstaff.positions.inbox_postgres_erasing import PostgresInboxErasing
from tipstaff.positions.inbox_postgres_reading import PostgresInboxReader
from tipstaff.positions.inbox_reading import Mark, SqliteInboxReader
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
from tipstaff.positions.inbox_tables import Cursor, InboxWriteError

Open = Callable[[], Any]


class Kept:
    """Where an inbox of a test is kept: its writer's side and its readers'."""

    def __init__(self, store: Open, reader: Any, erasing: Any, again: Any) -> None:
        self.store, self.reader, self.erasing, self.again = store, reader, erasing, again


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        path = tmp_path / "inbox.sqlite3"
        reader = SqliteInboxReader(path, tmp_path / "readers")
        erasing, again = SqliteInboxErasing(path), SqliteInboxAgain(path)
        yield Kept(lambda: SqliteInboxStore(path), reader, erasing, again)
        return
    url = request.getfixturevalue("postgres_url").replace("DATABASE", "postgres")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS tipstaff_inbox CASCADE")
    erasing, again = PostgresInboxErasing(url), PostgresInboxAgain(url)
    yield Kept(lambda: PostgresInboxStore(url), PostgresInboxReader(url), erasing, again)


def everything(reader: Any) -> list[Any]:
    found, cursor = [], Cursor()
    while (page := reader.read(cursor, 3)).messages:
        found += page.messages
        cursor = page.cursor
    return found


def test_what_is_stored_is_read_in_its_order(kept: Kept) -> None:
    assert not kept.reader.exists()
    store = kept.store()
    assert store.commit([batch(3, 1), batch(2)], NOW_US) == [Stored(2, 0), Stored(1, 0)]
    assert everything(kept.reader) == [fix(3), fix(1), fix(2)]
    assert kept.reader.exists()
    store.close()
    assert kept.reader.inbox_id() == store.inbox_id
    again = kept.store()
    assert again.inbox_id == store.inbox_id
    again.commit([batch(9)], NOW_US)
    assert everything(kept.reader)[-1] == fix(9)
    again.close()


def test_a_session_sees_what_is_committed_and_outlives_its_connection(kept: Kept) -> None:
    store = kept.store()
    with kept.reader.session():
        store.commit([batch(1)], NOW_US)
        assert kept.reader.exists()
        assert everything(kept.reader) == [fix(1)]
        kept.reader.set_mark("monitoring", Mark(1, 1))
        store.commit([batch(2)], NOW_US)
        assert everything(kept.reader) == [fix(1), fix(2)]
        if isinstance(kept.reader, PostgresInboxReader):
            store._db.execute(  # a server that is started anew ends every session
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            with pytest.raises(psycopg.OperationalError):
                everything(kept.reader)
        assert everything(kept.reader) == [fix(1), fix(2)]
        assert kept.reader.mark("monitoring") == Mark(1, 1)
    assert everything(kept.reader) == [fix(1), fix(2)]
    store.close()


def test_texts_come_back_as_they_were(kept: Kept) -> None:
    odd = "\\N\t\\.\r\n\\t' \" é \u2028 {}"
    store = kept.store()
    event = fix(1, device="d\\N é")._replace(kind=2, code="c\\", body=odd)
    store.commit([Batch("acme", "json", NOW_US, kept=[event, fix(2)])], NOW_US)
    assert everything(kept.reader) == [event, fix(2)]
    store.close()


def test_a_commit_is_durable(kept: Kept) -> None:
    store = kept.store()
    found = store.durability()
    store.close()
    # the tests' own PostgreSQL runs without fsync, which is the server's setting and not ours
    assert found in (
        {"journal_mode": "wal", "synchronous": "2"},
        {"synchronous_commit": "on", "fsync": "off"},
    )


def test_a_message_sent_again_is_counted_and_not_stored(kept: Kept) -> None:
    store = kept.store()
    assert store.commit([batch(1, 2, 2), batch(2, 3)], NOW_US) == [Stored(2, 1), Stored(1, 1)]
    later = fix(1, received_us=NOW_US + 5, feed="arrow")
    assert store.commit([Batch("acme", "arrow", NOW_US, kept=[later])], NOW_US) == [Stored(0, 1)]
    assert everything(kept.reader) == [fix(1), fix(2), fix(3)]
    store.close()


def test_segments_are_dropped_once_all_have_read_them(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_tables, "SEGMENT_ROWS", 2)
    store, reader = kept.store(), kept.reader
    for number in range(0, 6, 2):
        store.commit([batch(number, number + 1)], NOW_US)
    assert reader.state().segments == 3
    # a message of a closed segment is known for as long as that is there
    assert store.commit([batch(0)], NOW_US) == [Stored(0, 1)]
    assert reader.read_by_all() == 0
    reader.set_mark("archive", Mark(through=4))
    reader.set_mark("monitoring", Mark(through=2))
    assert store.drop_read(reader.read_by_all()) == 1
    assert everything(reader) == [fix(number) for number in range(2, 6)]
    assert reader.read(Cursor(1, 2), 9).messages[0] == fix(2)
    assert reader.mark("archive") == Mark(4, 0)
    store.close()
    again = kept.store()
    assert again.commit([batch(7)], NOW_US) == [Stored(1, 0)]
    assert everything(reader)[-1] == fix(7)
    again.close()


def test_a_mark_of_an_inbox_that_is_gone_says_nothing_of_the_next(tmp_path: Path) -> None:
    path = tmp_path / "inbox.sqlite3"
    reader = SqliteInboxReader(path, tmp_path / "readers")
    SqliteInboxStore(path).close()
    reader.set_mark("archive", Mark(through=500, until=500))
    assert reader.mark("archive").through == reader.read_by_all() == 500
    for left in tmp_path.glob("inbox.sqlite3*"):
        left.unlink()
    SqliteInboxStore(path).close()
    assert reader.mark("archive") == Mark()
    assert reader.read_by_all() == 0


def test_a_segment_is_closed_by_age_too(kept: Kept) -> None:
    store = kept.store()
    store.commit([batch(1)], NOW_US)
    store.commit([batch(2)], NOW_US + inbox_tables.SEGMENT_US)
    assert kept.reader.state().segments == 2
    store.close()


def test_what_is_not_taken_in_is_kept_apart(kept: Kept) -> None:
    store, reader = kept.store(), kept.reader
    some = batch(1, held=[held(2), held(2)], unread=[unread(), unread()], dropped=[("over", 3)])
    store.commit([some, batch(dropped=[("over", 2)])], NOW_US)
    state = reader.state()
    assert (state.held, state.unread, state.dropped) == (1, 1, {"over": 5})
    (row,) = kept.again.rows(UnreadWanted(), 5)
    assert (bytes(row.raw), row.reason, row.supplier) == (b"\xff{", "NOT_JSON", "acme")
    assert kept.again.rows(UnreadWanted(after=row.number), 5) == []
    assert everything(reader) == [fix(1)]
    store.close()


def test_held_messages_are_taken_in_or_forgotten(kept: Kept) -> None:
    store = kept.store()
    store.commit([batch(held=[held(1), held(2), held(3)])], NOW_US)
    numbers = [number for number, _one in store.held(10)]
    assert store.held(1, after=numbers[0])[0][1] == held(2)
    store.settle(numbers[:1], numbers[1:2], NOW_US)
    assert [number for number, _one in store.held(10)] == numbers[2:]
    assert everything(kept.reader) == [held(1).message]
    store.close()


def test_an_erasure_takes_a_device_of_a_period_and_no_number_is_given_twice(kept: Kept) -> None:
    store = kept.store()
    of_it = unread(b'{"device_id": "T1", "x"')
    event = fix(4)._replace(kind=2, code="strap_cut", body="{}")
    late_clock = fix(5, clock=2)
    rows = [fix(1), fix(2, device="T2"), fix(3, supplier="other"), event, late_clock]
    store.commit([Batch("acme", "json", NOW_US, rows, [held(6, "T1")], [of_it, unread()])], NOW_US)
    store.commit([batch(9)], NOW_US)
    gone = [Gone("acme", "T1", NOW_US - 3_600_000_000, fix(9).time_us)]
    assert kept.erasing.count(gone) == 4  # the wrong clock's time of receipt is not in the period
    kept.erasing.erase(gone)
    assert kept.erasing.count(gone) == 0
    assert everything(kept.reader) == [fix(2, device="T2"), fix(3, supplier="other"), late_clock,
                                       fix(9)]  # fmt: skip
    assert (kept.reader.state().held, kept.reader.state().unread) == (0, 1)
    kept.erasing.erase([Gone("acme", "T1", 0, NOW_US * 2)])
    store.close()
    again = kept.store()
    again.commit([batch(11)], NOW_US)
    assert kept.reader.read(Cursor(0, 6), 9).messages == (fix(11),)
    again.close()


def test_a_batch_is_stored_whole_or_not_at_all(kept: Kept) -> None:
    store = kept.store()
    store.commit([batch(1)], NOW_US)
    broken = fix(2)._replace(supplier=None)  # type: ignore[arg-type]
    with pytest.raises(InboxWriteError):
        store.commit([batch(3), Batch("acme", "json", NOW_US, kept=[broken])], NOW_US)
    assert everything(kept.reader) == [fix(1)]
    assert store.commit([batch(3)], NOW_US) == [Stored(1, 0)]
    assert everything(kept.reader) == [fix(1), fix(3)]
    store.close()


def test_many_senders_at_once(kept: Kept) -> None:
    inbox = Inbox(kept.store(), now_us=lambda: NOW_US)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: inbox.append(batch(n % 40, n)).result(), range(80)))
    assert sum(one.new for one in told) == 80
    assert sum(one.repeated for one in told) == 80
    inbox.close()
    assert sorted(everything(kept.reader)) == sorted(fix(number) for number in range(80))


def test_a_full_queue_takes_nothing(tmp_path: Path) -> None:
    import threading

    store = SqliteInboxStore(tmp_path / "inbox.sqlite3")
    inbox = Inbox(store, most_waiting=3, now_us=lambda: NOW_US)
    gate = threading.Event()
    inbox.run(lambda _store: gate.wait(10))
    first = inbox.append(batch(1, 2))
    with pytest.raises(InboxFullError):
        inbox.append(batch(3, 4))
    assert inbox.waiting() == 2
    gate.set()
    assert first.result(10) == Stored(2, 0)
    # one that is larger than the queue is taken by an empty one: it could never come in otherwise
    assert inbox.append(batch(*range(10, 20))).result(10) == Stored(10, 0)
    inbox.close()


def test_what_could_not_be_read_is_counted_by_kind_and_moved_once(kept: Kept) -> None:
    assert kept.again.kinds() == []
    assert kept.again.rows(UnreadWanted(), 9) == []
    store = kept.store()
    other = Unread("OUT_OF_RANGE", "latitude", 2, b'{"latitude": 91}')
    store.commit([batch(unread=[unread(), unread(b"\x00"), other])], NOW_US)
    found = kept.again.kinds()
    assert [(one.feed, one.reason, one.messages) for one in found] == [
        ("json", "NOT_JSON", 2), ("json", "OUT_OF_RANGE", 1),
    ]  # fmt: skip
    assert found[0].first_us == found[0].last_us == NOW_US
    (row,) = kept.again.rows(UnreadWanted(supplier="acme", feed="json", reason="OUT_OF_RANGE"), 9)
    assert (row.raw, row.row, row.field) == (other.raw, 2, "latitude")
    assert kept.again.rows(UnreadWanted(number=row.number), 9) == [row]
    assert kept.again.rows(UnreadWanted(supplier="other"), 9) == []
    read = Batch("acme", "json", NOW_US, held=[held(1)], unread=[unread(b"new")],
                 dropped=[("x", 2)])  # fmt: skip
    assert kept.again.move([(row.number, read), (row.number, read)]) == 1
    assert kept.again.move([(row.number, read)]) == 0
    state = kept.reader.state()
    assert (state.held, state.unread, state.dropped) == (1, 3, {"x": 2})
    ((number, one),) = store.held(9)
    store.settle([number], [], NOW_US)
    assert everything(kept.reader) == [one.message]
    store.close()
