"""The engine, slow and obvious: the facts of one wearer one by one, each rule by itself.

`step` brings a wearer from one horizon to the next. The columnar engine must tell exactly the
same; Hypothesis shows that it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tipstaff.domain.findings import Told
from tipstaff.monitoring.facts import Fact, Rank, in_order
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import attendance, curfew, zone
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch, Watch, ZoneWatch


class Rule(Protocol):
    """A rule: a state for each watch, and what each kind of happening makes of it.

    `due` says when it next needs the clock, given that nothing happens until then.
    """

    def new_state(self, watch: Any, parameters: EngineParameters, /) -> Any: ...  # noqa: D102
    def due(self, state: Any, parameters: EngineParameters, /) -> int | None: ...  # noqa: D102
    def end(  # noqa: D102
        self, state: Any, at_us: int, watch: Any, parameters: EngineParameters, /
    ) -> tuple[Any, Sequence[Told]]: ...
    def start(  # noqa: D102
        self, state: Any, at_us: int, watch: Any, parameters: EngineParameters, /
    ) -> tuple[Any, Sequence[Told]]: ...
    def take(  # noqa: D102
        self, state: Any, fact: Any, watch: Any, parameters: EngineParameters, /
    ) -> tuple[Any, Sequence[Told]]: ...
    def tick(  # noqa: D102
        self, state: Any, at_us: int, watch: Any, parameters: EngineParameters, /
    ) -> tuple[Any, Sequence[Told]]: ...


#: The rule of each kind of watch: a new kind is a line here.
RULES: Final[dict[type, Rule]] = {
    ZoneWatch: zone,
    CurfewWatch: curfew,
    AttendanceWatch: attendance,
}


@dataclass(frozen=True, slots=True, repr=False)
class WearerState:
    """A wearer at a horizon (µs): everything up to it, itself included, has been taken.

    `states` are those of the watches, in their order.
    """

    horizon_us: int
    states: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a step came to: the state there, what is told, and when the clock is needed next.

    Without facts until `next_due_us` (None: ever) no step tells anything.
    """

    state: WearerState
    told: tuple[Told, ...]
    next_due_us: int | None


def new_state(watches: Sequence[Watch], parameters: EngineParameters, since_us: int) -> WearerState:
    """A wearer of whom nothing is known, before anything of `since_us` has been taken."""
    states = (RULES[type(watch)].new_state(watch, parameters) for watch in watches)
    return WearerState(since_us - 1, tuple(states))


def step(
    state: WearerState,
    facts: Iterable[Fact],
    watches: Sequence[Watch],
    parameters: EngineParameters,
    now_us: int,
) -> Stepped:
    """Bring a wearer to `now_us`, by facts later than the state's horizon.

    Facts from after `now_us` are left: hand them in again when their time has come. A fact from
    before the horizon is a broken call (ValueError): it re-runs from an earlier state.
    """
    ordered = [fact for fact in in_order(facts) if fact.at_us <= now_us]
    if ordered and ordered[0].at_us <= state.horizon_us:
        raise ValueError("a fact from before the horizon: step from an earlier state")
    pairs = zip(state.states, watches, strict=True)
    steps = [
        _advanced(one, watch, ordered, parameters, (state.horizon_us, now_us))
        for one, watch in pairs
    ]
    after = WearerState(max(now_us, state.horizon_us), tuple(new for new, _ in steps))
    told = sorted((one for _, found in steps for one in found), key=lambda one: one.at)
    return Stepped(after, tuple(told), next_due(after, watches, parameters))


def next_due(
    state: WearerState, watches: Sequence[Watch], parameters: EngineParameters
) -> int | None:
    """When the clock is needed next: an edge of a period, or what a rule waits for."""
    ats: list[int | None] = []
    for one, watch in zip(state.states, watches, strict=True):
        ats.append(RULES[type(watch)].due(one, parameters))
        ats += [edge for period in watch.periods for edge in period[:2]]
    return min((at for at in ats if at is not None and at > state.horizon_us), default=None)


def _advanced(
    state: Any,
    watch: Watch,
    facts: Sequence[Fact],
    parameters: EngineParameters,
    span_us: tuple[int, int],
) -> tuple[Any, list[Told]]:
    """One watch's state at the end of the span (its beginning not in it), and what it tells."""
    rule, told = RULES[type(watch)], list[Told]()
    for at_us, rank, fact in sorted(_happenings(facts, watch, span_us), key=lambda h: h[:2]):
        state, by_clock = _ticked(rule, state, watch, parameters, at_us - 1)
        if rank is Rank.PERIOD_END:
            state, found = rule.end(state, at_us, watch, parameters)
        elif rank is Rank.PERIOD_START:
            state, found = rule.start(state, at_us, watch, parameters)
        else:
            state, found = rule.take(state, fact, watch, parameters)
        told += [*by_clock, *found]
    state, by_clock = _ticked(rule, state, watch, parameters, span_us[1])
    return state, [*told, *by_clock]


def _ticked(
    rule: Rule, state: Any, watch: Watch, parameters: EngineParameters, until_us: int
) -> tuple[Any, list[Told]]:
    """The clock, for as long as the rule needs it by `until_us`."""
    told: list[Told] = []
    while (at_us := rule.due(state, parameters)) is not None and at_us <= until_us:
        state, found = rule.tick(state, at_us, watch, parameters)
        told += found
    return state, told


def _happenings(
    facts: Iterable[Fact], watch: Watch, span_us: tuple[int, int]
) -> Iterator[tuple[int, Rank, Fact | None]]:
    after_us, until_us = span_us
    for start_us, end_us, *_ in watch.periods:
        if after_us < start_us <= until_us:
            yield start_us, Rank.PERIOD_START, None
        if after_us < end_us <= until_us:
            yield end_us, Rank.PERIOD_END, None
    yield from ((fact.at_us, Rank.FACT, fact) for fact in facts)
