"""What the intake remembers: told of every commit that could change it, and of nothing undone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.test.utils import CaptureQueriesContext
from fed_instance import WHO as RUNNING
from fed_instance import activate, issue_key
from made_cases import consent, voluntary, wearer

from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Purpose

#: How PostgreSQL writes it: AFTER, for each statement, of INSERT, DELETE, UPDATE and TRUNCATE.
_AFTER_EACH_STATEMENT = 4 + 8 + 16 + 32
WHO: dict[str, Any] = RUNNING | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def elsewhere(work: Callable[[], None]) -> None:
    """Do something in another thread, on a connection of its own."""
    from tipstaff.records.connections import close_own

    def run() -> None:
        try:
            work()
        finally:
            close_own()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def one_more(name: str) -> Callable[[], None]:
    """Put a supplier of that name on record."""
    from tipstaff.records.models import Supplier

    return lambda: Supplier.objects.create(name=name) and None


@contextmanager
def asked() -> Iterator[CaptureQueriesContext]:
    """The statements that are put meanwhile."""
    from django.db import connection

    with CaptureQueriesContext(connection) as statements:
        yield statements


def test_what_anybody_commits_is_told_and_what_is_undone_is_not(instance: Any) -> None:
    from django.db import transaction

    from tipstaff.records.database_version import version

    def undone() -> None:
        with transaction.atomic():
            one_more("never")()
            transaction.set_rollback(True)

    first = version()
    assert first is not None
    assert version() == first
    elsewhere(undone)
    assert version() == first
    elsewhere(one_more("another's"))
    second = version()
    assert second != first
    one_more("one's own")()
    assert version() not in {first, second}


@pytest.mark.parametrize(
    "instance", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
@pytest.mark.parametrize("seed", range(4))
def test_no_commit_is_missed_in_whatever_order_writers_end(instance: Any, seed: int) -> None:
    from tipstaff.records.database_version import version

    chance = random.Random(seed)
    writers = [psycopg.connect(instance.database) for _each in range(4)]
    known, committed, told = version(), 0, 0
    try:
        for step in range(150):
            writer = chance.choice(writers)
            writing = writer.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
            act = chance.choice(["ask", "write", "commit", "undo"])
            if act == "write":
                writer.execute(
                    "INSERT INTO records_supplier (id, name) VALUES (gen_random_uuid(), %s)",
                    (f"s{step}",),
                )
            elif act == "commit":
                writer.commit()
                committed += writing
            elif act == "undo":
                writer.rollback()
            else:
                found = version()
                assert (found != known) == (committed > 0), f"step {step}"
                told += committed > 0
                known, committed = found, 0
    finally:
        for writer in writers:
            writer.close()
    assert told > 5


def test_the_inbox_and_the_audit_make_nobody_read_again(instance: Any) -> None:
    """What is written with every request, or by every look at a page."""
    from fed_instance import position, send, taking_in

    from tipstaff.records.database_version import version
    from tipstaff.services.supplier_keys import list_keys

    key = issue_key()
    activate("T1")
    with taking_in() as application:
        assert send(application, "/intake/json", [position()], key).status == 200
        before = version()
        assert list_keys(**RUNNING)  # a look, with its entries in the audit
        for ago_s in range(3):
            assert send(application, "/intake/json", [position(ago_s=ago_s)], key).status == 200
        assert version() == before


def test_every_table_that_is_asked_is_marked(sqlite_instance: Any) -> None:
    from tipstaff.records import change_marks
    from tipstaff.services import feed_gate, feed_intake
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent

    now = datetime.now(UTC)
    began = now - timedelta(days=20)
    key = issue_key().split(".")[1]
    activate("D1", since=began)
    with asked() as some:
        assert feed_intake.on_record(key)[0] is not None
        feed_gate.lawful("acme", [("D1", to_micros(now))], now)
    record_wearer(**WHO, wearer=wearer("W-D1"))
    given = consent(wearer="W-D1", given_at=began)
    assert record_consent(**WHO, consent=given).problems == ()
    tag = voluntary(wearer="W-D1", starts_at=began, ends_at=now + timedelta(days=20))
    assert record_order(**WHO, order=tag).problems == ()
    now = datetime.now(UTC)
    with asked() as more:
        (verdict,) = feed_gate.lawful("acme", [("D1", to_micros(now))], now)
    assert verdict.verb == "keep"
    statements = [*some.captured_queries, *more.captured_queries]
    reading = {
        table
        for one in statements
        for table in re.findall(r'(?:FROM|JOIN) "?(records_\w+)', one["sql"])
    }
    assert {"records_supplierkey", "records_activation", "records_version"} <= reading
    assert reading == {*change_marks.MARKED, change_marks.TABLE}


def test_within_a_transaction_everything_is_read(instance: Any) -> None:
    from django.db import transaction

    from tipstaff.records.models import Supplier
    from tipstaff.services.remembered import remembered

    def there() -> bool:
        found = remembered(
            "there",
            "",
            {"new"},
            lambda new: {n: Supplier.objects.filter(name=n).exists() for n in new},
        )
        return found["new"]

    assert not there()
    with transaction.atomic():
        one_more("new")()
        assert there()
        transaction.set_rollback(True)
    assert not there()


def test_what_is_remembered_is_not_asked_again(instance: Any) -> None:
    from tipstaff.records.change_marks import TABLE
    from tipstaff.services.feed_gate import lawful

    now = datetime.now(UTC)
    activate("D1")
    lawful("acme", [("D1", to_micros(now))], now)
    with asked() as statements:
        (verdict,) = lawful("acme", [("D1", to_micros(now))], now + timedelta(hours=1))
    assert verdict.verb == "keep"
    assert [one["sql"] for one in statements.captured_queries if TABLE not in one["sql"]] == []


@pytest.mark.parametrize(
    "instance", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_marks_go_once_no_snapshot_in_use_is_as_old(
    instance: Any,
) -> None:
    from django.db import connection

    from tipstaff.records import change_marks

    def marks() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {change_marks.TABLE}")
            return int(cursor.fetchone()[0])

    one_more("today")()
    one_more("two days ago")()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {change_marks.TABLE} SET at = now() - interval '2 days' "
            f"WHERE xid = (SELECT max(xid) FROM {change_marks.TABLE})"
        )
    before = marks()
    change_marks.forget_old()
    assert marks() == before - 1
    # whoever last asked so long ago, by the server's clock, goes by nothing
    changed, asked = change_marks.changed_since(None)
    assert changed
    assert not change_marks.changed_since(asked)[0]
    assert change_marks.changed_since(replace(asked, at_s=asked.at_s - 601))[0]
    assert change_marks.changed_since(replace(asked, at_s=asked.at_s + 601))[0]


def test_each_marked_table_marks_what_comes_changes_and_goes(instance: Any) -> None:
    from django.db import connection

    from tipstaff.records import change_marks

    with connection.cursor() as cursor:
        if instance.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = {(table, sql.split()[4]) for table, sql in cursor.fetchall()
                     if change_marks.TABLE in sql}  # fmt: skip
            actions = {"INSERT", "UPDATE", "DELETE"}
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgtype FROM pg_trigger "
                "WHERE tgfoid = 'records_mark_change'::regproc AND tgenabled = 'O'"
            )
            found = set(cursor.fetchall())
            actions = {_AFTER_EACH_STATEMENT}
    assert found == {(table, act) for table in change_marks.MARKED for act in actions}


def test_what_was_recorded_after_a_message_came_is_read_with_it(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be remembered without, and nobody would be told again."""
    from tipstaff.records import case_sets, intake_facts
    from tipstaff.services import feed_gate

    asked_at: list[datetime] = []
    monkeypatch.setattr(case_sets, "any_order", lambda: True)
    monkeypatch.setattr(
        intake_facts, "facts_of", lambda _supplier, _names, now: asked_at.append(now) or {}
    )
    began = datetime.now(UTC)
    feed_gate.lawful("acme", [("D1", to_micros(began))], began - timedelta(seconds=9))
    later = began + timedelta(hours=9)
    feed_gate.lawful("acme", [("D2", to_micros(later))], later)
    assert asked_at[0] >= began
    assert asked_at[1] == later


def test_in_another_slot_of_time_what_was_read_in_the_last_is_read_again(
    sqlite_instance: Any,
) -> None:
    from tipstaff.services.remembered import remembered

    read: list[str] = []

    def reading(names: set[str]) -> dict[str, int]:
        read.extend(sorted(names))
        return dict.fromkeys(names, len(read))

    for slot in (1, 1, 2, 2, 1):
        remembered("x", "acme", {"D1"}, reading, slot=slot)
    assert read == ["D1"] * 3
