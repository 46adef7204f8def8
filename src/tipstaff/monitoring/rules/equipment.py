"""Equipment suspect: what a device tells of the world that the world cannot be.

- Frozen: satellite positions without one other digit for `frozen_s` (suspected: receivers hold a
  position at rest), or for `elsewhere_s` while a network places the device beyond its radius and
  `elsewhere_m` (probable).
- Drifts: jumps beyond what moves, `jumps` among the last `among` steps (suspected).
- Its strap flaps, or it reports a code nobody knows (suspected); it says it is faulty (probable).

Over after `over_s` without any. Clocks have a rule of their own (`monitoring.rules.clock`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import cos, hypot, radians
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.device_parameters import DAY_S, DeviceParameters, EquipmentParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, us
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.standing import Stand, ended, stood

_M_E7: Final = 0.0111195
_GPS: Final = int(Mechanism.GPS)
#: What events tell of the equipment; others say nothing here.
_TELL: Final = frozenset({EventKind.FAULT, EventKind.UNKNOWN_CODE, EventKind.STRAP_CUT})


@dataclass(frozen=True, slots=True, repr=False)
class EquipmentState:
    """`last` is the last satellite fix, `run_us` since when its place has stood still.

    `steps` are the last steps between satellite fixes, whether each was a jump; `cuts` is when the
    strap was reported cut within a day; `last_us` when anything was last wrong.
    """

    stand: Stand = field(default_factory=lambda: Stand(FindingKind.EQUIPMENT))
    last: Fix | None = None
    run_us: int = 0
    steps: tuple[bool, ...] = ()
    cuts: tuple[int, ...] = ()
    last_us: int = 0


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> EquipmentState:
    return EquipmentState()


def _take(
    state: EquipmentState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[EquipmentState, Found]:
    numbers = parameters.equipment
    if isinstance(fact, DeviceEvent):
        return _told(state, fact, watch, numbers)
    if not isinstance(fact, Fix):
        return state, []
    if fact.mechanism == Mechanism.GPS:
        return _placed(state, fact, watch, numbers)
    last = state.last
    still = last is not None and fact.at_us - state.run_us >= us(numbers.elsewhere_s)
    if last is None or not still or fact.at_us - last.at_us > us(numbers.elsewhere_s):
        return state, []
    if fact.radius_cm < 0 or _apart_m(last, fact) <= fact.radius_cm / 100.0 + numbers.elsewhere_m:
        return state, []
    return _wrong(state, Level.PROBABLE, fact.at_us, Why.FROZEN_ELSEWHERE, watch)


def _quiet(
    state: EquipmentState,
    facts: Sequence[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
) -> EquipmentState | None:
    """Steps that can be made, and places that have not stood still for long."""
    if state.stand.level:
        return None
    numbers, last, run_us, made = parameters.equipment, state.last, state.run_us, 0
    for fact in facts:
        if _may_be_amiss(fact, last, run_us, numbers):
            return None
        if type(fact) is Fix and fact.mechanism == _GPS:
            if last is None or (last.lat_e7, last.lon_e7) != (fact.lat_e7, fact.lon_e7):
                run_us = fact.at_us
            made += last is not None
            last = fact
    if last is state.last:
        return state
    steps = (*state.steps, *(False,) * made)[-numbers.among :]
    return EquipmentState(state.stand, last, run_us, steps, state.cuts, state.last_us)


def _may_be_amiss(
    fact: DeviceFact, last: Fix | None, run_us: int, numbers: EquipmentParameters
) -> bool:
    """Whether a fact could matter, after a satellite fix at a place that is told since `run_us`."""
    if type(fact) is not Fix:
        return isinstance(fact, DeviceEvent) and fact.kind in _TELL
    if last is None:
        return False
    if fact.mechanism != _GPS:
        return fact.at_us - run_us >= us(numbers.elsewhere_s)
    sides = abs(fact.lat_e7 - last.lat_e7) + abs(fact.lon_e7 - last.lon_e7)
    if not sides:
        return fact.at_us - run_us >= us(numbers.frozen_s)
    # No way is longer than both its sides: so what is plainly within reach needs no cosine.
    reach_m = 0.999 * numbers.jump_mps * (fact.at_us - last.at_us) / MICROSECONDS
    return sides * _M_E7 > reach_m and _jumps(last, fact, numbers)


def _told(
    state: EquipmentState, event: DeviceEvent, watch: DeviceWatch, numbers: EquipmentParameters
) -> tuple[EquipmentState, Found]:
    at_us = event.at_us
    if event.kind is EventKind.FAULT:
        return _wrong(state, Level.PROBABLE, at_us, Why.SAYS_FAULT, watch)
    if event.kind is EventKind.UNKNOWN_CODE:
        return _wrong(state, Level.SUSPECTED, at_us, Why.UNKNOWN_CODE, watch)
    if event.kind is not EventKind.STRAP_CUT:
        return state, []
    cuts = (*(cut for cut in state.cuts if cut > at_us - us(DAY_S)), at_us)
    state = replace(state, cuts=cuts[-numbers.strap_flaps :])
    if len(state.cuts) < numbers.strap_flaps:
        return state, []
    return _wrong(state, Level.SUSPECTED, at_us, Why.STRAP_FLAPS, watch)


def _placed(
    state: EquipmentState, fix: Fix, watch: DeviceWatch, numbers: EquipmentParameters
) -> tuple[EquipmentState, Found]:
    """A satellite fix: does it stand still, and is the step to it one that can be made."""
    last = state.last
    moved = last is None or (last.lat_e7, last.lon_e7) != (fix.lat_e7, fix.lon_e7)
    jumped = last is not None and _jumps(last, fix, numbers)
    steps = state.steps if last is None else (*state.steps, jumped)[-numbers.among :]
    run_us = fix.at_us if moved else state.run_us
    state = EquipmentState(state.stand, fix, run_us, steps, state.cuts, state.last_us)
    if fix.at_us - run_us >= us(numbers.frozen_s):
        return _wrong(state, Level.SUSPECTED, fix.at_us, Why.FROZEN, watch)
    if jumped and sum(steps) >= numbers.jumps:
        return _wrong(state, Level.SUSPECTED, fix.at_us, Why.DRIFTS, watch)
    return state, []


def _jumps(one: Fix, other: Fix, numbers: EquipmentParameters) -> bool:
    """Whether no vehicle makes this step, the claimed radii taken off (100 m where none is)."""
    radii = sum(fix.radius_cm / 100.0 if fix.radius_cm >= 0 else 100.0 for fix in (one, other))
    seconds = (other.at_us - one.at_us) / MICROSECONDS
    return _apart_m(one, other) - radii > numbers.jump_mps * seconds


def _apart_m(one: Fix, other: Fix) -> float:
    east = (other.lon_e7 - one.lon_e7) * cos(radians(one.lat_e7 / 1e7))
    return hypot(east, other.lat_e7 - one.lat_e7) * _M_E7


def _wrong(
    state: EquipmentState, level: Level, at_us: int, why: Why, watch: DeviceWatch
) -> tuple[EquipmentState, Found]:
    stand, out = stood(state.stand, level, at_us, why, watch)
    return replace(state, stand=stand, last_us=at_us), out


def _due(state: EquipmentState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    return state.last_us + us(parameters.equipment.over_s) if state.stand.level else None


def _fire(
    state: EquipmentState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[EquipmentState, Found]:
    at_us = _due(state, watch, parameters) or 0
    stand, out = stood(state.stand, 0, at_us, Why.NO_FAULT_SINCE, watch)
    return replace(state, stand=stand), out


def _end(
    state: EquipmentState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[EquipmentState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


EQUIPMENT: Final = DeviceRule(
    "equipment", EquipmentState, _begin, _take, _due, _fire, _end, positions=True, quiet=_quiet
)
