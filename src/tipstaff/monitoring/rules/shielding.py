"""Shielding or jamming: positions lost while the device is heard, apart from plain loss.

A loss is looked at after `least_s` without any position, satellite or network, if the device was
heard `heard` times meanwhile; one that falls silent altogether is no matter of this rule. What
speaks for it multiplies its odds: that good satellite positions ended at once, that it happened
before at the same place or hour, that others near have positions, that the device says it is
jammed. Others near without positions speak for a place or a time in which nobody has any.

Suspected and probable only: buildings do this too, and a person has to look. Over with the next
position, or once others near turn out to have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import cos, hypot, radians
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.transitions import Standing
from tipstaff.monitoring.device_parameters import DAY_S, DeviceParameters, ShieldingParameters
from tipstaff.monitoring.device_watches import (
    DeviceFact,
    DeviceRule,
    DeviceWatch,
    Found,
    OthersNear,
    us,
)
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.standing import Stand, ended, stood

#: Metres to 1e-7 degree of latitude; a comparison with 200 m needs no better.
_M_E7: Final = 0.0111195
#: When and where positions were lost: µs, 1e-7 degrees.
Loss = tuple[int, int, int]


@dataclass(frozen=True, slots=True, repr=False)
class ShieldingState:
    """`last` is the last position, `heard` how often the device was heard since, `ticked` whether
    the clock has looked at it. `past` are losses that were sudden, the latest last.
    """

    stand: Stand = field(default_factory=lambda: Stand(FindingKind.SHIELDING))
    last: Fix | None = None
    heard: int = 0
    jammed: bool = False
    near: OthersNear | None = None
    ticked: bool = False
    counted: bool = False
    past: tuple[Loss, ...] = ()


def _begin(at_us: int, watch: DeviceWatch, parameters: DeviceParameters) -> ShieldingState:
    return ShieldingState()


def _take(
    state: ShieldingState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ShieldingState, Found]:
    if isinstance(fact, Fix):
        stand, out = stood(state.stand, 0, fact.at_us, Why.POSITIONS_BACK, watch)
        return ShieldingState(stand=stand, last=fact, past=state.past), out
    if isinstance(fact, OthersNear):
        state = replace(state, near=fact)
    elif isinstance(fact, DeviceEvent):
        jammed = state.jammed or fact.kind is EventKind.JAMMED
        state = replace(state, heard=state.heard + 1, jammed=jammed)
    return _judged(state, fact.at_us, watch, parameters.shielding)


def _quiet(
    state: ShieldingState,
    facts: Sequence[DeviceFact],
    watch: DeviceWatch,
    parameters: DeviceParameters,
) -> ShieldingState | None:
    """Positions soon after one another: the last of them is all that is kept."""
    if state.stand.where is not Standing.CLEAR:
        return None
    least_us, last = us(parameters.shielding.least_s), state.last
    for fact in facts:
        if type(fact) is not Fix or (last is not None and fact.at_us - last.at_us > least_us):
            return None
        last = fact
    return ShieldingState(stand=state.stand, last=last, past=state.past)


def _judged(
    state: ShieldingState, at_us: int, watch: DeviceWatch, numbers: ShieldingParameters
) -> tuple[ShieldingState, Found]:
    last = state.last
    if last is None:
        return state, []
    long_enough = at_us - last.at_us >= us(numbers.least_s) and state.heard >= numbers.heard
    if not (long_enough or state.jammed):
        return state, []
    state = _counted(state, numbers)
    odds, why = weighed(state, numbers)
    level = sum(odds >= needed for needed in numbers.levels)
    if level == 0 and why is not Why.OTHERS_LOST:
        return state, []
    stand, out = stood(
        state.stand,
        min(level, int(Level.PROBABLE)),
        at_us,
        why,
        watch,
        since_us=last.at_us,
        probability=odds / (1.0 + odds),
    )
    return replace(state, stand=stand), out


def weighed(state: ShieldingState, numbers: ShieldingParameters) -> tuple[float, Why]:
    """The odds of shielding, and what weighs most of what speaks for it."""
    said: list[tuple[float, Why]] = []
    if _sudden(state.last, numbers):
        said.append((numbers.sudden, Why.LOST_AT_ONCE))
    again = min(_again(state, numbers), numbers.most_again)
    said += [(numbers.again**again, Why.LOST_AGAIN)] if again else []
    near = state.near
    if near is not None and near.seen:
        said.append((numbers.others_seen, Why.OTHERS_SEEN))
    if state.jammed:
        said.append((numbers.says_so, Why.SAYS_JAMMED))
    odds = numbers.prior
    for factor, _ in said:
        odds *= factor
    if near is not None and near.lost and not near.seen:
        return odds * numbers.others_lost, Why.OTHERS_LOST
    return odds, max(reversed(said), key=lambda one: one[0], default=(0.0, Why.LOST_AT_ONCE))[1]


def may_matter(state: ShieldingState, at_us: int, heard: int, numbers: ShieldingParameters) -> bool:
    """Whether how others near fare may change what is said of a loss when it is looked at.

    `heard`: how often the device was heard since the state. Asked again only after `least_s`.
    """
    if state.last is None or at_us - state.last.at_us < us(numbers.least_s):
        return False
    near = state.near
    if near is not None and at_us - near.at_us < us(numbers.least_s):
        return False
    if state.heard + heard < numbers.heard and not state.jammed:
        return False
    odds, _ = weighed(replace(state, near=OthersNear(at_us, 1, 0)), numbers)
    return state.stand.where is not Standing.CLEAR or odds >= numbers.levels[0]


def _sudden(last: Fix | None, numbers: ShieldingParameters) -> bool:
    """Whether the last position was a satellite's and good."""
    if last is None or last.mechanism != Mechanism.GPS:
        return False
    return 0 <= last.radius_cm <= numbers.good_m * 100.0


