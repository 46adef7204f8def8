"""Live monitoring when something fails: nobody is forgotten, nothing ends it silently."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest
from live_instance import alerts, at, event, fix, monitored, told, watched_wearer
from made_devices import WHO

from tipstaff.domain.purposes import Purpose


def breach() -> list[Any]:
    return [fix(minute, 5_000) for minute in (1, 2)] + [fix(minute, 10) for minute in (3, 4, 5)]


def test_what_could_not_be_kept_is_told_again(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import live_watch

    watched_wearer()
    with monitored() as live:
        live.send(*breach())
        with monkeypatch.context() as broken:
            broken.setattr(live_watch, "keep_told", _full)
            with pytest.raises(OSError, match="no room"):
                live.turn(5)
        assert told() == []
        live.turn(6)
        assert told() == ["zone confirmed stands on new"]
        live.watch.put_down()
    with monitored(7) as live:
        live.turn(7)
        assert told() == ["zone confirmed stands on new"]


def _full(*_: Any, **__: Any) -> Any:
    raise OSError("no room")


def test_a_cursor_that_could_not_be_kept_is_kept_with_the_next_turn(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import live_watch
    from tipstaff.services.live_telling import cursor_of

    watched_wearer()
    with monitored() as live:
        live.send(fix(1, 5_000))
        with monkeypatch.context() as broken:
            broken.setattr(live_watch, "keep_told", _full)
            with pytest.raises(OSError, match="no room"):
                live.turn(1)
        assert cursor_of() is None
        live.turn(2)
        assert cursor_of() == live.watch.cursor


@pytest.mark.parametrize("error", [OSError("no room"), sqlite3.OperationalError("disk is full")])
def test_a_worker_waits_for_its_disk_and_goes_on(
    instance: Any, monkeypatch: pytest.MonkeyPatch, error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    from tipstaff.services import live_work
    from tipstaff.services.live_work import Rounds

    monkeypatch.setattr(live_work, "MOST_WAIT_S", 0.01)
    watched_wearer()
    with monitored() as live:
        turns: list[datetime] = []
        turn = live.watch.turn

        def fails_twice(now: datetime) -> Any:
            turns.append(now)
            if len(turns) <= 2:
                raise error
            return turn(now)

        monkeypatch.setattr(live.watch, "turn", fails_twice)
        waits = iter([False] * 400)
        rounds = Rounds(live.watch, lambda: len(turns) > 3 or next(waits, True))
        done = rounds.run()
        assert (done.failures, len(turns)) == (2, 4)
    assert type(error).__name__ in caplog.text
    assert str(error) not in caplog.text


def test_a_fault_of_the_program_ends_the_worker(instance: Any) -> None:
    from tipstaff.services.live_work import Rounds

    with monitored() as live:
        live.watch.turn = _fault
        with pytest.raises(ZeroDivisionError):
            Rounds(live.watch, lambda: False).run()


def _fault(_now: datetime) -> Any:
    raise ZeroDivisionError


def test_somebody_erased_meanwhile_is_let_go(instance: Any) -> None:
    from tipstaff.services.checkpoints import open_checkpoints
    from tipstaff.services.retention import erase_wearer

    watched_wearer("W1", "T1", ends_at=datetime(2026, 6, 1, tzinfo=UTC))
    watched_wearer("W2", "T2")
    with monitored() as live:
        live.send(fix(1, 5_000), fix(1, 5_000, "T2"))
        live.turn(1)
        live.watch.put_down()
        who = WHO | {"purpose": Purpose.SUBJECT_ACCESS, "authority": "court order 1"}
        assert erase_wearer(**who, wearer="W1").problems == ()
        live.send(fix(2, 5_000, "T2"))
        live.turn(2)
        live.watch.put_down()
        assert {ready.life.device_id for ready in live.watch.ready.values()} == {"T2"}
    with open_checkpoints() as checkpoints:
        assert len(checkpoints.latest().lives) == 1


def test_a_record_that_is_damaged_is_told_to_a_person(instance: Any) -> None:
    from tipstaff.records.models import Version

    watched_wearer()
    with monitored() as live:
        live.turn(1)
        assert alerts("W1", "whereabouts") == []
    _unguarded(Version.objects.filter(subject__kind="order"), digest="0" * 64)
    with monitored(2) as live:
        live.turn(2)
        (one,) = alerts("W1", "whereabouts")
        assert one.needs_a_person
        live.watch.put_down()
    with monitored(3) as live:
        live.turn(3)
        assert len(alerts("W1", "whereabouts")) == 1


def _unguarded(rows: Any, **values: Any) -> None:
    """Change rows that the database itself keeps from being changed."""
    from django.db import connection

    table = rows.model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            rows.update(**values)
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    rows.update(**values)


def test_when_and_where_a_device_was_last_heard(instance: Any) -> None:
    from tipstaff.records import last_heard
    from tipstaff.services.fleet_health import fleet_health, last_positions

    watched_wearer()
    with monitored() as live:
        live.send(fix(1, 5_000), fix(2, 100), fix(1.5, 300, came=3), event(4, "heartbeat"))
        live.turn(4)
        live.watch.put_down_heard(at(4))
    who = WHO | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    (line,) = last_positions(**who)
    assert (line.wearer, line.heard_at) == ("W1", at(4))
    assert line.fix is not None
    assert line.fix.at == at(2)
    (fleet,) = last_heard.fleets(at(5))
    assert (fleet.worn, fleet.on_time, fleet.silent) == (1, 1, 0)
    (fleet,) = last_heard.fleets(at(4) + 4 * line.expected)
    assert (fleet.silent, fleet.placeless) == (1, 1)
    assert fleet_health(**WHO).fleets[0].worn == 1
    with monitored(5) as live:  # what a worker forgot it takes up again
        live.send(event(6, "heartbeat"))
        live.turn(6)
        live.watch.put_down_heard(at(6))
    (line,) = last_positions(**who)
    assert line.heard_at == at(6)
    assert line.fix is not None
    assert line.fix.at == at(2)


def test_who_wears_it_no_more_is_not_on_the_map(instance: Any) -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.services.activations import import_activations
    from tipstaff.services.fleet_health import last_positions

    watched_wearer()
    with monitored() as live:
        live.send(fix(1, 5_000))
        live.turn(1)
        live.watch.put_down_heard(at(1))
        ended = Activation("A-W1", "T1", "W1", at(0), at(2))
        import_activations(**WHO, supplier="acme", incoming=[ended])
        live.watch.look_at_records(at(3))
        live.watch.put_down_heard(at(3))
        assert last_positions(**WHO | {"purpose": Purpose.OFFENDER_MANAGEMENT}) == ()
