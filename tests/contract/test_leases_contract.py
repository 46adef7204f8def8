"""Several workers: whose a wearer is, who may commit, how shares are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_instance import at, fix, told, watched_wearer
from made_devices import WHO


@settings(deadline=None)
@given(st.uuids(), st.integers(1, 64))
def test_every_wearer_is_of_exactly_one_shard(wearer: UUID, of: int) -> None:
    from tipstaff.services.shards import Shard

    assert sum(Shard(number, of).has(wearer) for number in range(of)) == 1


def test_shards_of_other_counts_share_nothing() -> None:
    from tipstaff.services.shards import MOST, Shard

    every = [Shard(number, of) for of in range(1, MOST + 1) for number in range(of)]
    assert len({shard.kept_as for shard in every}) == len(every)
    assert len({shard.reader for shard in every}) == len(every)
    with pytest.raises(ValueError, match="a shard"):
        Shard(2, 2)


def test_whoever_took_it_last_may_commit(instance: Any) -> None:
    from django.db import transaction

    from tipstaff.records import leases

    first = leases.take(3)
    with transaction.atomic():
        leases.hold(3, first)
    second = leases.take(3)
    assert second > first
    with pytest.raises(leases.LeaseLostError), transaction.atomic():
        leases.hold(3, first)
    with transaction.atomic():
        leases.hold(3, second)


def test_who_says_nothing_is_dead(instance: Any) -> None:
    from tipstaff.records import leases

    now, one, other = datetime.now(UTC), uuid4(), uuid4()
    assert leases.say_alive(one, now) == 1
    assert leases.say_alive(other, now) == 2
    assert leases.say_alive(one, now + timedelta(seconds=11)) == 1
    leases.leave(one)
    assert leases.say_alive(other, now + timedelta(seconds=12)) == 1


def test_a_worker_that_was_paused_tells_nobody(instance: Any) -> None:
    """Its lock is gone and it does not know: the fence keeps what it found from being kept."""
    from tipstaff.records import leases
    from tipstaff.services.checkpoints import open_checkpoints
    from tipstaff.services.inbox import inbox_reader, open_inbox
    from tipstaff.services.live_watch import LiveWatch

    watched_wearer()
    number = leases.take(0)
    with open_inbox() as inbox, open_checkpoints() as checkpoints:
        paused = LiveWatch(inbox_reader(), checkpoints, None, lambda: leases.hold(0, number))
        paused.begin(at(0))
        from tipstaff.domain.received import Batch

        for minute, east in ((1, 5_000), (2, 5_000), (3, 10), (4, 10), (5, 10)):
            one = fix(minute, east)
            inbox.append(Batch("acme", "json", one.received_us, kept=[one])).result()
        leases.take(0)
        with pytest.raises(leases.LeaseLostError):
            paused.turn(at(6))
        assert told() == []


def test_with_one_file_there_is_one_worker(sqlite_instance: Any) -> None:
    from program import tipstaff

    refused = tipstaff(
        "worker", "--purpose", "system_administration", "--no-chores",
        data=sqlite_instance.data, TIPSTAFF_WORKER_SHARDS="2", TIPSTAFF_ACTOR=WHO["actor"],
    )  # fmt: skip
    assert refused.returncode == 2
    assert "with SQLite one worker watches all" in refused.stderr
