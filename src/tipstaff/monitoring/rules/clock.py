"""Clocks: an instant that a device cannot have meant. What came with it is kept and flagged.

About what was known: it goes by when we took a fact in, since the fact's own instant is what is
doubted. A late fact is no fault of the clock; one ahead of us, or from before its time, is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.monitoring.device_parameters import (
    DAY_S,
    HOUR_S,
    DeviceParameters,
    EquipmentParameters,
)
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, us
from tipstaff.monitoring.standing import Stand, ended, stood

_LEVELS: Final = {
    Why.CLOCK_AHEAD: Level.PROBABLE,
    Why.CLOCK_HOUR_AHEAD: Level.PROBABLE,
    Why.CLOCK_LONG_AGO: Level.CONFIRMED,
    Why.CLOCK_ROLLED_OVER: Level.CONFIRMED,
}


def clock_fault(
    at_us: int, ingested_us: int, begins_us: int, numbers: EquipmentParameters
) -> Why | None:
    """What is wrong with an instant, in a fact taken in at `ingested_us`; None where nothing is.

    `begins_us`: when the device's activation began. All in µs since 1970.
    """
    ahead = at_us - ingested_us
    round_us = us(numbers.weeks * 7 * DAY_S)
    rounds, rest = divmod(ahead + round_us // 2, round_us)
    if rounds and abs(rest - round_us // 2) <= us(numbers.weeks_off_s):
        return Why.CLOCK_ROLLED_OVER
    if abs(ahead - us(HOUR_S)) <= us(numbers.hour_off_s):
        return Why.CLOCK_HOUR_AHEAD
    if ahead > us(numbers.ahead_s):
        return Why.CLOCK_AHEAD
    return Why.CLOCK_LONG_AGO if at_us < begins_us - us(numbers.before_days * DAY_S) else None


def _plain_us(numbers: EquipmentParameters) -> tuple[int, int]:
    """Between which two an instant may lie ahead of its coming in without being doubted for it."""
    most_us = us(numbers.weeks * 7 * DAY_S) // 2 - 1
    ahead_us = min(us(numbers.ahead_s), us(HOUR_S) - us(numbers.hour_off_s) - 1)
    return -most_us, min(ahead_us, most_us)


@dataclass(frozen=True, slots=True, repr=False)
class ClockState:
    """`begins_us`: when the activation began; `last_us`: when a fault was last seen."""

    begins_us: int
    stand: Stand = field(default_factory=lambda: Stand(FindingKind.CLOCK))
    last_us: int = 0


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> ClockState:
    return ClockState(at_us)


def _take(
    state: ClockState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ClockState, Found]:
    numbers = parameters.equipment
    why = clock_fault(fact.at_us, fact.ingested_us, state.begins_us, numbers)
    if why is None:
        return state, []
    stand, out = stood(state.stand, _LEVELS[why], fact.ingested_us, why, watch)
    return replace(state, stand=stand, last_us=fact.ingested_us), out


def _quiet(
    state: ClockState,
    facts: Sequence[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
) -> ClockState | None:
    """Instants that are not doubted."""
    if state.stand.level:
        return None
    numbers = parameters.equipment
    low_us, high_us = _plain_us(numbers)
    since_us = state.begins_us - us(numbers.before_days * DAY_S)
    for fact in facts:
        if not low_us <= fact.at_us - fact.ingested_us <= high_us or fact.at_us < since_us:
            return None
    return state


def _due(state: ClockState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    return state.last_us + us(parameters.equipment.over_s) if state.stand.level else None


def _fire(
    state: ClockState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ClockState, Found]:
    at_us = _due(state, watch, parameters) or 0
    stand, out = stood(state.stand, 0, at_us, Why.CLOCK_RIGHT, watch)
    return replace(state, stand=stand), out


def _end(
    state: ClockState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ClockState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


CLOCK: Final = DeviceRule(
    "clock", ClockState, _begin, _take, _due, _fire, _end, positions=True, quiet=_quiet
)
