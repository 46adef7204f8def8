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
    (device,) = last_heard.not_on_time(at(600), limit=9)
    assert (device.heard_at, device.worn_since) == (None, at(0))
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
    (device,) = last_heard.not_on_time(at(600), limit=9)
    assert device.battery == last_heard.Battery(at(2), 41)
    with monitored(4) as live:
        live.send(event(5, "heartbeat"))
        live.turn(5)
        live.watch.put_down_heard(at(5))
    (device,) = last_heard.not_on_time(at(600), limit=9)
    assert (device.heard_at, device.battery) == (at(5), last_heard.Battery(at(2), 41))


def test_a_fleet_counted_by_the_database_is_each_device_judged_by_itself(instance: Any) -> None:
    from made_cases import wearer

    from tipstaff.domain.purposes import Purpose
    from tipstaff.records import last_heard, wearers
    from tipstaff.services.cases import record_wearer

    recording = WHO | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**recording, wearer=wearer("W1"))
    (ref,) = wearers.subject_refs(["W1"])
    now, instant = at(100), timedelta(microseconds=1)
    plans = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
    ages = [
        plan * times + beyond
        for plan in plans
        for times in (0, 1, last_heard.LATE)
        for beyond in (-instant, timedelta(), instant)
    ]
    told = [
        last_heard.Heard(
            ref, f"S{n % 2}", f"D{n}-{m}", None if n % 5 == 0 else now - age,
            None if n % 7 == 0 else last_heard.LastFix(now - age, 1, 1, None, 1), plan,
            worn_since=None if n % 3 == 0 else now - age,
        )
        for m, plan in enumerate(plans)
        for n, age in enumerate(ages)
    ]  # fmt: skip
    assert last_heard.keep(told) == len(told)
    still = {(one.supplier, one.device_id): since(one, now) for one in told}
    late = {key: age for key, age in still.items() if age is None or age > plan_of(told, key)}
    found = last_heard.not_on_time(now, limit=1000)
    assert {(one.supplier, one.device_id) for one in found} == set(late)
    assert (
        last_heard.not_on_time(now, "S1", limit=2)
        == [one for one in found if one.supplier == "S1"][:2]
    )
    for fleet in last_heard.fleets(now):
        own = [one for one in told if one.supplier == fleet.supplier]
        silent = sum(device.is_silent(now) for device in found if device.supplier == fleet.supplier)
        assert fleet.worn == len(own)
        assert fleet.silent == silent
        assert fleet.on_time == len(own) - sum(key[0] == fleet.supplier for key in late)
        assert fleet.late == len(own) - fleet.on_time - silent
        assert fleet.unheard == sum(one.at is None for one in own)
        assert fleet.newest == max(one.at for one in own if one.at is not None)
        assert fleet.placeless == sum(
            one.fix is None or now - one.fix.at > last_heard.LATE * one.expected for one in own
        )
        assert last_heard.fleets(now, fleet.supplier) == [fleet]


def since(one: Any, now: Any) -> Any:
    """How long a device is still; None: nobody knows."""
    began = one.at or one.worn_since
    return None if began is None else now - began


def plan_of(told: Any, key: tuple[str, str]) -> timedelta:
    (found,) = (one.expected for one in told if (one.supplier, one.device_id) == key)
    plan: timedelta = found
    return plan


def test_the_fleet_is_few_statements_however_many_devices_there_are(instance: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tipstaff.records import last_heard

    with CaptureQueriesContext(connection) as asked:
        last_heard.fleets(at(1))
        last_heard.not_on_time(at(1), limit=9)
    assert len(asked.captured_queries) == 4


def test_what_is_new_is_put_down_bit_by_bit_whoever_waits_longest_first(
    sqlite_instance: Any,
) -> None:
    from tipstaff.records import last_heard

    names = [f"T{n:02d}" for n in range(12)]
    for name in names:
        watched_wearer(f"W-{name}", name)

    def heard_at(minute: float) -> list[str]:
        return sorted(one.device_id for one in last_heard.kept() if one.at == at(minute))

    with monitored() as live:
        live.turn(1)
        assert live.watch.put_down_heard(at(1)) == 12
        live.send(*(fix(2, 5_000, name) for name in reversed(names)))
        live.turn(2)
        assert live.watch.put_down_some_heard(at(2)) == 2
        assert heard_at(2) == names[-2:]
        # who was heard again keeps their place
        live.send(*(fix(3, 5_000, name) for name in names))
        live.turn(3)
        assert live.watch.put_down_some_heard(at(3)) == 2
        assert heard_at(3) == names[-4:-2]
        for _each in range(5):
            live.watch.put_down_some_heard(at(3))
        assert heard_at(3) == names
        assert live.watch.put_down_some_heard(at(3)) == 0
        assert live.watch.put_down_heard(at(3)) == 0
