"""How other devices near a place fare: what the rule about shielding asks before it accuses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import OthersNear, us
from tipstaff.monitoring.facts import Fix

I64 = NDArray[np.int64]
_M_E7 = 0.0111195


class LastSeen(NamedTuple):
    """Of other devices, as known now: the last position with its instant, and when last heard."""

    lat_e7: I64
    lon_e7: I64
    placed_us: I64
    heard_us: I64


def others_near(
    last: Fix, others: LastSeen, at_us: int, parameters: DeviceParameters
) -> OthersNear:
    """How many other devices near the last position have positions at `at_us`, and how many none.

    One that has been heard since its last position counts as lost, one that was not heard as
    neither: it may be off, or away.
    """
    numbers = parameters.shielding
    north = (others.lat_e7 - last.lat_e7) * _M_E7
    east = (others.lon_e7 - last.lon_e7) * _M_E7 * np.cos(np.radians(last.lat_e7 / 1e7))
    near = np.hypot(north, east) <= numbers.near_m
    oldest = at_us - us(numbers.least_s)
    seen = near & (others.placed_us > oldest)
    lost = near & (others.placed_us <= oldest) & (others.heard_us > oldest)
    return OthersNear(at_us, int(seen.sum()), int(lost.sum()), at_us)
