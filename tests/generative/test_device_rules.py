"""Rules about devices on random lives: any order of arrival, any steps of the clock, one story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from device_lives import DAY, START, at, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding, Step
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    KNOWLEDGE_RULES,
    device_findings,
    knowledge_findings,
    ticked_to,
)
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, OthersNear, once
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
WATCH = watch(end=3 * DAY, demands=((600, 900), (2000, 2400)))
KINDS = st.sampled_from(list(EventKind))
MINUTES = st.one_of(st.integers(0, 90), st.integers(-10, 4 * DAY))
COMES_LATE = st.sampled_from([0, 0, 0, 1, 10, 600, 2 * DAY])


@st.composite
def device_facts(draw: Any) -> DeviceFact:
    minute, late = draw(MINUTES), draw(COMES_LATE)
    when, came = at(minute), at(minute + late)
    what = draw(st.integers(0, 9))
    if what < 5:
        kind = draw(KINDS)
        level = draw(st.integers(0, 100)) if kind is EventKind.BATTERY_LEVEL else -1
        return DeviceEvent(when, kind, came, level_pct=level)
    if what < 9:
        north = draw(st.sampled_from([0, 0, 0, 50, 200_000]))
        mechanism = draw(st.sampled_from([1, 1, 1, 5]))
        return Fix(when, 530_000_000 + north, -15_000_000, mechanism, 500, came)
    return OthersNear(when, draw(st.integers(0, 2)), draw(st.integers(0, 2)), came)


LIVES = st.lists(device_facts(), max_size=25)
ANY_RULE = st.sampled_from([*DEVICE_RULES, *KNOWLEDGE_RULES])


def findings(life: list[DeviceFact], rule: DeviceRule[Any], until_us: int) -> list[Finding]:
    by = knowledge_findings if rule in KNOWLEDGE_RULES else device_findings
    return by(life, WATCH, rule, DEVICES_V2, until_us)


@SOME
@given(LIVES, ANY_RULE)
def test_findings_tell_a_story(life: list[DeviceFact], rule: DeviceRule[Any]) -> None:
    """Begun, grown, ended, in turn; times go forward; all is over with the activation."""
    level, filled, ended, last = 0, 0, 0, None
    for one in findings(life, rule, at(6 * DAY)):
        assert one.since <= one.at
        assert last is None or last <= one.at
        last = one.at
        if one.step is Step.FILLED:
            filled += 1
            assert filled <= ended
            continue
        assert (level == 0) is (one.step is Step.BEGAN)
        assert one.step is not Step.GREW or one.level > level
        ended += one.step is Step.ENDED
        level = 0 if one.step is Step.ENDED else int(one.level)
    assert level == 0


@SOME
@given(LIVES, ANY_RULE, st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_it(
    life: list[DeviceFact], rule: DeviceRule[Any], chance: Any
) -> None:
    shuffled = [*life, *chance.sample(life, len(life) // 2)]
    chance.shuffle(shuffled)
    assert findings(shuffled, rule, at(5 * DAY)) == findings(life, rule, at(5 * DAY))


@SOME
@given(LIVES, st.sampled_from(DEVICE_RULES), st.integers(0, 10**9))
def test_world_rules_do_not_ask_when_a_fact_came_in(
    life: list[DeviceFact], rule: DeviceRule[Any], later: int
) -> None:
    moved = [replace(one, ingested_us=one.ingested_us + later) for one in life]
    assert findings(moved, rule, at(5 * DAY)) == findings(life, rule, at(5 * DAY))


@SOME
@given(LIVES, ANY_RULE, st.integers(0, 4 * DAY))
def test_what_was_said_up_to_an_instant_is_said_again_later(
    life: list[DeviceFact], rule: DeviceRule[Any], minute: int
) -> None:
    """For knowledge at each `known_at`; for the world, of facts up to the horizon."""
    now = at(minute)
    then = findings(life, rule, now)
    later = findings(life, rule, at(6 * DAY))
    assert later[: len(then)] == then
    assert all(one.at > from_micros(now) for one in later[len(then) :])


@SOME
@given(LIVES, st.sampled_from(DEVICE_RULES), st.lists(st.integers(0, 3 * DAY), max_size=12))
def test_extra_steps_of_the_clock_change_nothing(
    life: list[DeviceFact], rule: DeviceRule[Any], extra: list[int]
) -> None:
    """The worker steps when it will; what the clock finds is of the instant it was due."""
    (start_us, end_us), horizon = WATCH.periods[0], at(2 * DAY)
    state, out = rule.begin(start_us, WATCH, DEVICES_V2), []
    facts = [one for one in once(life) if start_us <= one.at_us <= min(end_us - 1, horizon)]
    steps = sorted([(one.at_us - 1, 0, one) for one in facts] + [(at(m), 1, None) for m in extra],
                   key=lambda step: step[:2])  # fmt: skip
    for until_us, _, fact in steps:
        if until_us <= horizon:
            state, ticked = ticked_to(state, until_us, WATCH, rule, DEVICES_V2)
            out += ticked
        if fact is not None:
            state, taken = rule.take(state, fact, WATCH, DEVICES_V2)
            out += taken
    out += ticked_to(state, horizon, WATCH, rule, DEVICES_V2)[1]
    assert out == device_findings(life, WATCH, rule, DEVICES_V2, horizon)


@SOME
@given(LIVES)
def test_a_cut_strap_is_never_missed(life: list[DeviceFact]) -> None:
    """T3: whenever a cut came in, there is a beginning no later than it, not yet over."""
    found = findings(life, DEVICE_RULES[0], at(6 * DAY))
    for one in life:
        is_cut = isinstance(one, DeviceEvent) and one.kind is EventKind.STRAP_CUT
        if is_cut and START <= one.at_us < WATCH.periods[0][1]:
            assert _stands(found, one.at_us)


def _stands(found: list[Finding], at_us: int) -> bool:
    micros = [(to_micros(one.at), one.step) for one in found]
    begun = [when for when, step in micros if step is Step.BEGAN and when <= at_us]
    over = [when for when, step in micros if step is Step.ENDED and when < at_us]
    return bool(begun) and not any(begun[-1] < when for when in over)
