"""A device brought on step by step finds what it finds at once, and says when to come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from device_lives import DAY, START, at, facts, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.formats.monitoring_states import rules_from_bytes, rules_to_bytes
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    KNOWLEDGE_RULES,
    all_device_findings,
)
from tipstaff.monitoring.device_step import (
    DeviceState,
    DeviceStepped,
    Rules,
    new_device_state,
    step_known,
    step_world,
)
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


Pair = tuple[DeviceState, DeviceState]
NEW: Pair = (
    new_device_state(DEVICE_RULES, DEVICES_V2),
    new_device_state(KNOWLEDGE_RULES, DEVICES_V2),
)


def stepped(
    pair: Pair, life: list[DeviceFact], seen: DeviceWatch, until: int
) -> tuple[Pair, list[Finding], int | None]:
    """Both families brought on by what is new of a life."""
    of_then = [one for one in life if pair[0].horizon_us < one.at_us <= until]
    came_then = [one for one in life if pair[1].horizon_us < one.ingested_us <= until]
    world = step_world(pair[0], of_then, seen, DEVICES_V2, until)
    known = step_known(pair[1], came_then, seen, DEVICES_V2, until)
    dues = [due for due in (world.next_due_us, known.next_due_us) if due is not None]
    found = [*world.findings, *known.findings]
    return (kept(world, DEVICE_RULES), kept(known, KNOWLEDGE_RULES)), found, min(dues, default=None)


def kept(step: DeviceStepped, rules: Rules) -> DeviceState:
    """The state, gone through its bytes."""
    states = rules_from_bytes(rules, rules_to_bytes(rules, step.state.states))
    assert states == step.state.states
    return replace(step.state, states=states)


def walked(
    life: list[DeviceFact], seen: DeviceWatch, horizons: list[int]
) -> tuple[Pair, list[Finding]]:
    pair, out = NEW, list[Finding]()
    for horizon in horizons:
        pair, found, _ = stepped(pair, life, seen, horizon)
        out += found
    return pair, out


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
    pair, found = walked(life, seen, horizons)
    wanted = all_device_findings(life, seen, DEVICES_V2, horizons[-1])
    assert sorted(found, key=repr) == sorted(wanted, key=repr)
    assert stepped(pair, [], seen, horizons[-1])[:2] == (pair, [])


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
    pair, _ = walked(known, seen, [at(minute)])
    due = stepped(pair, [], seen, at(minute))[2]
    if due is None:
        assert stepped(pair, [], seen, at(99 * DAY))[1] == []
        return
    assert due > at(minute)
    assert stepped(pair, [], seen, due - 1)[1] == []


def test_a_worker_that_sleeps_until_it_is_due_is_never_late() -> None:
    life = facts(*(f"{m} fix {m % 9} 0 5" for m in range(1, 20)), "5 battery_level 30")
    told = list[int]()
    now, seen = at(20), watch(end=DAY, demands=((600, 900),))
    pair, _, due = stepped(NEW, life, seen, now)
    while due is not None:
        now = due
        pair, found, due = stepped(pair, [], seen, now)
        assert all(one.at == from_micros(now) for one in found)
        told += [to_micros(one.at) for one in found]
    assert told == sorted(told)
    assert len(told) > 5


def test_broken_calls_are_refused() -> None:
    (fact,) = facts("5 heartbeat")
    for step, new in zip((step_world, step_known), NEW, strict=True):
        with pytest.raises(ValueError, match="future"):
            step(new, [fact], watch(), DEVICES_V2, at(4))
        later = step(new, [fact], watch(), DEVICES_V2, at(5)).state
        with pytest.raises(ValueError, match="before the horizon"):
            step(later, [fact], watch(), DEVICES_V2, at(6))
        with pytest.raises(ValueError, match="devices-9"):
            step(later, [], watch(), replace(DEVICES_V2, version="devices-9"), at(6))


def test_a_state_is_small() -> None:
    life = facts(*(f"{m} fix {m % 9} 0 5" for m in range(1, 400)), "5 battery_level 30")
    (world, known), _ = walked(life, watch(), [at(400)])
    sizes = [
        len(rules_to_bytes(rules, state.states))
        for rules, state in ((DEVICE_RULES, world), (KNOWLEDGE_RULES, known))
    ]
    assert sum(sizes) < 2_500
