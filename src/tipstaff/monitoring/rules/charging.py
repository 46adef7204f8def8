"""Charging: whether the wearer charges the device as agreed.

- Missed (suspected) once the time agreed and `grace_s` have passed without a charge of `least_s`;
  probable after twice the time agreed. Messages may be lost, so it is never confirmed.
- Only of a device that tells of its battery or charger at all in this activation: many do not, and
  what is not told is not known.
- Not while the charger is suspect: then the charger is to be looked at, not the wearer.
- Over once it has been on its charger for `least_s`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Why
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, us
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.rules import charger
from tipstaff.monitoring.rules.charger import ChargerState
from tipstaff.monitoring.standing import Stand, ended, stood

_MOST: Final = 2
_TELL: Final = frozenset(
    {
        EventKind.CHARGER_ON,
        EventKind.CHARGER_OFF,
        EventKind.BATTERY_LEVEL,
        EventKind.BATTERY_LOW,
        EventKind.BATTERY_CRITICAL,
        EventKind.BATTERY_DEAD,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class ChargingState:
    """`charged_us`: when it was last charged, or the activation began. `on_us`: since when it is on
    its charger; `counted` is whether this charge has counted yet; `tells` whether the device does.
    """

    charged_us: int
    stand: Stand = field(default_factory=lambda: Stand(FindingKind.CHARGING))
    on_us: int | None = None
    counted: bool = False
    as_of_us: int = 0
    tells: bool = False
    charger: ChargerState = field(default_factory=ChargerState)


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> ChargingState:
    return ChargingState(at_us)


def _take(
    state: ChargingState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargingState, Found]:
    if not isinstance(fact, DeviceEvent):
        return state, []
    state = replace(state, as_of_us=fact.at_us, tells=state.tells or fact.kind in _TELL)
    if fact.kind is EventKind.CHARGER_ON and state.on_us is None:
        state = replace(state, on_us=fact.at_us, counted=False)
    if fact.kind is EventKind.CHARGER_OFF:
        charged = fact.at_us if state.counted else state.charged_us
        state = replace(state, on_us=None, counted=False, charged_us=charged)
    after, _ = charger.take(state.charger, fact, watch, parameters)
    return _with_charger(state, after, fact.at_us, watch)


def _with_charger(
    state: ChargingState, after: ChargerState, at_us: int, watch: DeviceWatch
) -> tuple[ChargingState, Found]:
    """A suspect charger ends what is held against the wearer; one that works starts time anew."""
    was = state.charger.stand.level
    state = replace(state, charger=after)
    if was and not after.stand.level:
        return replace(state, charged_us=at_us), []
    if not after.stand.level:
        return state, []
    stand, out = stood(state.stand, 0, at_us, Why.CHARGER_TO_BLAME, watch)
    return replace(state, stand=stand), out


def _own_due(state: ChargingState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    agreed_s, numbers = watch.plan.charge_s, parameters.charging
    if state.on_us is not None:
        return None if state.counted else state.on_us + us(numbers.least_s)
    if (
        agreed_s is None
        or not state.tells
        or state.charger.stand.level
        or state.stand.level >= _MOST
    ):
        return None
    overdue = state.charged_us + us((state.stand.level + 1) * agreed_s + numbers.grace_s)
    return max(overdue, state.as_of_us)


def _due(state: ChargingState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    both = (_own_due(state, watch, parameters), charger.due(state.charger, watch, parameters))
    return min((at for at in both if at is not None), default=None)


def _fire(
    state: ChargingState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargingState, Found]:
    at_us = _due(state, watch, parameters) or 0
    if charger.due(state.charger, watch, parameters) == at_us:
        after, _ = charger.fire(state.charger, watch, parameters)
        return _with_charger(state, after, at_us, watch)
    if state.on_us is not None:
        stand, out = stood(state.stand, 0, at_us, Why.ON_CHARGER, watch)
        return replace(state, stand=stand, counted=True), out
    level, since = state.stand.level + 1, state.charged_us
    stand, out = stood(state.stand, level, at_us, Why.NOT_CHARGED, watch, since_us=since)
    return replace(state, stand=stand), out


def _end(
    state: ChargingState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ChargingState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


CHARGING: Final = DeviceRule("charging", ChargingState, _begin, _take, _due, _fire, _end)
