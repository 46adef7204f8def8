"""Where a rule says in short that nothing is found, it is what the rule finds fact by fact."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from device_lives import DAY, MINUTE, START, at, facts, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding
from tipstaff.domain.fixes import Mechanism
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import DEVICE_RULES, KNOWLEDGE_RULES, ticked_to
from tipstaff.monitoring.device_watches import (
    DeviceFact,
    DeviceRule,
    DeviceWatch,
    OthersNear,
    ReportingPlan,
    once,
)
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix

SOME = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
Clock = Callable[[DeviceFact], int]


def happened(fact: DeviceFact) -> int:
    return fact.at_us


def came(fact: DeviceFact) -> int:
    return fact.ingested_us


SHORT: list[tuple[DeviceRule[Any], Clock]] = [
    *((rule, happened) for rule in DEVICE_RULES if rule.quiet is not None),
    *((rule, came) for rule in KNOWLEDGE_RULES if rule.quiet is not None),
]
PLANS = [ReportingPlan(), ReportingPlan(position_s=None), ReportingPlan(60, 60, None)]
#: Of what a fact is odd, by its minutes: late, from ahead, by a round of satellite weeks.
LATE = [1, 5, 30, 400, 400, -1, -3, -60, -1_024 * 7 * DAY, 1_024 * 7 * DAY]
TELLING = [EventKind.FAULT, EventKind.UNKNOWN_CODE, EventKind.STRAP_CUT, EventKind.JAMMED]


def life_of(seed: int) -> list[DeviceFact]:
    """Mostly steady: fixes every so often; some at rest, far off, by a network, late, or events."""
    chance = random.Random(seed)
    wild = chance.choice([0.02, 0.1, 0.4])
    every = chance.choice([1, 1, 10, 10, 40, 600])
    still = chance.random() < 0.4
    told: list[DeviceFact] = []
    minute, north = chance.choice([0.0, 0.0, -50.0 * DAY]), 0
    for _ in range(60):
        odd = chance.random() < wild
        minute += chance.choice([0, 0.01, 16, 61, 1_500, 60 * DAY]) if odd else every
        when = at(minute) + chance.randrange(3)
        received = when + (chance.choice(LATE) * MINUTE if chance.random() < wild else 0)
        kind = chance.random() if chance.random() < wild else 1.0
        if kind < 0.4:
            said = chance.choice([*TELLING, *EventKind])
            told.append(DeviceEvent(when, said, received, level_pct=50))
        elif kind < 0.5:
            told.append(OthersNear(when, 1, 1, received))
        else:
            north += 0 if still else chance.choice([0, 1, 60, 4_000])
            off = chance.choice([0, 40_000, 400_000, 4_000_000]) if odd else 0
            how = Mechanism.LBS if kind < 0.8 else Mechanism.GPS
            place, radius = 530_000_000 + north + off, chance.choice([-1, 500, 500, 80_000])
            told.append(Fix(when, place, -15_000_000, int(how), radius, received))
    return told


def walked(
    rule: DeviceRule[Any], state: Any, own: list[DeviceFact], clock: Clock, seen: DeviceWatch
) -> tuple[Any, list[Finding]]:
    """Fact by fact, the clock between them."""
    out: list[Finding] = []
    for fact in own:
        state, ticked = ticked_to(state, clock(fact) - 1, seen, rule, DEVICES_V2)
        state, taken = rule.take(state, fact, seen, DEVICES_V2)
        out += ticked + taken
    return state, out


@pytest.mark.parametrize(("rule", "clock"), SHORT, ids=[rule.name for rule, _ in SHORT])
@SOME
@given(st.integers(0, 10**9), st.sampled_from(PLANS))
def test_the_short_cut_says_what_the_long_way_says(
    rule: DeviceRule[Any], clock: Clock, seed: int, plan: ReportingPlan
) -> None:
    seen = replace(watch(), plan=plan)
    ordered = sorted(once(life_of(seed)), key=clock)
    state = rule.begin(START, seen, DEVICES_V2)
    for place, fact in enumerate(ordered):
        for size in (1, 8):
            own = ordered[place : place + size]
            assert rule.quiet is not None
            short = rule.quiet(state, own, seen, DEVICES_V2)
            if short is not None:
                assert (short, []) == walked(rule, state, own, clock, seen)
        state, _ = walked(rule, state, [fact], clock, seen)


@pytest.mark.parametrize(("rule", "clock"), SHORT, ids=[rule.name for rule, _ in SHORT])
def test_an_ordinary_day_is_taken_by_the_short_cut(rule: DeviceRule[Any], clock: Clock) -> None:
    seen = watch()
    day = facts(
        *(f"{m} fix {abs(m * 40 % 18_000 - 9_000)} 0 5 <{m - m % 10 + 10}" for m in range(1, DAY))
    )
    state = rule.begin(START, seen, DEVICES_V2)
    for start in range(0, len(day), 10):
        assert rule.quiet is not None
        state = rule.quiet(state, day[start : start + 10], seen, DEVICES_V2)
        assert state is not None


def test_every_rule_that_takes_positions_has_one() -> None:
    """Where one has none, each fix of each wearer costs it a call."""
    rules = [*DEVICE_RULES, *KNOWLEDGE_RULES]
    assert {rule.name for rule in rules if rule.positions} == {rule.name for rule, _ in SHORT}
