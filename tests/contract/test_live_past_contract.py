"""What a life is judged again from: what waits in the inbox is gone through once for many lives."""

from __future__ import annotations

from typing import Any

import pytest
from live_instance import event, fix, monitored, watched_wearer

NAMES = [f"T{n:02d}" for n in range(12)]


@pytest.fixture
def watched(instance: Any) -> None:
    """Twelve people on record, each with a zone to keep out of."""
    for name in NAMES:
        watched_wearer(f"W-{name}", name)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each reading of the inbox brought."""
    from tipstaff.services.live_past import StoredFacts

    reads: list[int] = []
    waiting = StoredFacts._waiting

    def counting(facts: Any) -> Any:
        reads.append(0)
        for one in waiting(facts):
            reads[-1] += 1
            yield one

    monkeypatch.setattr(StoredFacts, "_waiting", counting)
    return reads


def found(live: Any) -> dict[str, list[str]]:
    """What was told of each device."""
    told = {}
    for key, life in live.watch.room.lives.items():
        name = live.watch.ready[key].life.device_id
        told[name] = [f"{one.kind} {one.at:%H:%M}" for one in life.everything]
    return told


def test_a_worker_that_begins_reads_what_waits_once(
    watched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monitored() as live:
        for minute in range(1, 6):
            live.send(*(fix(minute, 30.0 if name < "T06" else 5_000.0, name) for name in NAMES))
        live.turn(6)
        before = found(live)
    assert sum(map(len, before.values())) >= 6
    reads = counted(monkeypatch)
    # nobody was put down: all are judged from the beginning
    monkeypatch.setattr("tipstaff.services.live_watch.life_from_bytes", lambda *_given: None)
    with monitored(6) as live:
        assert reads == [60]
        assert found(live) == before


def test_many_lives_that_go_back_read_what_waits_once_a_turn(
    watched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monitored() as live:
        live.send(*(fix(1, 5_000.0, name) for name in NAMES))
        live.send(*(fix(9, 5_000.0, name) for name in NAMES))
        live.turn(9)
    reads = counted(monkeypatch)
    with monitored(9) as live:
        # of everybody something comes late, and a worker that begins anew has no steps to go back
        for minute in (3, 4, 5):
            live.send(*(fix(minute, 30.0, name, came=10) for name in NAMES))
        live.turn(10)
        assert len(reads) == 1
        once = found(live)
        assert all(any("zone" in one for one in own) for own in once.values())
        reads.clear()
        live.send(event(10.5, "heartbeat", NAMES[0]))
        live.turn(11)
        assert reads == []
