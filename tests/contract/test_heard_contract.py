"""What health rests on: devices never heard, taken off, their batteries; feeds and their rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from live_instance import at, event, fix, monitored, watched_wearer
from made_devices import WHO

from tipstaff.domain.activations import Activation


def test_a_device_that_was_never_heard_is_missed(instance: Any) -> None:
    from tipstaff.records import last_heard

    watched_wearer()
    with monitored() as live:
        live.turn(1)
        assert live.watch.put_down_heard(at(1)) == 1
        assert live.watch.put_down_heard(at(1.2)) == 0
    (device,) = last_heard.kept()
    assert (device.at, device.worn_since) == (None, at(0))
    (fleet,) = last_heard.fleets(at(1))
    assert (fleet.worn, fleet.on_time, fleet.unheard, fleet.newest) == (1, 1, 1, None)
    (fleet,) = last_heard.fleets(at(0) + 4 * device.expected)
    assert (fleet.silent, fleet.unheard, fleet.placeless) == (1, 1, 1)


def test_a_device_that_is_taken_off_is_dropped_and_its_next_wearer_begins_anew(
    instance: Any,
) -> None:
    from tipstaff.records import last_heard
    from tipstaff.services.activations import import_activations

    watched_wearer()
    with monitored() as live:
        live.send(fix(1, 5_000), event(1.5, "heartbeat"))
        live.turn(2)
        live.watch.put_down_heard(at(2))
        assert last_heard.kept()[0].fix is not None
    ended = Activation("A-W1", "T1", "W1", at(0), at(3))
    import_activations(**WHO, supplier="acme", incoming=[ended])
    watched_wearer("W2", "T2")
    again = Activation("A-W2b", "T1", "W2", at(3), at(900))
    import_activations(**WHO, supplier="acme", incoming=[again])
    with monitored(4) as live:  # a worker that begins drops what the one before it left
        live.turn(4)
        live.watch.put_down_heard(at(4))
    one = {each.device_id: each for each in last_heard.kept()}["T1"]
    assert (one.at, one.fix, one.worn_since) == (None, None, at(3))
    assert len(last_heard.kept()) == 2


def test_nothing_is_kept_of_whom_no_order_supports_any_more(instance: Any) -> None:
    from tipstaff.records import last_heard

    watched_wearer(ends_at=at(10))
    watched_wearer("W2", "T2")
    with monitored() as live:
        live.turn(1)
        live.watch.put_down_heard(at(1))
        assert {one.device_id for one in last_heard.kept()} == {"T1", "T2"}
        live.watch.put_down_heard(at(11))
    assert {one.device_id for one in last_heard.kept()} == {"T2"}


def test_feeds_are_told_with_their_rate_and_taken_up_again(instance: Any) -> None:
    from tipstaff.records import feeds_seen

    watched_wearer()
    with monitored() as live:
        live.watch._feeds.since = at(-300)
        live.send(*(fix(minute, 5_000) for minute in (-100, 1, 2, 3)))
        live.turn(3)
        live.watch.put_down_heard(at(4))
    (feed,) = feeds_seen.known()
    assert (feed.feed, feed.seen_at, feed.messages) == ("acme", at(3), 3)
    assert feed.counted_from == at(4) - timedelta(hours=1)
    assert feed.per_minute == 3 / 60
    with monitored(5) as live:  # one that fell silent before a worker began is out too
        assert live.watch.look_at_feeds(at(5)) == 0
        assert live.watch.look_at_feeds(at(9)) == 1


def test_a_worker_that_is_behind_takes_no_feed_for_silent(instance: Any, monkeypatch: Any) -> None:
    from tipstaff.services import live_watch

    monkeypatch.setattr(live_watch, "MOST", 2)
    watched_wearer()
    with monitored() as live:
        live.send(*(fix(minute, 5_000) for minute in (1, 2, 59, 60)))
        live.turn(60)
        assert live.watch.look_at_feeds(at(60)) == 0
        live.turn(60)
        live.turn(60)
        assert live.watch.look_at_feeds(at(60)) == 0
        assert live.watch.look_at_feeds(at(66)) == 1


def test_a_battery_is_known_as_it_was_said_last(instance: Any) -> None:
    from tipstaff.records import last_heard

    watched_wearer()
    with monitored() as live:
        told = event(2, "battery")._replace(body='{"level_pct": 41}')
        live.send(told, event(3, "heartbeat"))
        live.turn(3)
        live.watch.put_down_heard(at(3))
    (device,) = last_heard.kept()
    assert device.battery == last_heard.Battery(at(2), 41)
    with monitored(4) as live:
        live.send(event(5, "heartbeat"))
        live.turn(5)
        live.watch.put_down_heard(at(5))
    (device,) = last_heard.kept()
    assert (device.at, device.battery) == (at(5), last_heard.Battery(at(2), 41))


def test_counts_are_those_of_going_through_every_device(instance: Any) -> None:
    """At every edge of every plan, on time, late and silent, and what was never heard."""
    from collections import Counter

    from tipstaff.records import last_heard
    from tipstaff.records.wearers import ensure, subject_refs

    ensure(["W1"])
    (ref,) = subject_refs(["W1"])
    now, heard = at(600), []
    for plan in (1, 10, 60):
        expected = timedelta(minutes=plan)
        for times in (0, 1, 1.01, 3, 3.01, 7, None):
            since = None if times is None else now - times * expected
            for worn in (since, None, now - 2 * expected):
                fix = since and last_heard.LastFix(since, 530_000_000, 0, 800, 1)
                name = f"T{len(heard)}"
                heard.append(
                    last_heard.Heard(ref, "acme", name, since, fix, expected, worn_since=worn)
                )
    last_heard.keep(heard)
    late = {one.device_id for one in last_heard.devices_late(now)}
    states: Counter[str] = Counter()
    for one in heard:
        device = last_heard.DeviceHeard(
            "acme", one.device_id, one.at, one.fix and one.fix.at, one.expected, one.worn_since
        )
        silent, is_late = device.is_silent(now), device.is_late(now)
        states["silent" if silent else "late" if is_late else "on_time"] += 1
        states["placeless"] += one.fix is None or now - one.fix.at > 3 * one.expected
        assert (one.device_id in late) == is_late
    (fleet,) = last_heard.fleets(now)
    assert {name: getattr(fleet, name) for name in states} == states
    assert (fleet.worn, fleet.unheard) == (len(heard), sum(one.at is None for one in heard))
    assert last_heard.fleets(now, "nobody") == last_heard.devices_late(now, "nobody") == []
