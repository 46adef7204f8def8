"""What is kept of a life comes back as it was, or is refused: never as anything else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from device_lives import DAY, at, facts, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import (
    Finding,
    FindingKind,
    Level,
    Outcome,
    PeriodOutcome,
    Step,
    Told,
    Why,
)
from tipstaff.domain.periods import from_micros
from tipstaff.formats.monitoring_states import (
    rules_from_bytes,
    rules_to_bytes,
    told_from_bytes,
    told_to_bytes,
)
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import DEVICE_RULES, KNOWLEDGE_RULES
from tipstaff.monitoring.device_step import new_device_state, step_known, step_world
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, OthersNear
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.standing import Stand

RULES = (*DEVICE_RULES, *KNOWLEDGE_RULES)
SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LIFE = facts(*(f"{m} fix {m % 9} 0 5" for m in range(1, 60)), "5 battery_level 30", "9 strap_cut")
States = tuple[tuple[Any, ...], ...]


@st.composite
def device_facts(draw: st.DrawFn) -> DeviceFact:
    minute = draw(st.integers(-10, 700))
    came = at(minute + draw(st.sampled_from([0, 0, 5, 400])))
    what = draw(st.integers(0, 9))
    if what < 5:
        kind = draw(st.sampled_from(list(EventKind)))
        level = draw(st.integers(0, 100)) if kind is EventKind.BATTERY_LEVEL else -1
        return DeviceEvent(at(minute), kind, came, level_pct=level)
    if what < 9:
        north = draw(st.sampled_from([0, 50, 200_000]))
        return Fix(at(minute), 530_000_000 + north, -15_000_000, 1, 500, came)
    return OthersNear(at(minute), draw(st.integers(0, 1)), 1, came)


def reached(life: list[DeviceFact], minute: int) -> tuple[States, tuple[Finding, ...]]:
    """The states after a step, and its findings; the tag is worn twice."""
    seen = replace(watch(), periods=((at(0), at(300)), (at(500), at(2 * DAY))), demands=())
    of_then = [one for one in life if one.at_us <= at(minute)]
    came = [one for one in life if one.ingested_us <= at(minute)]
    world = new_device_state(DEVICE_RULES, DEVICES_V2)
    known = new_device_state(KNOWLEDGE_RULES, DEVICES_V2)
    was = step_world(world, of_then, seen, DEVICES_V2, at(minute))
    knew = step_known(known, came, seen, DEVICES_V2, at(minute))
    return was.state.states + knew.state.states, was.findings + knew.findings


@SOME
@given(
    st.lists(device_facts(), max_size=25, unique_by=lambda one: (type(one), one.at_us)),
    st.integers(-20, 3 * DAY),
)
def test_states_and_findings_come_back_as_they_were(life: list[DeviceFact], minute: int) -> None:
    states, found = reached(life, minute)
    assert rules_from_bytes(RULES, rules_to_bytes(RULES, states)) == states
    world = len(DEVICE_RULES)
    for rules, own in ((DEVICE_RULES, states[:world]), (KNOWLEDGE_RULES, states[world:])):
        back = rules_from_bytes(rules, rules_to_bytes(rules, own))
        assert same(back, own)
    assert told_from_bytes(told_to_bytes(found)) == list(found)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types, all the way down.

    But that a rule may put a `Level` where a number is asked for: a number comes back.
    """
    if type(one) is not type(other) and {type(one), type(other)} != {int, Level}:
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if names := getattr(one, "__slots__", ()):
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)


instants = st.integers(0, 2**52).map(from_micros)
numbers = st.floats(allow_nan=False)
told = st.lists(
    st.one_of(
        st.builds(
            Finding, instants, st.sampled_from(FindingKind), st.text(max_size=9),
            st.sampled_from(Step), st.sampled_from(Level), st.sampled_from(Why), instants,
            st.none() | numbers,
        ),
        st.builds(
            PeriodOutcome, instants, st.sampled_from(FindingKind), st.text(max_size=9), instants,
            st.sampled_from(Outcome), numbers, numbers, st.none() | instants, st.none() | instants,
        ),
    ),
    max_size=6,
)  # fmt: skip


