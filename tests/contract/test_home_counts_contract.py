"""What home counts beside its lists: trails that nobody has read, devices, what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alert_samples import new_alert
from django.db import connection, transaction
from made_accounts import LOCAL, account, clear, train
from made_cases import order, wearer, zone
from searched_instance import WHO, crime, fill, matched, tagged

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.readings import Reading, TrailReading
from tipstaff.domain.roles import Role

MANAGING = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def to_read(actor: str = "tester") -> int:
    from tipstaff.services.readings import count_to_read

    return count_to_read(**WHO | {"actor": actor})


def read(run: Any, name: str, reference: str = "26-0001") -> None:
    from tipstaff.services.readings import record_reading

    told = TrailReading(
        "Derbyshire", reference, 1, name, Reading.CANNOT_TELL, "few fixes", "", datetime.now(UTC)
    )
    assert record_reading(**WHO, run_id=run, told=told).problems == ()


def waits() -> list[bool]:
    from tipstaff.services.runs import list_runs

    return [line.to_read for line in list_runs(**WHO)]


def test_a_trail_waits_until_somebody_has_read_it_for_its_crime(
    instance: Any, tmp_path: Path
) -> None:
    fill(tmp_path, [tagged("S1"), tagged("S2")], [crime("26-0001"), crime("26-0002")])
    assert to_read() == 0
    run = matched().run_id
    assert to_read() == 4  # two wearers, each for two crimes
    assert waits() == [True]
    read(run, "S1")
    assert to_read() == 3
    read(run, "S2")
    read(run, "S1", "26-0002")
    assert (to_read(), waits()) == (1, [True])
    read(run, "S2", "26-0002")
    assert (to_read(), waits()) == (0, [False])
    matched()  # a match of its own, whose trails are read anew
    assert (to_read(), waits()) == (4, [True, False])


def test_those_of_limited_access_are_counted_for_the_cleared_alone(
    instance: Any, tmp_path: Path
) -> None:
    fill(tmp_path, [tagged("S1"), tagged("S2", limited_access=True)], [crime("26-0001")])
    matched()
    for name in ("ann", "ben"):
        account(name, Role.HUB_CASEWORKER)
        train(name)
    clear("ben")
    assert [to_read("ann"), to_read("ben")] == [1, 2]


def test_a_run_that_is_listed_to_nobody_waits_for_nobody(instance: Any, tmp_path: Path) -> None:
    from tipstaff.records import cases
    from tipstaff.services.runs import list_runs

    fill(tmp_path, [tagged("S1"), tagged("S2")], [crime("26-0001")])
    matched()
    train(account("ann", Role.HUB_CASEWORKER))
    assert to_read("ann") == 2
    with transaction.atomic():  # of limited access since: the run tells of them
        cases.record(
            [cases.Told(wearer("S2", limited_access=True))], at=datetime.now(UTC), by=uuid4()
        )
    assert list_runs(**WHO | {"actor": "ann"}) == []
    assert to_read("ann") == 0


def test_runs_of_long_ago_do_not_wait(
    instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import readings

    fill(tmp_path, [tagged("S1")], [crime("26-0001")])
    matched()
    assert to_read() == 1
    monkeypatch.setattr(readings, "RECENT", timedelta(0))  # the run finished before now
    assert to_read() == 0


def counted(before: datetime | None, actor: str = "tester") -> tuple[Any, datetime | None]:
    from tipstaff.services.waiting import Waits, count_waiting

    found = count_waiting(**MANAGING | {"actor": actor}, before=before)
    return found.counts.get(Waits.NEW_ALERTS), found.since


def with_case(name: str) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    assert record_wearer(**MANAGING, wearer=wearer(name)).problems == ()
    made = order(wearer=name, conditions=(zone(),))
    assert record_order(**MANAGING, order=made).problems == ()


def test_alerts_are_new_since_the_last_look_of_before_the_session(instance: Any) -> None:
    from tipstaff.records.models import Alert

    with_case("W1")
    new_alert("W1")
    signed_in = datetime.now(UTC)
    assert counted(signed_in) == (None, None)  # never looked: nothing is new, nothing old
    assert counted(None) == (None, None)
    looked = datetime.now(UTC)
    assert counted(signed_in) == (None, None)  # looks of the same session are not before it
    minute = looked.replace(second=0, microsecond=0)
    Alert.objects.update(opened_at=minute - timedelta(seconds=1))
    new, since = counted(looked)
    assert new == 0
    assert since is not None
    assert minute - timedelta(minutes=1) <= since <= minute
    Alert.objects.update(opened_at=since + timedelta(seconds=1))
    assert counted(looked) == (1, since)
    assert counted(looked, account("ann", Role.HUB_MANAGER)) == (None, None)  # never looked


def test_what_is_new_are_the_lines_of_the_list_from_then(instance: Any) -> None:
    from tipstaff.records.models import Alert
    from tipstaff.services.alert_lists import QueueWanted, list_alerts

    with_case("W1")
    for _each in range(3):
        new_alert("W1")
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for minutes, row in enumerate(Alert.objects.order_by("number")):
        Alert.objects.filter(id=row.id).update(opened_at=at + timedelta(minutes=minutes))
    lines = list_alerts(**MANAGING, wanted=QueueWanted(opened_after=at))
    assert [line.number for line in lines] == [2, 3]


def test_the_last_look_is_found_by_its_index(instance: Any) -> None:
    from tipstaff.records.audit import home_looks

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which walks through a table of a few rows
            cursor.execute("SET enable_seqscan = off")
        told = home_looks(uuid4(), datetime.now(UTC)).explain()
    assert "audit_home_looks" in told, told
    assert "SORT" not in told.upper(), told


def test_silent_devices_are_counted_for_whoever_sees_the_fleet(instance: Any) -> None:
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs
    from tipstaff.services.waiting import Waits, count_waiting

    for name in ("W1", "W2"):
        with_case(name)
    now = datetime.now(UTC)
    for name, minutes in (("W1", 5), ("W2", 500)):
        (ref,) = subject_refs([name])
        at = now - timedelta(minutes=minutes)
        last_heard.keep([last_heard.Heard(ref, "acme", name, at, None, timedelta(minutes=10))])
    operator = account("ann", Role.MONITORING_OPERATOR)
    assert count_waiting(**MANAGING | {"actor": operator}).counts[Waits.DEVICES] == 1
    keeper = account("ben", Role.HUB_CASEWORKER)
    assert Waits.DEVICES not in count_waiting(**MANAGING | {"actor": keeper}).counts
