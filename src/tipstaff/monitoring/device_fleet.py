"""Every rule about devices for a fleet at once: columns where facts are many, one by one elsewhere.

Events are rare, so their rules take them one by one. Positions are many: silence goes over columns,
and a screen says which devices need the other rules that take positions. It finds exactly what
`monitoring.device_reference` finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tipstaff.domain.findings import Finding
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    device_findings,
    knowledge_findings,
)
from tipstaff.monitoring.device_screens import Places, screened
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, OthersNear, us
from tipstaff.monitoring.events import DeviceEvent
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.rules import clock, equipment, shielding
from tipstaff.monitoring.silence_columns import FactColumns, silence_jobs, silences

#: The rules that take positions one by one, in the order of what the screen says.
_SLOW: Final[tuple[DeviceRule[Any], ...]] = (
    clock.CLOCK,
    equipment.EQUIPMENT,
    shielding.SHIELDING,
)
_OF_EVENTS: Final = tuple(rule for rule in DEVICE_RULES if not rule.positions)


def fleet_findings(
    places: Places,
    events: Sequence[Sequence[DeviceEvent]],
    near: Sequence[Sequence[OthersNear]],
    watches: Sequence[DeviceWatch],
    parameters: DeviceParameters,
    horizon_us: int,
) -> list[list[Finding]]:
    """What every rule finds for each device, in one period each; facts each once."""
    columns = _by_coming_in(places, events, near, watches, parameters)
    jobs = silence_jobs(watches, parameters)
    out = silences(columns, jobs, watches, parameters, horizon_us)
    flags = screened(places, events, watches, parameters)
    for job, watch in enumerate(watches):
        told: list[DeviceFact] = [*events[job], *near[job]]
        for rule in _OF_EVENTS:
            out[job] += device_findings(told, watch, rule, parameters, horizon_us)
        slow = [rule for rule, flagged in zip(_SLOW, flags, strict=True) if flagged[job]]
        every = [*told, *_fixes(places, job)] if slow else []
        for rule in slow:
            by = knowledge_findings if rule is clock.CLOCK else device_findings
            out[job] += by(every, watch, rule, parameters, horizon_us)
    return out


def _fixes(places: Places, job: int) -> list[Fix]:
    rows = slice(places.starts[job], places.starts[job + 1])
    names = ("at_us", "lat_e7", "lon_e7", "mechanism", "radius_cm", "came_us")
    columns = (getattr(places, name)[rows].tolist() for name in names)
    return [Fix(*values) for values in zip(*columns, strict=True)]


def _by_coming_in(
    places: Places,
    events: Sequence[Sequence[DeviceEvent]],
    near: Sequence[Sequence[OthersNear]],
    watches: Sequence[DeviceWatch],
    parameters: DeviceParameters,
) -> FactColumns:
    """All facts as the rules about silence take them: by device, then as they came in."""
    others: list[tuple[int, DeviceEvent | OthersNear]] = []
    for job, (told, seen) in enumerate(zip(events, near, strict=True)):
        others += [(job, event) for event in told]
        others += [(job, one) for one in seen]
    job_of = np.repeat(np.arange(len(watches)), np.diff(places.starts))
    jobs = np.append(job_of, np.array([each for each, _ in others], dtype=np.int64))
    came = np.append(places.came_us, np.array([x.ingested_us for _, x in others], dtype=np.int64))
    at = np.append(places.at_us, np.array([x.at_us for _, x in others], dtype=np.int64))
    placed = np.array([watch.plan.position_s is not None for watch in watches], dtype=np.bool_)
    is_fix = np.arange(len(jobs)) < len(job_of)
    tells = (at - came <= us(parameters.silence.ahead_s)) & (is_fix | ~placed[jobs])
    order = np.lexsort((at, came, jobs))
    starts = np.searchsorted(jobs[order], np.arange(len(watches) + 1))
    return FactColumns(came[order], at[order], tells[order], starts.astype(np.int64))
