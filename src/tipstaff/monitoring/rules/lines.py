"""A line between two satellite fixes that crosses a zone: when it is told, as the reference says.

A receiver at rest jumps: now and then it puts the tag hundreds of metres off, for a few fixes, and
then back. So what a line tells is weighed by where the tag rested.

- A tag rests where two satellite fixes in turn are within `rest_m` of one another, and for as long
  as it is seen within that of there.
- A line that is drawn within `rest_s` of a rest waits. If the tag is seen back where it rested
  meanwhile, nothing is told of it; else it is told at the first satellite fix after that, and when
  the zone's hours end.
- A line of who has been about for longer is told at once.

With a `rest_s` of 0 every line is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.geodesy import from_e7
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.parameters import ZoneParameters
from tipstaff.monitoring.zone_evidence import scales
from tipstaff.monitoring.zone_lines import degrees_back, metres_back


@dataclass(frozen=True, slots=True, repr=False)
class LineState:
    """Where the tag last rested, and since when (µs) the line that waits."""

    rest: Fix | None = None
    waits_us: int | None = None


def told(
    state: LineState, fix: Fix, before: Fix | None, zone: ZoneParameters, *, crosses: bool
) -> tuple[LineState, int | None]:
    """The start (µs) of the line that is told at a satellite fix, if one is.

    `before`: the satellite fix before; `crosses`: whether the line from it to the fix does.
    """
    drawn_us = before.at_us if crosses and before is not None else None
    if zone.rest_s == 0.0:
        return state, drawn_us
    if state.rest is not None and fix.at_us - state.rest.at_us <= zone.rest_s * MICROSECONDS:
        if _is_near(fix, state.rest, zone):
            return LineState(rest=fix), None
        waits_us = drawn_us if state.waits_us is None else state.waits_us
        return replace(state, waits_us=waits_us), None
    told_us = drawn_us if state.waits_us is None else state.waits_us
    rests = (
        before is not None
        and fix.at_us - before.at_us <= zone.line_s * MICROSECONDS
        and _is_near(fix, before, zone)
    )
    return LineState(rest=fix if rests else state.rest), told_us


def _is_near(fix: Fix, other: Fix, zone: ZoneParameters) -> bool:
    here = float(from_e7(fix.lat_e7)), float(from_e7(fix.lon_e7))
    there = float(from_e7(other.lat_e7)), float(from_e7(other.lon_e7))
    return metres_back(degrees_back(*here, there), scales(here[0])) <= zone.rest_m