def _counted(state: ShieldingState, numbers: ShieldingParameters) -> ShieldingState:
    """Keep a loss that was sudden, once, for those to come."""
    last = state.last
    if state.counted or last is None or not _sudden(last, numbers):
        return state
    since = last.at_us - us(numbers.kept_days * DAY_S)
    kept = [loss for loss in state.past if loss[0] > since]
    now = (last.at_us, last.lat_e7, last.lon_e7)
    return replace(state, counted=True, past=(*kept, now)[-numbers.most_kept :])


def _again(state: ShieldingState, numbers: ShieldingParameters) -> int:
    """How many earlier losses were at the same place, or at the same hour of another day."""
    last = state.last
    if last is None:
        return 0
    now = (last.at_us, last.lat_e7, last.lon_e7)
    earlier = (loss for loss in state.past if loss[0] < last.at_us)
    return sum(_same(loss, now, numbers) for loss in earlier)


def _same(one: Loss, other: Loss, numbers: ShieldingParameters) -> bool:
    day = us(DAY_S)
    apart = (other[0] - one[0]) % day
    hour = min(apart, day - apart) <= us(numbers.same_s) and other[0] - one[0] > day // 2
    east = (other[2] - one[2]) * cos(radians(one[1] / 1e7))
    return hour or hypot(east, other[1] - one[1]) * _M_E7 <= numbers.same_m


def _due(state: ShieldingState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    if state.last is None or state.ticked:
        return None
    return state.last.at_us + us(parameters.shielding.least_s)


def _fire(
    state: ShieldingState, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ShieldingState, Found]:
    at_us = _due(state, watch, parameters) or 0
    return _judged(replace(state, ticked=True), at_us, watch, parameters.shielding)


def _end(
    state: ShieldingState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
) -> tuple[ShieldingState, Found]:
    stand, out = ended(state.stand, at_us, watch)
    return replace(state, stand=stand), out


SHIELDING: Final = DeviceRule(
    "shielding", ShieldingState, _begin, _take, _due, _fire, _end, positions=True, quiet=_quiet
)
