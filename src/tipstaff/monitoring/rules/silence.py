"""Silence: nothing heard of a device, or no position of it, by its own reporting plan.

About what was known, so facts are taken as they came in; at every `known_at` it says again what it
said then.

- No communication: nothing came in for three uploads, and never under a quarter of an hour.
- No position: the newest position known is older than three fixes and an upload, while the device
  is heard: of late, at the pace of its uploads. One of which nothing comes at all is not accused of
  this too, and one that has come back has an upload's time to tell.
- Either goes further with time, and ends when the device is heard, or placed, again. The stretch
  stays open: once what came late leaves no gap in it, it is *filled late*. It never vanishes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.domain.transitions import SILENCE as MACHINE
from tipstaff.domain.transitions import Row, SilenceCause
from tipstaff.domain.transitions import Silence as Where
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, found, us
from tipstaff.monitoring.facts import Fix

Gap = tuple[int, int]


@dataclass(frozen=True, slots=True, repr=False)
class Stretch:
    """A silence that is over, begun at `since_us`, with the gaps of which nothing is told yet."""

    since_us: int
    level: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SilenceState:
    """`heard_us`: when anything last came in; `told_us`: the newest instant that is told of.

    `since_us` is since when it has been silent, `back_us` when it was heard again; `over`
    whether the activation is over, so that only what fills stretches matters.
    """

    heard_us: int
    told_us: int
    where: Where = Where.HEARD
    level: int = 0
    since_us: int = 0
    back_us: int = 0
    over: bool = False
    stretches: tuple[Stretch, ...] = ()


def quiet_us(watch: DeviceWatch, parameters: DeviceParameters) -> int:
    """How long nothing may be heard."""
    numbers = parameters.silence
    return us(max(numbers.least_s, numbers.missed * watch.plan.upload_s))


def unplaced_us(watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    """How old the newest position may be; None where the device tells none."""
    numbers, apart = parameters.silence, watch.plan.position_s
    if apart is None:
        return None
    return us(max(numbers.least_s, numbers.missed * apart) + watch.plan.upload_s)


def recent_us(watch: DeviceWatch, parameters: DeviceParameters) -> int:
    """Within what a device has to have been heard for its lost position to be its own matter."""
    return us(parameters.silence.recent * watch.plan.upload_s)


def gap_us(watch: DeviceWatch, parameters: DeviceParameters) -> int:
    """Over what a gap is missing data."""
    numbers, plan = parameters.silence, watch.plan
    apart = plan.upload_s if plan.position_s is None else plan.position_s
    return us(max(numbers.gap_s, numbers.missed * apart))


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> SilenceState:
    return SilenceState(heard_us=at_us, told_us=at_us)


def _tells(fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters) -> bool:
    """Whether a fact tells of its instant: a position, where the device tells positions."""
    ahead = fact.at_us - fact.ingested_us > us(parameters.silence.ahead_s)
    return not ahead and (watch.plan.position_s is None or isinstance(fact, Fix))


def _take_any(
    state: SilenceState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[SilenceState, Found]:
    at_us, tells = fact.ingested_us, _tells(fact, watch, parameters)
    out: Found = []
    if not state.over and state.level:
        to_us = at_us - us(watch.plan.upload_s)
        kind, why = FindingKind.SILENCE, Why.HEARD_AGAIN
        state, out = _broken(state, (at_us, to_us), why, kind, watch)
    told_us = max(state.told_us, fact.at_us) if tells else state.told_us
    state = _heard(state, at_us, told_us, state.back_us)
    return _filled(state, fact, tells, FindingKind.SILENCE, watch, parameters, out)


def _quiet_any(
    state: SilenceState,
    facts: Sequence[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
) -> SilenceState | None:
    """Heard in time, and of no silence that is to be filled."""
    if state.over or state.level:
        return None
    heard_us, told_us, allowed_us = state.heard_us, state.told_us, quiet_us(watch, parameters)
    open_still, least_us = state.stretches, gap_us(watch, parameters)
    ahead_us, any_tells = us(parameters.silence.ahead_s), watch.plan.position_s is None
    for fact in facts:
        at_us, came_us = fact.at_us, fact.ingested_us
        if came_us - heard_us > allowed_us:
            return None
        heard_us = came_us
        tells = (any_tells or type(fact) is Fix) and at_us - came_us <= ahead_us
        if open_still and _may_fill(open_still, at_us if tells else None, least_us):
            return None
        if tells and at_us > told_us:
            told_us = at_us
    return _heard(state, heard_us, told_us, state.back_us)


def _heard(state: SilenceState, heard_us: int, told_us: int, back_us: int) -> SilenceState:
    """The state with these instants. Every fact makes one: `replace` would be most of its cost."""
    return SilenceState(
        heard_us, told_us, state.where, state.level, state.since_us, back_us, state.over,
        state.stretches,
    )  # fmt: skip


def _due_any(state: SilenceState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    if state.over or state.level >= Level.CONFIRMED:
        return None
    return state.heard_us + _times(state, parameters) * quiet_us(watch, parameters)


def _fire_any(
    state: SilenceState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[SilenceState, Found]:
    at_us = _due_any(state, watch, parameters) or 0
    return _further(state, at_us, state.heard_us, Why.NOT_HEARD, FindingKind.SILENCE, watch)


def _take_placed(
    state: SilenceState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[SilenceState, Found]:
    allowed = unplaced_us(watch, parameters)
    if allowed is None:
        return state, []
    at_us, tells = fact.ingested_us, _tells(fact, watch, parameters)
    out: Found = []
    back_us = at_us if at_us - state.heard_us > recent_us(watch, parameters) else state.back_us
    state = _heard(state, max(state.heard_us, at_us), state.told_us, back_us)
    if tells and fact.at_us > state.told_us:
        if not state.over and state.level and at_us - fact.at_us < allowed:
            ends, kind = (at_us, fact.at_us), FindingKind.NO_POSITION
            state, out = _broken(state, ends, Why.POSITION_AGAIN, kind, watch)
        state = _heard(state, state.heard_us, fact.at_us, back_us)
    return _filled(state, fact, tells, FindingKind.NO_POSITION, watch, parameters, out)


def _quiet_placed(
    state: SilenceState,
    facts: Sequence[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
) -> SilenceState | None:
    """Placed in time, and nowhere where it was not known."""
    allowed_us = unplaced_us(watch, parameters)
    if allowed_us is None:
        return state
    if state.over or state.level:
        return None
    open_still, least_us = state.stretches, gap_us(watch, parameters)
    heard_us, told_us, back_us = state.heard_us, state.told_us, state.back_us
    recent, ahead_us = recent_us(watch, parameters), us(parameters.silence.ahead_s)
    upload_us = us(watch.plan.upload_s)
    for fact in facts:
        at_us, came_us = fact.at_us, fact.ingested_us
        if came_us > heard_us:
            due_us = max(told_us + allowed_us, back_us + upload_us, heard_us)
            if due_us < came_us and due_us <= heard_us + recent:
                return None
            if came_us - heard_us > recent:
                back_us = came_us
            heard_us = came_us
        tells = type(fact) is Fix and at_us - came_us <= ahead_us
        if open_still and _may_fill(open_still, at_us if tells else None, least_us):
            return None
        if tells and at_us > told_us:
            told_us = at_us
    return _heard(state, heard_us, told_us, back_us)


def _due_placed(
    state: SilenceState, watch: DeviceWatch, parameters: DeviceParameters
) -> int | None:
    allowed = unplaced_us(watch, parameters)
    if state.over or allowed is None or state.level >= Level.CONFIRMED:
        return None
    since = state.since_us if state.level else state.told_us
    overdue = since + _times(state, parameters) * allowed
    at_us = max(overdue, state.back_us + us(watch.plan.upload_s), state.heard_us)
    return at_us if at_us <= state.heard_us + recent_us(watch, parameters) else None


def _fire_placed(
    state: SilenceState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[SilenceState, Found]:
    at_us, kind = _due_placed(state, watch, parameters) or 0, FindingKind.NO_POSITION
    return _further(state, at_us, state.told_us, Why.NO_POSITION_KNOWN, kind, watch)


def _times(state: SilenceState, parameters: DeviceParameters) -> int:
    return (1, *parameters.silence.grows)[state.level]


def _row(state: SilenceState, cause: SilenceCause) -> Row | None:
    return MACHINE.row(state.where, cause)


def _further(
    state: SilenceState, at_us: int, since_us: int, why: Why, kind: FindingKind, watch: DeviceWatch
) -> tuple[SilenceState, Found]:
    """Silent, or silent for longer."""
    row = _row(state, SilenceCause.LONGER if state.level else SilenceCause.OVERDUE)
    if row is None or row.step is None:
        return state, []
    level, since = state.level + 1, state.since_us if state.level else since_us
    after = replace(state, where=Where(row.to), level=level, since_us=since)
    return after, [found(watch, kind, at_us, row.step, level, why, since)]


def _broken(
    state: SilenceState, ends: Gap, why: Why, kind: FindingKind, watch: DeviceWatch
) -> tuple[SilenceState, Found]:
    """The silence ends at the first of `ends`; its stretch, to the second, is to be filled."""
    at_us, to_us = ends
    cause = SilenceCause.PERIOD_ENDED if why is Why.PERIOD_ENDED else SilenceCause.HEARD
    row = _row(state, cause)
    if row is None or row.step is None:
        return state, []
    level, since = state.level, state.since_us
    gaps = ((state.told_us, to_us),) if to_us > state.told_us else ()
    stretch = Stretch(since, level, gaps)
    after = replace(state, where=Where.HEARD, level=0, stretches=(*state.stretches, stretch))
    return after, [found(watch, kind, at_us, row.step, level, why, since)]


def _filled(
    state: SilenceState,
    fact: DeviceFact,
    tells: bool,
    kind: FindingKind,
    watch: DeviceWatch,
    parameters: DeviceParameters,
    before: Found,
) -> tuple[SilenceState, Found]:
    """What a fact tells of stretches: a stretch without gaps left is filled, and done with."""
    if not state.stretches:
        return state, before
    least = gap_us(watch, parameters)
    if not _may_fill(state.stretches, fact.at_us if tells else None, least):
        return state, before
    out, left = list(before), []
    row = MACHINE.row(Where.UNFILLED, SilenceCause.ALL_TOLD)
    for stretch in state.stretches:
        split = [g for gap in stretch.gaps for g in (_cut(gap, fact.at_us) if tells else [gap])]
        gaps = tuple(gap for gap in split if gap[1] - gap[0] > least)
        if gaps or row is None or row.step is None:
            left.append(replace(stretch, gaps=gaps))
            continue
        since, why = stretch.since_us, Why.FILLED_LATE
        out.append(found(watch, kind, fact.ingested_us, row.step, stretch.level, why, since))
    return replace(state, stretches=tuple(left)), out


def _may_fill(stretches: tuple[Stretch, ...], at_us: int | None, least: int) -> bool:
    """Whether the stretches would change: nearly every fact tells of none of their gaps."""
    for stretch in stretches:
        if not stretch.gaps:
            return True
        for start, end in stretch.gaps:
            if end - start <= least or (at_us is not None and start < at_us < end):
                return True
    return False


def _cut(gap: Gap, at_us: int) -> list[Gap]:
    return [(gap[0], at_us), (at_us, gap[1])] if gap[0] < at_us < gap[1] else [gap]


End = Callable[[SilenceState, int, DeviceWatch, DeviceParameters], tuple[SilenceState, Found]]


def _end_with(kind: FindingKind) -> End:
    def end(
        state: SilenceState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
    ) -> tuple[SilenceState, Found]:
        out: Found = []
        if state.level:
            ends = (at_us, at_us)
            state, out = _broken(state, ends, Why.PERIOD_ENDED, kind, watch)
        return replace(state, over=True), out

    return end


SILENCE: Final = DeviceRule(
    "silence",
    SilenceState,
    _begin,
    _take_any,
    _due_any,
    _fire_any,
    _end_with(FindingKind.SILENCE),
    positions=True,
    quiet=_quiet_any,
)
NO_POSITION: Final = DeviceRule(
    "no_position",
    SilenceState,
    _begin,
    _take_placed,
    _due_placed,
    _fire_placed,
    _end_with(FindingKind.NO_POSITION),
    positions=True,
    quiet=_quiet_placed,
)
