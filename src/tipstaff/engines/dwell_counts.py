"""Counting stays in simulated worlds, for the dwell law.

A world without crimes shows how long wearers stay who are living as usual. It reads no data about
anybody, so there is nothing to audit.
"""

from __future__ import annotations

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.engines.excursion_counts import true_trails
from tipstaff.matching.dwell_counts import I64, count_stays
from tipstaff.matching.states import minute_states, routines_of
from tipstaff.matching.strength import StrengthParameters
from tipstaff.patterns.area import area_of
from tipstaff.simulation.world import World


def count_world(world: World, model: ErrorModel, parameters: StrengthParameters) -> I64:
    """The stays of one world, as `matching.dwell_counts.count_stays` counts them."""
    trails = true_trails(world).trails
    states = minute_states(trails, model, parameters.motion)
    routines = routines_of(states, len(trails.wearers))
    return count_stays(states, routines, area_of(routines), parameters)
