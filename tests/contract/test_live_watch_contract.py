"""From a tag's message to an alert on record, on both databases."""

from __future__ import annotations

import os
from typing import Any

import pytest
from live_instance import alerts, at, event, fix, monitored, told, watched_wearer
from made_devices import WHO


def outside(*minutes: float, **other: Any) -> list[Any]:
    return [fix(minute, 5_000, **other) for minute in minutes]


def inside(*minutes: float, **other: Any) -> list[Any]:
    return [fix(minute, 10 * minute % 50, **other) for minute in minutes]


def archived() -> None:
    """Bring the inbox into the archive; files of events are as old as the test's clock says."""
    from tipstaff import settings
    from tipstaff.services.inbox_drain import drain_to_archive

    drain_to_archive(**WHO)
    for path in settings.load().events_folder.glob("*.jsonl"):
        os.utime(path, (at(600).timestamp(),) * 2)


def test_a_breach_becomes_an_alert_grows_and_ends(instance: Any) -> None:
    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2, 3))
        live.turn(3)
        assert told() == []
        live.send(*inside(4, 5))
        live.turn(5)
        (one,) = alerts()
        assert (one.kind, one.told.goes_on) == ("zone", True)
        live.send(*inside(6, 7))
        live.turn(7)
        assert told() == ["zone confirmed stands on new"]
        live.send(*outside(8, 9, 10))
        live.turn(10)
        assert told() == ["zone confirmed stands over new"]


def test_what_comes_in_while_a_turn_begins_is_told_in_it(instance: Any) -> None:
    """A turn's instant is from before it reads: what it reads may have happened since."""
    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2, 3))
        live.turn(3)
        live.send(event(4, "strap_cut"))
        live.watch.turn(at(3.5))
        assert told() == ["strap confirmed stands on new"]
        live.turn(4)
        assert told() == ["strap confirmed stands on new"]


def test_nobody_is_told_twice_after_a_restart(instance: Any) -> None:
    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2), *inside(3, 4, 5))
        live.turn(5)
        before = alerts()
        assert len(before) == 1
        live.watch.put_down()
        live.send(*inside(6), event(7, "strap_cut"))
        live.turn(7)
        assert len(alerts()) == 2
    with monitored(8) as live:  # it died before it put anything down again
        assert live.watch.cursor.sequence == 5
        live.turn(8)
        assert [one.number for one in alerts()] == [1, 2]
        assert alerts()[0].opened == before[0].opened
        live.send(*outside(9, 10, 11))
        live.turn(11)
    assert told() == ["zone confirmed stands over new", "strap confirmed stands on new"]


def test_a_worker_without_checkpoints_finds_the_same(instance: Any) -> None:
    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2), *inside(3, 4, 5), event(6, "strap_cut"), *outside(7, 8, 9))
        live.turn(9)
        before = alerts()
    archived()
    with monitored(10) as live:
        live.turn(10)
        assert alerts() == before
        live.send(*inside(30, 31, 32))
        live.turn(32)
    assert [line.split()[0] for line in told()] == ["zone", "strap", "zone"]


def test_what_comes_late_and_out_of_order_gives_the_same_alerts(instance: Any) -> None:
    watched_wearer()
    watched_wearer("W2", "T2")
    walk = [*outside(1, 2), *inside(3, 4, 5, 6), *outside(8, 9, 10)]
    again = [*outside(1, 2, device="T2"), *inside(3, 4, 5, 6, device="T2"),
             *outside(8, 9, 10, device="T2")]  # fmt: skip
    with monitored() as live:
        live.send(*walk)
        live.turn(10)
        late = [one._replace(received_us=one.received_us + k * 60_000_000)
                for k, one in enumerate(reversed(again), start=10)]  # fmt: skip
        for one in late:
            live.send(one)
            live.turn(30)
    first, second = alerts("W1"), alerts("W2")
    assert [one.told.level for one in first] == [one.told.level for one in second]
    assert told("W1") == told("W2") == ["zone confirmed stands over new"]


