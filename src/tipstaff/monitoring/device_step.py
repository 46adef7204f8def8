"""One device from one horizon to the next: its rules, their states taken up where they were left.

Rules about what was so (`step_world`) take facts whose instants lie after the last horizon; rules
about what was known (`step_known`) take those that came in since, whatever their instants. Each of
the two families has a state and a horizon of its own: one is brought on to the last fact, the other
with the clock. A fact from before the horizon is not for world rules to take: who calls goes back
to an earlier state, and on from there. Whatever the steps, findings are those of
`monitoring.device_reference`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
from tipstaff.monitoring.events import DeviceEvent

Rules = Sequence[DeviceRule[Any]]


@dataclass(frozen=True, slots=True, repr=False)
class DeviceState:
    """What is kept of a family of rules between steps: for each, its state in each period begun.

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


def new_device_state(rules: Rules, parameters: DeviceParameters) -> DeviceState:
    """Nothing known, nothing begun."""
    return DeviceState(parameters.version, -(2**62), tuple(() for _ in rules))


def step_world(
    state: DeviceState,
    facts: Iterable[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
    until_us: int,
) -> DeviceStepped:
    """Bring DEVICE_RULES to `until_us` by facts of instants after the horizon.

    ValueError for a state of other parameters, or for facts from before the horizon or after it.
    """
    walk = _Walk(DEVICE_RULES, _at, watch, parameters, state.horizon_us, until_us)
    return walk.stepped(state, once(facts))


def step_known(
    state: DeviceState,
    came: Iterable[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
    now_us: int,
) -> DeviceStepped:
    """Bring KNOWLEDGE_RULES to `now_us` by facts that came in after the horizon; else as above."""
    walk = _Walk(KNOWLEDGE_RULES, _came, watch, parameters, state.horizon_us, now_us)
    known = sorted(once(came), key=lambda fact: (fact.ingested_us, order_of(fact)))
    return walk.stepped(state, known)


def _at(fact: DeviceFact) -> int:
    return fact.at_us


def _came(fact: DeviceFact) -> int:
    return fact.ingested_us


@dataclass(frozen=True, slots=True)
class _Timed:
    """Facts in order, and their times by the clock that is gone by."""

    facts: Sequence[DeviceFact]
    times: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Walk:
    """A family of rules over one step, by the clock that it goes by."""

    rules: Rules
    clock: Callable[[DeviceFact], int]
    watch: DeviceWatch
    parameters: DeviceParameters
    after_us: int
    until_us: int

    def stepped(self, state: DeviceState, facts: Sequence[DeviceFact]) -> DeviceStepped:
        """The family brought on."""
        if state.version != self.parameters.version:
            mine = self.parameters.version
            raise ValueError(f"a state of {state.version} cannot go on under {mine}")
        every = _Timed(facts, [self.clock(fact) for fact in facts])
        if facts and not self.after_us < every.times[0] <= every.times[-1] <= self.until_us:
            raise ValueError("facts from before the horizon, or from the future")
        told = [fact for fact in facts if isinstance(fact, DeviceEvent)]
        events = _Timed(told, [self.clock(fact) for fact in told])
        walked = [
            self._over(rule, own, every if rule.positions else events)
            for rule, own in zip(self.rules, state.states, strict=True)
        ]
        after = DeviceState(
            state.version, max(state.horizon_us, self.until_us), tuple(own for own, _ in walked)
        )
        findings = tuple(sorted((f for _, told in walked for f in told), key=lambda f: f.at))
        return DeviceStepped(after, findings, self._next_due(after))

    def _over(
        self, rule: DeviceRule[Any], states: tuple[Any, ...], facts: _Timed
    ) -> tuple[tuple[Any, ...], Found]:
        """The states in each period begun, and what was found."""
        periods = self.watch.periods
        if len(periods) == 1 == len(states) and self.until_us < periods[0][1]:
            start_us, end_us = periods[0]
            if not facts.times or facts.times[0] >= start_us:  # nearly always so
                own = facts.facts, facts.times
                state, found = self._within(rule, states[0], end_us, *own)
                return (states if state is states[0] else (state,)), found
        after, out = [], []
        for place, (start_us, end_us) in enumerate(self.watch.periods):
            if start_us > self.until_us:
                break
            if place < len(states):
                state = states[place]
            else:
                state = rule.begin(start_us, self.watch, self.parameters)
            state, found = self._period(rule, state, (start_us, end_us), facts)
            after.append(state)
            out += found
        return tuple(after), out

    def _period(
        self,
        rule: DeviceRule[Any],
        state: Any,
        period: tuple[int, int],
        facts: _Timed,
    ) -> tuple[Any, Found]:
        start_us, end_us = period
        out: Found = []
        past = bisect_left(facts.times, end_us)
        if self.after_us < end_us:
            first = bisect_left(facts.times, start_us)
            own = facts.facts[first:past], facts.times[first:past]
            state, out = self._within(rule, state, end_us, *own)
        if self.clock is _at:
            return state, out
        for fact in facts.facts[past:]:
            if start_us <= fact.at_us < end_us:
                state, taken = rule.take(state, fact, self.watch, self.parameters)
                out += taken
        return state, out

    def _within(
        self,
        rule: DeviceRule[Any],
        state: Any,
        end_us: int,
        facts: Sequence[DeviceFact],
        times: Sequence[int],
    ) -> tuple[Any, Found]:
        """A period that was not over before: its facts, the clock, and its end once reached."""
        out: Found = []
        due_of, take, watch, parameters = rule.due, rule.take, self.watch, self.parameters
        for fact, at_us in zip(facts, times, strict=True):
            due = due_of(state, watch, parameters)
            if due is not None and due < at_us:
                state, ticked = self._ticked(rule, state, at_us - 1)
                out += ticked
            state, taken = take(state, fact, watch, parameters)
            if taken:
                out += taken
        state, ticked = self._ticked(rule, state, min(end_us - 1, self.until_us))
        out += ticked
        if end_us <= self.until_us:
            state, ended = rule.end(state, end_us, self.watch, self.parameters)
            out += ended
        return state, out

    def _ticked(self, rule: DeviceRule[Any], state: Any, until_us: int) -> tuple[Any, Found]:
        return ticked_to(state, until_us, self.watch, rule, self.parameters)

    def _next_due(self, state: DeviceState) -> int | None:
        """The first instant after the horizon at which a period has an edge, or a rule is due."""
        edges = [at for period in self.watch.periods for at in period if at > state.horizon_us]
        for rule, own in zip(self.rules, state.states, strict=True):
            if own and state.horizon_us < self.watch.periods[len(own) - 1][1]:
                due = rule.due(own[-1], self.watch, self.parameters)
                edges += [] if due is None else [due]
        return min(edges, default=None)
