"""Home units: without power, moved from their place, faulty. What they say of the tag is not here.

Moved is confirmed: it was told where to stay. Without power is suspected, since mains fail; faulty
is probable. Over once none of it is so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.standing import Stand, ended, stood

_WRONG: Final = {
    EventKind.HOME_POWER_OFF: (Level.SUSPECTED, Why.HOME_POWER_OFF),
    EventKind.HOME_MOVED: (Level.CONFIRMED, Why.HOME_MOVED),
    EventKind.HOME_FAULT: (Level.PROBABLE, Why.HOME_FAULT),
}
#: What puts right what; a start anew may have mended a fault.
_RIGHT: Final = {
    EventKind.HOME_POWER_ON: EventKind.HOME_POWER_OFF,
    EventKind.HOME_RETURNED: EventKind.HOME_MOVED,
    EventKind.RESTARTED: EventKind.HOME_FAULT,
}


@dataclass(frozen=True, slots=True, repr=False)
class HomeUnitState:
    """What is wrong with a home unit."""

    stand: Stand = field(default_factory=lambda: Stand(FindingKind.HOME_UNIT))
    wrong: frozenset[EventKind] = frozenset()


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> HomeUnitState:
    return HomeUnitState()


def _take(
    state: HomeUnitState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[HomeUnitState, Found]:
    if not isinstance(fact, DeviceEvent):
        return state, []
    if fact.kind in _WRONG:
        level, why = _WRONG[fact.kind]
        stand, out = stood(state.stand, level, fact.at_us, why, watch)
        return replace(state, stand=stand, wrong=state.wrong | {fact.kind}), out
    wrong = state.wrong - {_RIGHT.get(fact.kind, fact.kind)}
    if wrong or not state.wrong:
        return replace(state, wrong=wrong), []
    stand, out = stood(state.stand, 0, fact.at_us, Why.HOME_IS_WELL, watch)
    return replace(state, stand=stand, wrong=wrong), out


def _due(state: HomeUnitState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    return None


def _fire(
    state: HomeUnitState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[HomeUnitState, Found]:
    return state, []


def _end(
    state: HomeUnitState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[HomeUnitState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


HOME_UNIT: Final = DeviceRule("home_unit", HomeUnitState, _begin, _take, _due, _fire, _end)
