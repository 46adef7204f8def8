"""Clocks of devices that are wrong: told by when a message came, kept and flagged, never believed.

A message with such a time is evidence of the device, not of where somebody was at that time: a tag
that says 2019 would put its wearer of today into the trail of whoever wore it then.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

_SECOND_US: Final = 1_000_000
_DAY_US: Final = 86_400 * _SECOND_US
#: GPS tells the week in ten bits, so a receiver that has lost the era is out by 1,024 weeks (IS-GPS
#: -200, 20.3.3.3.1.1); one that is built to count from an old era, by a multiple of them.
ROLLOVER_US: Final = 1_024 * 7 * _DAY_US
#: A rolled-over clock goes right but for the era: it differs by late reporting and nothing else.
_ROLLED_WITHIN_US: Final = 7 * _DAY_US
#: Two clocks that are set by the network or by satellites differ by less.
AHEAD_US: Final = 120 * _SECOND_US
#: A live feed brings nothing older. What lay in a drawer for longer is imported as a file.
BEHIND_US: Final = 92 * _DAY_US


class ClockFault(IntEnum):
    """What is wrong with the time of a message."""

    NONE = 0
    AHEAD = 1
    BEHIND = 2
    WEEK_ROLLOVER = 3


def clock_fault(time_us: int, received_us: int) -> ClockFault:
    """What is wrong with a device's time, of a message received at `received_us`."""
    late_us = received_us - time_us
    if late_us < -AHEAD_US:
        return ClockFault.AHEAD
    if late_us <= BEHIND_US:
        return ClockFault.NONE
    eras = (late_us + AHEAD_US) // ROLLOVER_US
    if eras and late_us - eras * ROLLOVER_US <= _ROLLED_WITHIN_US:
        return ClockFault.WEEK_ROLLOVER
    return ClockFault.BEHIND
