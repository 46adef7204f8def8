"""What the bench of live monitoring hands over: every fix once, and late ones in their time."""

from __future__ import annotations

from benchmarks.live_room import LATE, MINUTE, day_of, devices_s, places_s, room_s, steps_of

DAY = day_of(2)


def test_every_fix_is_handed_over_once_after_its_minute() -> None:
    for late in (0.0, 0.5):
        steps = steps_of(DAY, 10, late)
        came = [fix for _, step in steps for own in step.values() for fix in own]
        assert sorted(fix.at_us for fix in came) == sorted(f.at_us for o in DAY.fixes for f in o)
        waits = [fix.ingested_us - fix.at_us for fix in came]
        assert min(waits) > 0
        assert (max(waits) > LATE) is (late > 0)
        assert max(waits) <= LATE * (late > 0) + 10 * MINUTE


def test_all_of_it_goes_through_the_room_and_through_its_parts() -> None:
    steps = steps_of(DAY, 10, 0.1)
    spent, room = room_s(DAY, steps)
    assert len(room.lives) == 2
    assert all(len(life.evidence) for life in room.lives.values())
    ends = [max(fix.at_us for fix in own) for own in DAY.fixes]
    assert [life.solid.horizon_us for life in room.lives.values()] == ends
    on_time = steps_of(DAY, 10)
    assert min(spent, places_s(DAY, on_time), devices_s(DAY, on_time)) > 0.0