def test_days_late_a_fact_is_judged_from_the_archive(instance: Any) -> None:
    watched_wearer()
    with monitored() as live:
        live.send(*outside(*range(1, 600, 20)))
        live.turn(600)
        live.watch.put_down()
    archived()
    with monitored(601) as live:
        live.send(*inside(50.5, 51, 52, 53, came=601), event(70, "strap_cut", came=601))
        live.turn(601)
        assert [(one.kind, one.route.late) for one in alerts()] == [
            ("zone", True), ("strap", True),
        ]  # fmt: skip


def test_a_changed_order_is_seen(instance: Any) -> None:
    from made_cases import order, utc, zone

    from tipstaff.domain.zones import Circle, Harm, Place
    from tipstaff.services.cases import record_order

    watched_wearer()
    with monitored() as live:
        live.send(*(fix(minute, 900) for minute in range(1, 6)))
        live.turn(6)
        assert told() == []
        wider = zone("z1", shape=Circle(Place(53.1, -1.4), 2_000.0), harm=Harm.HIGH)
        changed = order("O-W1", ends_at=utc("2090-01-01"), conditions=(wider,), reviews=())
        assert record_order(**WHO, order=changed, reason="wider", valid_from=at(6)).problems == ()
        live.send(fix(7, 900), fix(8, 900))
        live.turn(8)
        (one,) = alerts()
        assert (one.kind, one.route.queue, one.route.late) == ("zone", "live", False)


def test_an_annulled_activation_takes_its_alerts_back(instance: Any) -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.services.activations import import_activations

    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2), *inside(3, 4, 5))
        live.turn(5)
        assert len(alerts()) == 1
        void = Activation("A-W1", "T1", "W1", at(0), at(0))
        import_activations(**WHO, supplier="acme", incoming=[void])
        live.turn(6)
        (one,) = alerts()
        assert one.told.evidence == "retracted"


def test_what_was_known_then_is_told_again(instance: Any) -> None:
    """T3 and two clocks: late facts change what is known now, and not what was known then."""
    from tipstaff.domain.periods import Period
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.replay import replay

    watched_wearer()
    with monitored() as live:
        live.send(*outside(1, 2), *outside(8, 9))
        live.turn(9)
        live.send(*inside(3, 4, 5, came=12))
        live.turn(12)

        def known(minute: float) -> Any:
            found: Any = replay(
                actor="tester", purpose=Purpose.BREACH_INVESTIGATION, authority="", wearer="W1",
                period=Period(at(0), at(60)), known_at=at(minute),
            )  # fmt: skip
            zones = [one.step for one in found.found if getattr(one, "kind", "") == "zone"]
            return found.facts, [one.kind for one in found.told], zones

        assert known(10) == (4, [], [])
        facts, told_then, steps = known(13)
        assert (facts, told_then) == (7, ["zone"])
        assert steps[0] == "began"
        assert steps[-1] == "ended"


def test_a_strap_cut_that_just_came_in_goes_before_the_backlog(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one alert, told first, the same when its turn comes, and after a worker that died."""
    from tipstaff.services import live_watch

    monkeypatch.setattr(live_watch, "MOST", 8)
    watched_wearer()
    watched_wearer("W2", "T2")
    with monitored() as live:
        live.watch.put_down()
        live.send(*outside(*range(1, 13)), *inside(13, 14, 15), *outside(*range(16, 31)))
        live.send(*outside(*range(1, 31), device="T2"))
        live.send(event(32, "heartbeat"), event(33, "strap_cut"), *outside(34))
        live.turn(35)
        assert live.watch.cursor.sequence == 8
        assert told() == ["strap confirmed stands on new"]
        first = alerts("W1", "strap")
    with monitored(35) as live:
        while live.turn(36).messages:
            assert alerts("W1", "strap") == first
        assert live.watch.cursor.sequence == 63
        assert [line.split()[0] for line in told()] == ["strap", "zone"]
        assert told("W2") == []
        live.watch.turn(at(37))
        assert alerts("W1", "strap") == first
