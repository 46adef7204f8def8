"""Facts of one wearer as the engine takes them, and the order in which it does.

At one instant: ends of periods come first, then starts, then facts, then the clock. Facts of one
instant are taken by their content, never by their arrival.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from tipstaff.domain.fixes import Mechanism
from tipstaff.monitoring.home_unit import HomeUnitEvent


class Rank(IntEnum):
    """What comes first at one instant."""

    PERIOD_END = 0
    PERIOD_START = 1
    FACT = 2
    TIMER = 3


@dataclass(frozen=True, slots=True, repr=False)
class Fix:
    """A fix: µs since 1970, whole 1e-7 degrees, mechanism code, 95% radius in cm (-1: not stated).

    `ingested_us` is when we took it in, the only clock for what was known when.
    """

    at_us: int
    lat_e7: int
    lon_e7: int
    mechanism: int
    radius_cm: int
    ingested_us: int = 0


Fact = Fix | HomeUnitEvent


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts as the engine takes them: by instant; then the fix that speaks, then other content."""
    told = list(facts)
    fixes = speaking(fact for fact in told if isinstance(fact, Fix))
    events = sorted({fact for fact in told if not isinstance(fact, Fix)})
    return sorted([*fixes, *events], key=lambda fact: fact.at_us)


def speaking(fixes: Iterable[Fix]) -> list[Fix]:
    """One fix an instant, in order: of several satellites first, then small radii.

    The rule of `domain.fixes.SPEAKING_ORDER`, so that it is content that decides, never arrival.
    """
    best: dict[int, Fix] = {}
    for fix in fixes:
        other = best.get(fix.at_us)
        if other is None or _preference(fix) < _preference(other):
            best[fix.at_us] = fix
    return [best[at_us] for at_us in sorted(best)]


def _preference(fix: Fix) -> tuple[bool, bool, int, int, int, int]:
    stated = fix.radius_cm >= 0
    network = fix.mechanism != Mechanism.GPS
    return (network, not stated, fix.radius_cm, fix.lat_e7, fix.lon_e7, fix.mechanism)
