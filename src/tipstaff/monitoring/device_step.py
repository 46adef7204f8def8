"""One device from one horizon to the next: its rules, their states taken up where they were left.

Rules about what was so (`step_world`) take facts whose instants lie after the last horizon; rules
about what was known (`step_known`) take those that came in since, whatever their instants. Each of
the two families has a state and a horizon of its own: one is brought on to the last fact, the other
with the clock. A fact from before the horizon is not for world rules to take: who calls goes back
to an earlier state, and on from there. Whatever the steps, findings are those of
`monitoring.device_reference`.

In nearly all steps nothing is found: facts come in time and are as expected. A rule that can tell
so at little cost says so (`DeviceRule.quiet`); only the others are walked fact by fact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
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
from tipstaff.monitoring.place_columns import NEVER

Rules = Sequence[DeviceRule[Any]]


@dataclass(frozen=True, slots=True, repr=False)
class DeviceState:
    """What is kept of a family of rules between steps: for each, its state in each period begun.

    `version` names the parameters; a state is not gone on with under others. `horizon_us` is how
    far it has been brought, before everything at first. `waits` is remembered, never stored: when
    the rules that take events alone next need the clock, with this watch.
    """

    version: str
    horizon_us: int
    states: tuple[tuple[Any, ...], ...]
    waits: tuple[DeviceWatch, int] | None = field(default=None, compare=False)


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
    known = once(came)
    if any(one.ingested_us > other.ingested_us for one, other in pairwise(known)):
        known.sort(key=lambda fact: (fact.ingested_us, order_of(fact)))
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


@dataclass(slots=True)
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
        if facts and not (
            self.after_us < self.clock(facts[0]) and self.clock(facts[-1]) <= self.until_us
        ):
            raise ValueError("facts from before the horizon, or from the future")
        events = [fact for fact in facts if isinstance(fact, DeviceEvent)]
        goes_on = self._goes_on(state, facts)
        idle = goes_on and not events and self._waits(state)
        after: list[tuple[Any, ...]] = []
        out: Found = []
        placed, told = [NEVER], [NEVER]
        for rule, own in zip(self.rules, state.states, strict=True):
            if idle and not rule.positions:
                after.append(own)
                continue
            states, found, due = self._one(rule, own, facts if rule.positions else events, goes_on)
            after.append(states)
            out += found
            if due is not None:
                (placed if rule.positions else told).append(due)
        waits = state.waits if idle else (self.watch, min(told))
        return self._done(state, tuple(after), out, min(placed), waits)

    def _done(
        self,
        state: DeviceState,
        after: tuple[tuple[Any, ...], ...],
        out: Found,
        due_us: int,
        waits: tuple[DeviceWatch, int] | None,
    ) -> DeviceStepped:
        horizon_us = max(state.horizon_us, self.until_us)
        edges = [at_us for period in self.watch.periods for at_us in period if at_us > horizon_us]
        next_us = min(due_us, waits[1] if waits else NEVER, *edges, NEVER)
        out.sort(key=attrgetter("at"))
        brought = DeviceState(state.version, horizon_us, after, waits)
        return DeviceStepped(brought, tuple(out), None if next_us == NEVER else next_us)

    def _waits(self, state: DeviceState) -> bool:
        """Whether without an event the rules that take events alone have nothing to do."""
        waits = state.waits
        return waits is not None and waits[0] is self.watch and waits[1] > self.until_us

    def _one(
        self,
        rule: DeviceRule[Any],
        states: tuple[Any, ...],
        facts: Sequence[DeviceFact],
        goes_on: bool,
    ) -> tuple[tuple[Any, ...], Sequence[Finding], int | None]:
        """One rule's states brought on, what was found, and when it next needs the clock."""
        quiet = self._quiet(rule, states[-1], facts) if goes_on else None
        if quiet is not None:
            state, due = quiet
            return (states if state is states[-1] else (*states[:-1], state)), (), due
        timed = _Timed(facts, [self.clock(fact) for fact in facts])
        after, found = self._over(rule, states, timed)
        return after, found, self._due(rule, after)

    def _goes_on(self, state: DeviceState, facts: Sequence[DeviceFact]) -> bool:
        """Whether all of the step lies in the last period begun, and is about it alone."""
        begun = len(state.states[0])
        if not begun or self.until_us < self.after_us:
            return False
        start_us, end_us = self.watch.periods[begun - 1]
        within = start_us <= self.after_us and self.until_us < end_us
        return within and (begun == 1 or all(fact.at_us >= start_us for fact in facts))

    def _quiet(
        self, rule: DeviceRule[Any], state: Any, facts: Sequence[DeviceFact]
    ) -> tuple[Any, int | None] | None:
        """The state after facts of which nothing is found, and when the clock is needed next."""
        if facts:
            if rule.quiet is None:
                return None
            state = rule.quiet(state, facts, self.watch, self.parameters)
            if state is None:
                return None
        due = rule.due(state, self.watch, self.parameters)
        return None if due is not None and due <= self.until_us else (state, due)

    def _over(
        self, rule: DeviceRule[Any], states: tuple[Any, ...], facts: _Timed
    ) -> tuple[tuple[Any, ...], Found]:
        """The states in each period begun, and what was found."""
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

    def _due(self, rule: DeviceRule[Any], states: tuple[Any, ...]) -> int | None:
        """When the last period begun next needs the clock, unless it is over."""
        if not states or self.watch.periods[len(states) - 1][1] <= self.until_us:
            return None
        return rule.due(states[-1], self.watch, self.parameters)
