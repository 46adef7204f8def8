"""Before shielding is told of, the worker looks at how others near fare, and keeps what it saw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from live_instance import alerts, at, event, fix, monitored, watched_wearer
from made_devices import WHO

from tipstaff.domain.purposes import Purpose

#: Lost at minute 1, jammed by its own account; the device is heard on and on.
LOST = (fix(1, 5_000), event(2, "jammed"), event(9, "heartbeat"), event(17, "heartbeat"))


def two_wearers() -> None:
    watched_wearer("W1", "T1")
    watched_wearer("W2", "T2")


def near(*, with_positions: bool, far_m: float = 0.0) -> list[Any]:
    """What comes of a device beside the place where the first was lost."""
    placed = (1, 9, 16) if with_positions else (1, 1.5)
    return [fix(minute, 5_020 + far_m, "T2") for minute in placed] + [
        event(minute, "heartbeat", "T2") for minute in (9.5, 16.5)
    ]


def until_asked(live: Any, *others: Any) -> None:
    """To minute 17, a turn for each message, where devices were put down in between."""
    messages = sorted([*LOST, *others], key=lambda one: one.received_us)
    for minute in (3, 10, 16.9, 17.1):
        fresh = [one for one in messages if one.received_us <= at(minute).timestamp() * 1e6]
        live.send(*fresh)
        messages = messages[len(fresh) :]
        live.turn(minute)
        live.watch.put_down_heard(at(minute))


def said(reference: str = "W1") -> list[tuple[str, bool]]:
    """Of alerts of shielding: how sure, and whether it goes on."""
    told = (one.told for one in alerts(reference, "shielding"))
    return [(one.level.name.lower(), one.goes_on) for one in told]


def looked() -> list[tuple[int, int]]:
    from tipstaff.records.models import OthersLooked

    return list(OthersLooked.objects.order_by("at").values_list("seen", "lost"))


@pytest.mark.parametrize(
    ("others", "kept", "goes_on"),
    [
        (near(with_positions=True), [(1, 0)], True),
        (near(with_positions=False), [(0, 1)], False),
        (near(with_positions=False, far_m=400), [], True),
        ([], [], True),
    ],
)
def test_who_is_near_decides(
    instance: Any, others: list[Any], kept: list[tuple[int, int]], goes_on: bool
) -> None:
    two_wearers()
    with monitored() as live:
        until_asked(live, *others)
        assert looked() == kept
        assert said() == [("probable", goes_on)]
        assert said("W2") == []


@pytest.mark.parametrize("put_down", [None, 3, 17.1])
def test_a_worker_begun_anew_goes_by_what_was_seen(instance: Any, put_down: float | None) -> None:
    """Put down never, before others were looked at, or after."""
    two_wearers()
    with monitored() as live:
        live.send(*LOST[:2])
        live.turn(3)
        if put_down == 3:
            live.watch.put_down()
        until_asked(live, *near(with_positions=False))
        before = said()
        if put_down == 17.1:
            live.watch.put_down()
    with monitored(18) as live:
        live.turn(18)
        live.watch.put_down()
        assert said() == before == [("probable", False)]
        assert looked() == [(0, 1)]
        # a late fact from before it is judged by the same
        live.send(event(1.5, "heartbeat", came=19))
        live.turn(19)
        assert said() == before


def test_what_was_seen_is_taken_after_a_turn_that_failed(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_wearers()
    with monitored() as live:
        live.send(*LOST[:2])
        live.turn(3)
        live.watch.put_down()
        until_asked(live, *near(with_positions=False))
        before = said()
    with monitored(18) as live:
        with monkeypatch.context() as broken:
            broken.setattr(type(live.watch.room), "take", _full)
            with pytest.raises(OSError, match="no room"):
                live.turn(18)
        live.turn(18.1)
        assert said() == before == [("probable", False)]
        assert looked() == [(0, 1)]


def test_what_was_seen_of_somebody_who_is_watched_no_more_is_let_go(instance: Any) -> None:
    two_wearers()
    with monitored() as live:
        live.send(*LOST[:2])
        live.turn(3)
        live.watch.put_down()
        until_asked(live, *near(with_positions=False))
    with monitored(18) as live:
        others = live.watch._others
        ((key, _near),) = others._again
        live.watch.room.leave(key)
        assert others.with_others(live.watch.room, live.watch.ready, {}, at(18), None) == {}
        assert others._again == []


def _full(*_: Any, **__: Any) -> Any:
    raise OSError("no room")


def test_what_was_seen_goes_with_the_wearer(instance: Any) -> None:
    from tipstaff.records import others_looked
    from tipstaff.records.wearers import subject_refs
    from tipstaff.services.retention import erase_wearer

    watched_wearer("W1", "T1", ends_at=datetime(2026, 6, 1, tzinfo=UTC))
    watched_wearer("W2", "T2")
    (stays,), (goes,) = subject_refs(["W2"]), subject_refs(["W1"])
    seen = [others_looked.Looked(one, "acme", "T1", at(16), 1, 0, at(17)) for one in (goes, stays)]
    assert others_looked.keep(seen) == others_looked.keep(seen) == 2
    assert looked() == [(1, 0), (1, 0)]
    who = WHO | {"purpose": Purpose.SUBJECT_ACCESS, "authority": "court order 1"}
    assert erase_wearer(**who, wearer="W1").problems == ()
    assert [one.wearer for one in others_looked.known_since(at(0))] == [stays]


def test_what_is_held_of_a_wearer_says_what_was_seen_and_not_of_whom(instance: Any) -> None:
    from tipstaff.records import others_looked

    two_wearers()
    with monitored() as live:
        until_asked(live, *near(with_positions=True))
    (one,) = others_looked.known_since(at(0))
    assert (one.device_id, one.at, one.seen, one.lost) == ("T1", at(16), 1, 0)
    assert "T1" not in repr(one)
