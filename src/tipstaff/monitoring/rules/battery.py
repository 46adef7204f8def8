"""Battery: how far it has run down, and whether it will last to the end of the next demand.

- Low is suspected, nearly empty probable, empty confirmed: by what the device says, or by the level
  it reports.
- From `ahead_s` before a demand on it is probable too where the battery will be empty before the
  demand is over, by its own drain once that has shown, else by that of a day's battery.
- It is over once charged: at `charged_pct`, or after `charges_s` on the charger without a level.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.monitoring.device_parameters import BatteryParameters, DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, us
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.standing import Stand, ended, stood

_SAID: Final = {
    EventKind.BATTERY_LOW: 1,
    EventKind.BATTERY_CRITICAL: 2,
    EventKind.BATTERY_DEAD: 3,
}
_WHY: Final = (Why.BATTERY_LOW, Why.BATTERY_CRITICAL, Why.BATTERY_DEAD)


@dataclass(frozen=True, slots=True, repr=False)
class BatteryState:
    """`said` is the level reached since it was last charged, `empty_us` when it will be empty.

    `drain_from` is the first level off the charger: when, and per cent. `on_us` is since when it is
    on its charger, `levels_told` whether a level was told since then.
    """

    stand: Stand = field(default_factory=lambda: Stand(FindingKind.BATTERY))
    as_of_us: int = 0
    said: int = 0
    empty_us: int | None = None
    drain_from: tuple[int, int] | None = None
    on_us: int | None = None
    levels_told: bool = False


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> BatteryState:
    return BatteryState(as_of_us=at_us)


def _take(
    state: BatteryState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[BatteryState, Found]:
    if not isinstance(fact, DeviceEvent):
        return state, []
    numbers = parameters.battery
    out: Found = []
    state = replace(state, as_of_us=fact.at_us)
    if fact.kind is EventKind.CHARGER_ON:
        state = replace(state, on_us=fact.at_us, empty_us=None, levels_told=False)
    elif fact.kind is EventKind.CHARGER_OFF:
        left = _left_us(state.said, fact.at_us, numbers)
        state = replace(state, on_us=None, drain_from=None, empty_us=left)
    elif fact.kind is EventKind.BATTERY_LEVEL and fact.level_pct >= 0:
        state, out = _levelled(state, fact, watch, numbers)
    elif fact.kind in _SAID:
        level = _SAID[fact.kind]
        left = None if state.on_us is not None else _left_us(level, fact.at_us, numbers)
        state = replace(state, empty_us=left)
        state, out = _reached(state, level, fact.at_us, watch)
    state, warned = _warned(state, fact.at_us, watch, numbers)
    return state, out + warned


def _levelled(
    state: BatteryState, event: DeviceEvent, watch: DeviceWatch, numbers: BatteryParameters
) -> tuple[BatteryState, Found]:
    at_us, pct = event.at_us, event.level_pct
    state = replace(state, levels_told=True)
    if state.on_us is None:
        state = replace(state, drain_from=state.drain_from or (at_us, pct))
        state = replace(state, empty_us=at_us + pct * _us_a_pct(state, at_us, pct, numbers))
    if pct >= numbers.charged_pct:
        return _over(state, at_us, watch)
    return _reached(state, sum(pct <= level for level in numbers.levels_pct), at_us, watch)


def _us_a_pct(state: BatteryState, at_us: int, pct: int, numbers: BatteryParameters) -> int:
    """Microseconds that one per cent lasts: as it has shown, else as of a day's battery."""
    if state.drain_from is not None:
        lasted_us, dropped = at_us - state.drain_from[0], state.drain_from[1] - pct
        if lasted_us >= us(numbers.drain_s) and dropped >= numbers.drain_pct:
            return lasted_us // dropped
    return us(numbers.full_lasts_s) // 100


def _left_us(said: int, at_us: int, numbers: BatteryParameters) -> int | None:
    return at_us + us(numbers.lasts_s[said - 1]) if said else None


def _reached(
    state: BatteryState, level: int, at_us: int, watch: DeviceWatch
) -> tuple[BatteryState, Found]:
    if level <= state.said:
        return state, []
    stand, out = stood(state.stand, level, at_us, _WHY[level - 1], watch)
    return replace(state, said=level, stand=stand), out


def _over(state: BatteryState, at_us: int, watch: DeviceWatch) -> tuple[BatteryState, Found]:
    stand, out = stood(state.stand, 0, at_us, Why.CHARGED, watch)
    return replace(state, said=0, stand=stand), out


def _warned(
    state: BatteryState, at_us: int, watch: DeviceWatch, numbers: BatteryParameters
) -> tuple[BatteryState, Found]:
    """A demand that is on or near, and will not be lasted out."""
    ahead, empty = us(numbers.ahead_s), state.empty_us
    if empty is None or not any(s - ahead <= at_us < e and empty < e for s, e in watch.demands):
        return state, []
    stand, out = stood(state.stand, Level.PROBABLE, at_us, Why.WILL_NOT_LAST, watch)
    return replace(state, stand=stand), out


def _due(state: BatteryState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    numbers, at = parameters.battery, []
    if state.on_us is not None and state.stand.level and not state.levels_told:
        at.append(state.on_us + us(numbers.charges_s))
    empty, ahead = state.empty_us, us(numbers.ahead_s)
    if empty is not None and state.stand.level < Level.PROBABLE:
        at += [s - ahead for s, e in watch.demands if s - ahead > state.as_of_us and empty < e]
    return min((x for x in at if x > state.as_of_us), default=None)


def _fire(
    state: BatteryState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[BatteryState, Found]:
    at_us, numbers = _due(state, watch, parameters) or 0, parameters.battery
    state = replace(state, as_of_us=at_us)
    if state.on_us is not None:
        return _over(state, at_us, watch)
    return _warned(state, at_us, watch, numbers)


def _end(
    state: BatteryState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[BatteryState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


BATTERY: Final = DeviceRule("battery", BatteryState, _begin, _take, _due, _fire, _end)
