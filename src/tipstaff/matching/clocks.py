"""Whether a device's clock can be believed, from the supplier's own times.

A fix is stamped by the device; the supplier's recorded time comes soon after, by a clock that is
right, and its received time minutes or hours later. Two things give a wrong clock away:

- *ahead*: a fix stamped later than the supplier had it, which no right clock does;
- *behind*: over the hours about a fix, even the least lag is long. A late burst has long lags too,
  but its last fix has a short one, and what came at one time counts as lagging as little as the
  last of it; a wrong clock adds the same to every fix.

Recorded time speaks where it is given, with a tight limit; received time alone gets a loose one,
since nine minutes in a tag's memory are usual. What is smaller than the limits is covered by the
padding of the window (see `exclusion`). O(n), but for sorting what came at one time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.matching.trails import I64

#: Stands for a time that the supplier did not give; so does any other before 1970.
NO_TIME: Final = -1


@dataclass(frozen=True, slots=True)
class ClockParameters:
    """Limits of belief; see the module. `about_s` is how far "about a fix" reaches either way."""

    ahead_s: float = 30.0
    behind_recorded_s: float = 300.0
    behind_received_s: float = 1800.0
    about_s: float = 3 * 3600.0
    least_fixes: int = 5


@njit(cache=True)
def _mark_behind(
    t_us: I64, lag_us: I64, about_us: int, limit_us: int, least: int, doubtful: NDArray[np.bool_]
) -> None:
    """Mark the fixes about which even the least lag is over the limit; one device, in order."""
    queue = np.empty(t_us.size, dtype=np.int64)  # rows with lags rising: the first is the least
    head, tail, entered, left = 0, 0, 0, 0
    for row in range(t_us.size):
        while entered < t_us.size and t_us[entered] <= t_us[row] + about_us:
            while tail > head and lag_us[queue[tail - 1]] >= lag_us[entered]:
                tail -= 1
            queue[tail] = entered
            tail += 1
            entered += 1
        while t_us[left] < t_us[row] - about_us:
            left += 1
        while queue[head] < left:
            head += 1
        if entered - left >= least and lag_us[queue[head]] > limit_us:
            doubtful[row] = True


def _least_lags(t_us: I64, stated_us: I64) -> I64:
    """Each fix's lag, or the least among those that the supplier stamped in the same minute."""
    minutes, burst = np.unique(stated_us // 60_000_000, return_inverse=True)
    lag = stated_us - t_us
    least = np.full(minutes.size, np.iinfo(np.int64).max)
    np.minimum.at(least, burst, lag)
    return np.asarray(least[burst])


def _mark_by(
    t_us: I64, stated_us: I64, limit_s: float, parameters: ClockParameters
) -> NDArray[np.bool_]:
    """The doubtful ones of one device's fixes by one of the supplier's times, where given."""
    doubtful = np.zeros(t_us.size, dtype=np.bool_)
    given = np.flatnonzero(stated_us >= 0)
    lag = stated_us[given] - t_us[given]
    behind = np.zeros(given.size, dtype=np.bool_)
    _mark_behind(
        t_us[given],
        _least_lags(t_us[given], stated_us[given]),
        round(parameters.about_s * 1e6),
        round(limit_s * 1e6),
        parameters.least_fixes,
        behind,
    )
    doubtful[given] = behind | (lag < -round(parameters.ahead_s * 1e6))
    return doubtful


def doubtful_clocks(
    offsets: I64,
    t_us: I64,
    recorded_us: I64,
    received_us: I64,
    parameters: ClockParameters | None = None,
) -> NDArray[np.bool_]:
    """Per fix, whether its device's clock is in doubt about then.

    Device `i` owns rows `offsets[i]:offsets[i + 1]`, in time order; `NO_TIME` where the supplier
    gave none. Fixes whose recorded time is given are not judged behind by the received one.
    """
    limits = parameters or ClockParameters()
    doubtful = np.zeros(t_us.size, dtype=np.bool_)
    for device in range(offsets.size - 1):
        own = slice(int(offsets[device]), int(offsets[device + 1]))
        t, recorded, received = t_us[own], recorded_us[own], received_us[own]
        doubtful[own] = _mark_by(t, recorded, limits.behind_recorded_s, limits)
        alone = np.where(recorded < 0, received, NO_TIME)
        doubtful[own] |= _mark_by(t, alone, limits.behind_received_s, limits)
        ahead = (received >= 0) & (t - received > round(limits.ahead_s * 1e6))
        doubtful[own] |= ahead
    return doubtful
