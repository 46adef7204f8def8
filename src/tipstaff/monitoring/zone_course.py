"""How the evidence about one zone went, fix by fix: for a person to look at, judging nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

from tipstaff.monitoring.facts import Fix, in_order
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import zone
from tipstaff.monitoring.watches import ZoneWatch


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """After a fix at `at_us`: the probability of the forbidden state, by the evidence so far."""

    at_us: int
    probability: float


def zone_course(
    fixes: Iterable[Fix], watch: ZoneWatch, parameters: EngineParameters
) -> list[CoursePoint]:
    """The probability after each fix, from nothing known before the first, in order of time.

    The same sums as the rule's; since it begins with nothing known, the first fixes may say less
    than the engine knew. What is not a fix changes nothing.
    """
    state, told = zone.new_state(watch, parameters), list[CoursePoint]()
    for fix in in_order(fixes):
        state, _found = zone.take(state, fix, watch, parameters)
        told.append(CoursePoint(fix.at_us, 1.0 / (1.0 + exp(-state.log_odds))))
    return told


def levels(watch: ZoneWatch, parameters: EngineParameters) -> tuple[float, float, float]:
    """The probabilities from which it is suspected, probable and confirmed, by the zone's harm."""
    one, two, three = (
        1.0 / (1.0 + exp(-odds)) for odds in zone.thresholds(parameters.zone, watch.harm)
    )
    return one, two, three
