"""How other devices near a place fare: what the rule about shielding asks before it accuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_reference import DEVICE_RULES
from tipstaff.monitoring.device_watches import OthersNear, us
from tipstaff.monitoring.events import DeviceEvent
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.kept_lives import KeptLife
from tipstaff.monitoring.rules.shielding import SHIELDING, ShieldingState, may_matter
from tipstaff.monitoring.watchroom import Arrived

I64 = NDArray[np.int64]
_M_E7: Final = 0.0111195
_SHIELDING: Final = DEVICE_RULES.index(SHIELDING)


class LastSeen(NamedTuple):
    """Of other devices, as known now: the last position with its instant, and when last heard."""

    lat_e7: I64
    lon_e7: I64
    placed_us: I64
    heard_us: I64


class LossAsked(NamedTuple):
    """A loss of positions that is looked at `at_us`: where the last position was."""

    last: Fix
    at_us: int


def loss_asked(
    life: KeptLife, came: Sequence[Arrived], clock_us: int, parameters: DeviceParameters
) -> LossAsked | None:
    """The loss about which it matters how others fare, if there is one; before `came` is taken.

    A loss is looked at when it has lasted for long enough, and then whenever the device is heard.
    """
    state = _state(life)
    if state is None or state.last is None:
        return None
    last, numbers = state.last, parameters.shielding
    sound = [one.fact for one in came if not one.doubted]
    if any(isinstance(fact, Fix) and fact.at_us > last.at_us for fact in sound):
        return None  # positions are back
    heard = [fact.at_us for fact in sound if isinstance(fact, DeviceEvent)]
    seen = [fact for fact in sound if isinstance(fact, OthersNear)]
    if seen:
        state = replace(state, near=max(seen, key=attrgetter("at_us")))
    due_us = last.at_us + us(numbers.least_s)
    looks = [at_us for at_us in heard if at_us >= due_us]
    if not state.ticked and due_us <= clock_us:
        looks.append(due_us)
    at_us = max(looks, default=None)
    if at_us is None or not may_matter(state, at_us, len(heard), numbers):
        return None
    return LossAsked(last, at_us)


def _state(life: KeptLife) -> ShieldingState | None:
    """The rule's state in the last period begun."""
    begun: tuple[ShieldingState, ...] = life.solid.device.states[_SHIELDING]
    return begun[-1] if begun else None


def others_near(
    loss: LossAsked, others: LastSeen, known_us: int, parameters: DeviceParameters
) -> OthersNear:
    """How many other devices near the last position have positions at a loss, and how many none.

    What counts is the last half of the least time that a loss is looked at after: whatever takes
    positions from all takes them at about the same time, so that those from before it say nothing.
    One that was heard in it, long after its own last position, counts as lost; one that was not
    heard as neither: it may be off, or away.
    """
    numbers = parameters.shielding
    north = (others.lat_e7 - loss.last.lat_e7) * _M_E7
    east = (others.lon_e7 - loss.last.lon_e7) * _M_E7 * np.cos(np.radians(loss.last.lat_e7 / 1e7))
    near = np.hypot(north, east) <= numbers.near_m
    half_us = us(numbers.least_s / 2)
    since_us = loss.at_us - half_us
    seen = near & (others.placed_us > since_us)
    still = others.heard_us - others.placed_us >= half_us
    lost = near & ~seen & (others.heard_us > since_us) & still
    return OthersNear(loss.at_us, int(seen.sum()), int(lost.sum()), known_us)