@SOME
@given(told)
def test_what_was_told_comes_back_as_it_was(said: list[Told]) -> None:
    back = told_from_bytes(told_to_bytes(said))
    assert back == said
    assert repr(back) == repr(said)


def test_numbers_and_instants_are_exact() -> None:
    when = datetime(2026, 3, 1, 12, 0, 0, 1, UTC)
    one = Finding(when, FindingKind.ZONE, "é\u2028", Step.BEGAN, Level(2), Why.FIX_INSIDE, when)
    made = [
        replace(one, probability=x)
        for x in (0.1 + 0.2, 5e-324, math.inf, -0.0, 1.0, math.nextafter(1.0, 2.0))
    ]  # fmt: skip
    assert repr(told_from_bytes(told_to_bytes(made))) == repr(made)
    summer = replace(made[0], at=when.astimezone(timezone(timedelta(hours=1))))
    assert told_from_bytes(told_to_bytes([summer])) == made[:1]


PAIRS: list[tuple[bytes, Callable[[bytes], Any]]] = [
    (rules_to_bytes(RULES, reached(LIFE, 60)[0]), lambda content: rules_from_bytes(RULES, content)),
    (told_to_bytes(reached(LIFE, 60)[1]), told_from_bytes),
]


@SOME
@given(st.sampled_from(PAIRS), st.data())
def test_damaged_bytes_are_refused(pair: tuple[bytes, Callable[[bytes], Any]], data: Any) -> None:
    content, read = pair
    place = data.draw(st.integers(0, len(content) - 1))
    bits = data.draw(st.integers(1, 255))
    flipped = content[:place] + bytes([content[place] ^ bits]) + content[place + 1 :]
    for damaged in (flipped, content[:place], content + b"\0", content[place + 1 :]):
        with pytest.raises(StateError):
            read(damaged)


def test_bytes_of_something_else_are_refused() -> None:
    (rules, _), (said, _) = PAIRS
    with pytest.raises(StateError, match="version"):
        told_from_bytes(rules)
    with pytest.raises(StateError, match="version"):
        rules_from_bytes(RULES, said)
    with pytest.raises(StateError, match="version"):
        rules_from_bytes(RULES[:-1], rules)
    with pytest.raises(StateError, match="version"):
        rules_from_bytes(RULES[::-1], rules)
    with pytest.raises(StateError, match="cut short"):
        rules_from_bytes(RULES, b"")


@dataclass(frozen=True, slots=True)
class Before:
    """A state as a program kept it."""

    stand: Stand
    at_us: int | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The same state, as the next one keeps it: the field means something else now."""

    stand: Stand
    since_us: int | None = None


def rule(kind: type[Any]) -> DeviceRule[Any]:
    return replace(RULES[0], name="one", state=kind)


def test_a_state_of_another_shape_is_refused() -> None:
    state = Before(Stand(FindingKind.BATTERY), 5)
    content = rules_to_bytes([rule(Before)], ((state, state),))
    assert rules_from_bytes([rule(Before)], content) == ((state, state),)
    with pytest.raises(StateError, match="version"):
        rules_from_bytes([rule(After)], content)


def test_states_that_are_not_the_rules_are_a_broken_call() -> None:
    states = reached(LIFE, 60)[0]
    with pytest.raises(ValueError, match="each rule"):
        rules_to_bytes(RULES, states[1:])
    with pytest.raises(ValueError, match="strap"):
        rules_to_bytes(RULES, states[::-1])
    wrong = Before(Stand(FindingKind.BATTERY), "five")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected"):
        rules_to_bytes([rule(Before)], ((wrong,),))


def test_what_is_kept_of_a_life_is_small() -> None:
    assert len(PAIRS[0][0]) < 3_000
