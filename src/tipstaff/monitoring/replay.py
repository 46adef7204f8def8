"""A stretch of time replayed for many wearers at once, from fixes as columns in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.findings import Told
from tipstaff.domain.fixes import Mechanism
from tipstaff.monitoring.engine import FactColumns, advance, told_by_wearer
from tipstaff.monitoring.fix_columns import columns_of
from tipstaff.monitoring.fleet_states import new_fleet_state
from tipstaff.monitoring.fleets import fleet_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.presence_jobs import unit_columns
from tipstaff.monitoring.watches import Watch

I64 = NDArray[np.int64]


class WornFixes(NamedTuple):
    """Fixes with the number of who wore the device; `radius_cm` is -1 where none is stated."""

    wearer: I64
    at_us: I64
    lat_e7: I64
    lon_e7: I64
    mechanism: I64
    radius_cm: I64


def speaking_rows(fixes: WornFixes) -> I64:
    """The rows that speak, sorted by wearer and instant: `facts.speaking` over columns."""
    network = fixes.mechanism != int(Mechanism.GPS)
    keys = (
        fixes.mechanism, fixes.lon_e7, fixes.lat_e7, fixes.radius_cm, fixes.radius_cm < 0,
        network, fixes.at_us, fixes.wearer,
    )  # fmt: skip
    order = np.lexsort(keys)
    wearer, at_us = fixes.wearer[order], fixes.at_us[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (wearer[1:] != wearer[:-1]) | (at_us[1:] != at_us[:-1])
    return order[first].astype(np.int64)


def replayed(
    fixes: WornFixes,
    watched: Sequence[Sequence[Watch]],
    parameters: EngineParameters,
    span_us: tuple[int, int],
) -> list[tuple[Told, ...]]:
    """What is told of each wearer from the first instant of the span to its last, itself included.

    Nothing is known before. Fixes outside the span are left out.
    """
    since_us, until_us = span_us
    inside = (fixes.at_us >= since_us) & (fixes.at_us <= until_us)
    within = WornFixes(*(column[inside] for column in fixes))
    spoken = WornFixes(*(column[speaking_rows(within)] for column in within))
    fleet = fleet_of(watched, parameters)
    starts = np.searchsorted(spoken.wearer, np.arange(len(watched) + 1)).astype(np.int64)
    facts = FactColumns(
        columns_of(*spoken[1:], parameters),
        starts,
        unit_columns([], fleet.addresses),
        np.zeros_like(starts),
    )
    told, _ = advance(fleet, new_fleet_state(fleet, since_us), facts, until_us)
    return told_by_wearer(fleet, told)
