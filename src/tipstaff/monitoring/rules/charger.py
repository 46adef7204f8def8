"""Chargers: one that does not charge, before its wearer is blamed.

- On it for `rise_s`, the level told since has not risen: probable, and confirmed the second time.
- On and off `flaps` times within `flaps_s`: probable.
- Over once the level rises on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, us
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.standing import Stand, ended, stood


@dataclass(frozen=True, slots=True, repr=False)
class ChargerState:
    """`on_us`: since when it is on the charger; `on_pct` the level then, `pct` the last one told.

    -1 where none was told. `told_us` is when the last was; `dull` counts charges without a rise,
    `switched` is when it was put on of late.
    """

    stand: Stand = field(default_factory=lambda: Stand(FindingKind.CHARGER))
    on_us: int | None = None
    judged: bool = False
    on_pct: int = -1
    pct: int = -1
    told_us: int = 0
    dull: int = 0
    switched: tuple[int, ...] = ()


def begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> ChargerState:
    """Nothing known of the charger."""
    return ChargerState()


def take(
    state: ChargerState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargerState, Found]:
    """What an event says of the charger."""
    if not isinstance(fact, DeviceEvent):
        return state, []
    if fact.kind is EventKind.CHARGER_ON:
        return _put_on(state, fact.at_us, watch, parameters)
    if fact.kind is EventKind.CHARGER_OFF:
        return replace(state, on_us=None, judged=False), []
    if fact.kind is EventKind.BATTERY_LEVEL and fact.level_pct >= 0:
        return _levelled(state, fact, watch, parameters)
    return state, []


def _put_on(
    state: ChargerState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargerState, Found]:
    numbers = parameters.charging
    if state.on_us is None:
        since = at_us - us(numbers.flaps_s)
        switched = (*(x for x in state.switched if x > since), at_us)[-numbers.flaps :]
        state = replace(state, on_us=at_us, judged=False, on_pct=state.pct, switched=switched)
    if len(state.switched) < numbers.flaps:
        return state, []
    stand, out = stood(
        state.stand, Level.PROBABLE, at_us, Why.CHARGER_FLAPS, watch, since_us=state.switched[0]
    )
    return replace(state, stand=stand), out


def _levelled(
    state: ChargerState, event: DeviceEvent, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargerState, Found]:
    state = replace(state, pct=event.level_pct, told_us=event.at_us)
    if state.on_us is None:
        return state, []
    if state.on_pct < 0:
        return replace(state, on_pct=event.level_pct), []
    if event.level_pct < state.on_pct + parameters.charging.rise_pct:
        return state, []
    stand, out = stood(state.stand, 0, event.at_us, Why.CHARGER_WORKS, watch)
    return replace(state, stand=stand, dull=0, judged=True), out


def due(state: ChargerState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    """When the level must have risen."""
    if state.on_us is None or state.judged:
        return None
    return state.on_us + us(parameters.charging.rise_s)


def fire(
    state: ChargerState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargerState, Found]:
    """Judge a charge by whether the level has risen; a full battery, or none told, says nothing."""
    at_us = due(state, watch, parameters) or 0
    since_us, state = state.on_us or at_us, replace(state, judged=True)
    if state.on_pct < 0 or state.told_us <= since_us or state.pct >= parameters.charging.full_pct:
        return state, []
    dull = state.dull + 1
    level = Level.PROBABLE if dull == 1 else Level.CONFIRMED
    stand, out = stood(state.stand, level, at_us, Why.NO_RISE, watch, since_us=since_us)
    return replace(state, stand=stand, dull=dull), out


def end(
    state: ChargerState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargerState, Found]:
    """The activation is over."""
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


CHARGER: Final = DeviceRule("charger", ChargerState, begin, take, due, fire, end)
