"""A device brought on step by step finds what it finds at once, and says when to come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from device_lives import DAY, START, at, facts, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.formats.device_state_text import OtherShapeError, parse_state, state_text
from tipstaff.monitoring.device_parameters import DEVICES_V1
from tipstaff.monitoring.device_reference import all_device_findings
from tipstaff.monitoring.device_step import DeviceState, new_device_state, step
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch, OthersNear
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix

SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TWICE = replace(watch(), periods=((START, at(300)), (at(500), at(2 * DAY))), demands=())
ONCE = watch(end=DAY, demands=((600, 900),))


@st.composite
def device_facts(draw: st.DrawFn) -> DeviceFact:
    minute = draw(st.integers(-10, 700))
    came = at(minute + draw(st.sampled_from([0, 0, 0, 5, 400])))
    what = draw(st.integers(0, 9))
    if what < 4:
        kind = draw(st.sampled_from(list(EventKind)))
        level = draw(st.integers(0, 100)) if kind is EventKind.BATTERY_LEVEL else -1
        return DeviceEvent(at(minute), kind, came, level_pct=level)
    if what < 9:
        north = draw(st.sampled_from([0, 0, 50, 200_000]))
        return Fix(at(minute), 530_000_000 + north, -15_000_000, 1, 500, came)
    return OthersNear(at(minute), draw(st.integers(0, 1)), 1, came)


def between(life: list[DeviceFact], low: int, high: int) -> tuple[list[DeviceFact], ...]:
    """Facts of the stretch, and facts that came in during it."""
    return (
        [one for one in life if low < one.at_us <= high],
        [one for one in life if low < one.ingested_us <= high],
    )


def walked(
    life: list[DeviceFact], seen: DeviceWatch, horizons: list[int]
) -> tuple[DeviceState, list[Finding]]:
    state, out = new_device_state(DEVICES_V1), []
    for horizon in horizons:
        of_then, came_then = between(life, state.horizon_us, horizon)
        stepped = step(state, of_then, came_then, seen, DEVICES_V1, horizon)
        state, out = parse_state(state_text(stepped.state)), out + list(stepped.findings)
        assert state == stepped.state
    return state, out


@SOME
@given(
    st.lists(device_facts(), max_size=20, unique_by=lambda one: (type(one), one.at_us)),
    st.sampled_from([ONCE, TWICE]),
    st.lists(
        st.one_of(st.integers(-20, 3 * DAY), st.sampled_from([0, 300, 500, DAY, 2 * DAY])),
        min_size=1,
        max_size=6,
    ).map(sorted),
)
def test_any_steps_find_what_one_finds(
    life: list[DeviceFact], seen: DeviceWatch, minutes: list[int]
) -> None:
    horizons = [at(minute) for minute in minutes]
    state, found = walked(life, seen, horizons)
    wanted = all_device_findings(life, seen, DEVICES_V1, horizons[-1])
    assert sorted(found, key=repr) == sorted(wanted, key=repr)
    again = step(state, [], [], seen, DEVICES_V1, horizons[-1])
    assert (again.state, again.findings) == (state, ())


@SOME
@given(
    st.lists(device_facts(), max_size=12, unique_by=lambda one: (type(one), one.at_us)),
    st.sampled_from([ONCE, TWICE]),
    st.integers(700, 1_200),
)
def test_before_it_is_due_the_clock_finds_nothing(
    life: list[DeviceFact], seen: DeviceWatch, minute: int
) -> None:
    """The worker may sleep until then; and nothing waits that it is not told of."""
    known = [one for one in life if one.ingested_us <= at(minute)]
    state, _ = walked(known, seen, [at(minute)])
    stepped = step(state, [], [], seen, DEVICES_V1, at(minute))
    due = stepped.next_due_us
    if due is None:
        assert step(state, [], [], seen, DEVICES_V1, at(99 * DAY)).findings == ()
        return
    assert due > at(minute)
    assert step(state, [], [], seen, DEVICES_V1, due - 1).findings == ()


def test_a_worker_that_sleeps_until_it_is_due_is_never_late() -> None:
    life = facts(*(f"{m} fix {m % 9} 0 5" for m in range(1, 20)), "5 battery_level 30")
    state, told = new_device_state(DEVICES_V1), []
    now, seen = at(20), watch(end=DAY, demands=((600, 900),))
    stepped = step(state, *between(life, state.horizon_us, now), seen, DEVICES_V1, now)
    while stepped.next_due_us is not None:
        now = stepped.next_due_us
        stepped = step(stepped.state, [], [], seen, DEVICES_V1, now)
        assert all(one.at == from_micros(now) for one in stepped.findings)
        told += [to_micros(one.at) for one in stepped.findings]
    assert told == sorted(told)
    assert len(told) > 5


def test_broken_calls_are_refused() -> None:
    state = new_device_state(DEVICES_V1)
    (fact,) = facts("5 heartbeat")
    with pytest.raises(ValueError, match="future"):
        step(state, [fact], [], watch(), DEVICES_V1, at(4))
    later = step(state, [fact], [fact], watch(), DEVICES_V1, at(5)).state
    with pytest.raises(ValueError, match="before the horizon"):
        step(later, [fact], [], watch(), DEVICES_V1, at(6))
    with pytest.raises(ValueError, match="devices-2"):
        step(later, [], [], watch(), replace(DEVICES_V1, version="devices-2"), at(6))


def test_a_state_of_another_version_is_refused() -> None:
    text = state_text(new_device_state(DEVICES_V1))
    other = text.replace(text[2:6], "0000" if text[2:6] != "0000" else "1111", 1)
    with pytest.raises(OtherShapeError):
        parse_state(other)


def test_a_state_is_small() -> None:
    life = facts(*(f"{m} fix {m % 9} 0 5" for m in range(1, 400)), "5 battery_level 30")
    state, _ = walked(life, watch(), [at(400)])
    assert len(state_text(state)) < 2_000
