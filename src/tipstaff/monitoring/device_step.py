"""One device from one horizon to the next: every rule, its state taken up where it was left.

`step(state, facts, came, watch, parameters, now)`: `facts` are those whose instants lie after the
last horizon and not after `now`; `came` those that came in meanwhile, whatever their instants. The
former are for world rules, the latter for rules about what was known. In live work the two lists
are mostly the same. A fact from before the horizon is not for world rules to take here: the worker
goes back to the last checkpoint before it, and on from there. Findings are those of
`monitoring.device_reference`, whatever the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.findings import Finding
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    KNOWLEDGE_RULES,
    ticked_to,
)
from tipstaff.monitoring.device_watches import (
    DeviceFact,
    DeviceRule,
    DeviceWatch,
    Found,
    once,
    order_of,
)

_RULES: Final = (*DEVICE_RULES, *KNOWLEDGE_RULES)


@dataclass(frozen=True, slots=True, repr=False)
class DeviceState:
    """What is kept of a device between steps: for each rule, its state in each period begun.

    `version` names the parameters; a state is not gone on with under others. `horizon_us` is how
    far it has been brought, before everything at first.
    """

    version: str
    horizon_us: int
    states: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class DeviceStepped:
    """The state after a step, what was found, and when the clock is next needed (µs; or never)."""

    state: DeviceState
    findings: tuple[Finding, ...]
    next_due_us: int | None


def new_device_state(parameters: DeviceParameters) -> DeviceState:
    """Nothing known, nothing begun."""
    return DeviceState(parameters.version, -(2**62), tuple(() for _ in _RULES))


def step(
    state: DeviceState,
    facts: Iterable[DeviceFact],
    came: Iterable[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
    now_us: int,
) -> DeviceStepped:
    """Bring a device to `now_us`. ValueError for a state of other parameters, or facts not due."""
    if state.version != parameters.version:
        raise ValueError(f"a state of {state.version} cannot go on under {parameters.version}")
    world = once(facts)
    known = sorted(once(came), key=lambda fact: (fact.ingested_us, order_of(fact)))
    _are_due([fact.at_us for fact in world], state.horizon_us, now_us)
    _are_due([fact.ingested_us for fact in known], state.horizon_us, now_us)
    states, out = [], []
    for rule, own in zip(_RULES, state.states, strict=True):
        is_known = rule in KNOWLEDGE_RULES
        walk = _Walk(rule, watch, parameters, state.horizon_us, now_us)
        after, found = walk.over(own, known if is_known else world, _came if is_known else _at)
        states.append(after)
        out += found
    stepped = DeviceState(state.version, max(state.horizon_us, now_us), tuple(states))
    findings = tuple(sorted(out, key=lambda one: one.at))
    return DeviceStepped(stepped, findings, _next_due(stepped, watch, parameters))


def _at(fact: DeviceFact) -> int:
    return fact.at_us


def _came(fact: DeviceFact) -> int:
    return fact.ingested_us


def _are_due(instants: Iterable[int], horizon_us: int, now_us: int) -> None:
    if any(not horizon_us < at <= now_us for at in instants):
        raise ValueError("facts from before the horizon, or from the future")


@dataclass(frozen=True, slots=True)
class _Walk:
    """One rule over one step."""

    rule: DeviceRule[Any]
    watch: DeviceWatch
    parameters: DeviceParameters
    after_us: int
    until_us: int

    def over(
        self,
        states: tuple[Any, ...],
        facts: Sequence[DeviceFact],
        clock: Callable[[DeviceFact], int],
    ) -> tuple[tuple[Any, ...], Found]:
        """The states in each period begun, and what was found."""
        after, out = [], []
        for place, (start_us, end_us) in enumerate(self.watch.periods):
            if start_us > self.until_us:
                break
            if place < len(states):
                state = states[place]
            else:
                state = self.rule.begin(start_us, self.watch, self.parameters)
            state, found = self._period(state, (start_us, end_us), facts, clock)
            after.append(state)
            out += found
        return tuple(after), out

    def _period(
        self,
        state: Any,
        period: tuple[int, int],
        facts: Sequence[DeviceFact],
        clock: Callable[[DeviceFact], int],
    ) -> tuple[Any, Found]:
        start_us, end_us = period
        out: Found = []
        if self.after_us < end_us:
            own = [fact for fact in facts if start_us <= clock(fact) < end_us]
            state, out = self._within(state, end_us, own, clock)
        if clock is _at:
            return state, out
        for fact in facts:
            if clock(fact) >= end_us and start_us <= fact.at_us < end_us:
                state, taken = self.rule.take(state, fact, self.watch, self.parameters)
                out += taken
        return state, out

    def _within(
        self,
        state: Any,
        end_us: int,
        facts: Sequence[DeviceFact],
        clock: Callable[[DeviceFact], int],
    ) -> tuple[Any, Found]:
        """A period that was not over before: its facts, the clock, and its end once reached."""
        out: Found = []
        for fact in facts:
            state, ticked = self._ticked(state, clock(fact) - 1)
            state, taken = self.rule.take(state, fact, self.watch, self.parameters)
            out += ticked + taken
        state, ticked = self._ticked(state, min(end_us - 1, self.until_us))
        out += ticked
        if end_us <= self.until_us:
            state, ended = self.rule.end(state, end_us, self.watch, self.parameters)
            out += ended
        return state, out

    def _ticked(self, state: Any, until_us: int) -> tuple[Any, Found]:
        return ticked_to(state, until_us, self.watch, self.rule, self.parameters)


def _next_due(state: DeviceState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    """The first instant after the horizon at which a period begins or ends, or a rule is due."""
    edges = [at for period in watch.periods for at in period if at > state.horizon_us]
    for rule, own in zip(_RULES, state.states, strict=True):
        if own and state.horizon_us < watch.periods[len(own) - 1][1]:
            due = rule.due(own[-1], watch, parameters)
            edges += [] if due is None else [due]
    return min(edges, default=None)
