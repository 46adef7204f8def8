"""Which devices need the slow rules at all: a screen over columns of positions.

Most devices on most days are neither shielded nor suspect. The screen tells those apart of which
the rules about clocks, equipment and shielding can find nothing; only the others are gone through
fact by fact. It errs to one side: what it lets through unexamined has no findings, which a property
test holds it to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.device_parameters import DAY_S, DeviceParameters
from tipstaff.monitoring.device_watches import DeviceWatch, us
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.rules.clock import clock_fault

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]
_GPS: Final = int(Mechanism.GPS)
_M_E7: Final = 0.0111195
#: What rounding may do to a distance of a few kilometres, many times over.
_SLACK_M: Final = 0.01
_WRONG: Final = frozenset({EventKind.FAULT, EventKind.UNKNOWN_CODE})


class Places(NamedTuple):
    """Positions of many devices, each once: by device, then instant, mechanism, radius, place.

    `starts` are the rows at which devices begin, one more than devices.
    """

    at_us: I64
    came_us: I64
    lat_e7: I64
    lon_e7: I64
    mechanism: I64
    radius_cm: I64
    starts: I64


class Screened(NamedTuple):
    """For each device, whether each of the slow rules may find something."""

    clock: Flags
    equipment: Flags
    shielding: Flags


def screened(
    places: Places,
    events: Sequence[Sequence[DeviceEvent]],
    watches: Sequence[DeviceWatch],
    parameters: DeviceParameters,
) -> Screened:
    """The screen for devices in one period each."""
    begins = np.array([watch.periods[0][0] for watch in watches], dtype=np.int64)
    ends = np.array([watch.periods[0][1] for watch in watches], dtype=np.int64)
    clock, equipment = _flagged(places, begins, ends, *_numbers(parameters))
    shielding = np.zeros(len(watches), dtype=np.bool_)
    for job, told in enumerate(events):
        begin_us = int(begins[job])
        clock[job] |= any(_is_wrong(event, begin_us, parameters) for event in told)
        equipment[job] |= _may_be_suspect(told, parameters)
        at_us = places.at_us[places.starts[job] : places.starts[job + 1]]
        shielding[job] = _may_be_shielded(at_us[at_us >= begin_us], told, parameters)
    return Screened(clock, equipment, shielding)


def _numbers(parameters: DeviceParameters) -> tuple[I64, F64]:
    """The numbers of the kernel, whole and not."""
    numbers = parameters.equipment
    whole = (
        us(numbers.ahead_s),
        us(numbers.before_days * DAY_S),
        us(numbers.weeks * 7 * DAY_S) // 2,
        us(numbers.frozen_s),
        us(numbers.elsewhere_s),
        numbers.jumps,
    )
    return np.array(whole, dtype=np.int64), np.array([numbers.jump_mps, numbers.elsewhere_m])


def _is_wrong(event: DeviceEvent, begin_us: int, parameters: DeviceParameters) -> bool:
    numbers = parameters.equipment
    return clock_fault(event.at_us, event.ingested_us, begin_us, numbers) is not None


def _may_be_suspect(told: Sequence[DeviceEvent], parameters: DeviceParameters) -> bool:
    cuts = sum(event.kind is EventKind.STRAP_CUT for event in told)
    return cuts >= parameters.equipment.strap_flaps or any(e.kind in _WRONG for e in told)


def _may_be_shielded(at_us: I64, told: Sequence[DeviceEvent], parameters: DeviceParameters) -> bool:
    """Whether it was heard often enough between two positions that lie far enough apart."""
    if any(event.kind is EventKind.JAMMED for event in told):
        return True
    if len(told) < parameters.shielding.heard or not len(at_us):
        return False
    heard = np.searchsorted(at_us, np.array([e.at_us for e in told]), side="right")
    often = np.bincount(heard, minlength=len(at_us) + 1)[1:] >= parameters.shielding.heard
    apart = np.append(np.diff(at_us) >= us(parameters.shielding.least_s), [True])
    return bool(np.any(often & apart))


@njit(cache=True)
def _apart_m(places: Places, one: int, other: int) -> float:
    north = float(places.lat_e7[other] - places.lat_e7[one])
    east = float(places.lon_e7[other] - places.lon_e7[one])
    east *= np.cos(places.lat_e7[one] / 1e7 * np.pi / 180.0)
    return float(np.sqrt(north * north + east * east) * _M_E7)


@njit(cache=True)
def _radius_m(places: Places, row: int) -> float:
    return float(places.radius_cm[row] / 100.0 if places.radius_cm[row] >= 0 else 100.0)


@njit(cache=True)
def _clock_may_be_wrong(at: int, came: int, begin: int, whole: I64) -> bool:
    ahead = at - came
    return bool(ahead > whole[0] or at < begin - whole[1] or abs(ahead) > whole[2])


@njit(cache=True)
def _flagged(
    places: Places, begins: I64, ends: I64, whole: I64, decimal: F64
) -> tuple[Flags, Flags]:
    """Which devices may have a wrong clock, and which may be frozen, or jump."""
    clock = np.zeros(len(begins), dtype=np.bool_)
    suspect = np.zeros(len(begins), dtype=np.bool_)
    for job in range(len(begins)):
        last, run, jumps = -1, 0, 0
        for row in range(places.starts[job], places.starts[job + 1]):
            at = places.at_us[row]
            if _clock_may_be_wrong(at, places.came_us[row], begins[job], whole):
                clock[job] = True
            if at < begins[job] or at >= ends[job]:
                continue
            if places.mechanism[row] != _GPS:
                if last >= 0 and places.radius_cm[row] >= 0 and at - run >= whole[4]:
                    beyond = _radius_m(places, row) + decimal[1] - _SLACK_M
                    suspect[job] |= _apart_m(places, last, row) > beyond
                continue
            if last < 0 or (
                places.lat_e7[last] != places.lat_e7[row]
                or places.lon_e7[last] != places.lon_e7[row]
            ):
                run = at
            if last >= 0:
                seconds = (at - places.at_us[last]) / MICROSECONDS
                radii = _radius_m(places, last) + _radius_m(places, row)
                apart = _apart_m(places, last, row) - radii + _SLACK_M
                jumps += apart > decimal[0] * seconds
            suspect[job] |= at - run >= whole[3] or jumps >= whole[5]
            last = row
    return clock, suspect
