"""A life as live monitoring keeps it: where it stands, what was told of it, what is at hand of it.

`solid` is what facts led to, up to the last of them. What the clock makes of it since is worked out
each time and never kept, so that no fact is late because a clock had ticked.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from tipstaff.domain.findings import Finding, Told
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, Watched, first_snapshot
from tipstaff.monitoring.device_reference import KNOWLEDGE_RULES
from tipstaff.monitoring.device_step import DeviceState, new_device_state
from tipstaff.monitoring.fleets import fleet_of
from tipstaff.monitoring.place_columns import NEVER

HOUR_US: Final = 3_600 * MICROSECONDS
#: Snapshots kept at hand, an hour apart, and with them the facts since the oldest.
AT_HAND: Final = 3
#: Evidence is kept as the first and the last instant of each half day: no gap of a day is lost.
_HALF_DAY_US: Final = 12 * HOUR_US


@dataclass(slots=True, repr=False)
class KeptLife:
    """A wearer with one device.

    `solid`: see above. `known` is the state of rules about what was known. `facts` are those since
    the first of the `ring` of snapshots, by instant; `waiting` are from the future, for when their
    time has come. `told` is what `solid` tells, `clocked` what the clock adds, `learnt` what rules
    about knowledge and what is *filled late* told, which only grows. `due_us`: when the clock is
    next needed. `evidence`: instants of which a position is known, thinned.
    """

    watched: Watched
    solid: Snapshot
    known: DeviceState
    ring: list[Snapshot] = field(default_factory=list)
    facts: list[LiveFact] = field(default_factory=list)
    waiting: list[LiveFact] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    clocked: tuple[Told, ...] = ()
    learnt: list[Finding] = field(default_factory=list)
    evidence: array[int] = field(default_factory=lambda: array("q"))
    solid_due_us: int = 0
    known_due_us: int = NEVER
    due_us: int = 0

    @property
    def everything(self) -> tuple[Told, ...]:
        """All that is told of it, in order."""
        told = [*self.told, *self.clocked, *self.learnt]
        return tuple(sorted(told, key=lambda one: one.at))


def new_life(watched: Watched, rules: Rulebook) -> KeptLife:
    """A life of which nothing is known."""
    first = first_snapshot(watched, rules)
    return KeptLife(watched, first, new_device_state(KNOWLEDGE_RULES, rules.devices), ring=[first])


def digest_of(watched: Watched, rules: Rulebook) -> bytes:
    """What states of a life mean: they are of no use where it is another. Periods are not in it."""
    return fleet_of([watched.watches], rules.places).digest


def remembered(life: KeptLife, facts: Iterable[LiveFact]) -> list[LiveFact]:
    """Put facts among those at hand; the ones that were not there, by instant."""
    fresh = list(facts)
    if _follow(life.facts, fresh):
        life.facts += fresh
        return fresh
    fresh, news = [], sorted(set(fresh), key=lambda one: one.at_us)
    for fact in news:
        low = bisect_left(life.facts, fact.at_us, key=lambda one: one.at_us)
        high = bisect_right(life.facts, fact.at_us, key=lambda one: one.at_us)
        if not any(_is_same(fact, other) for other in life.facts[low:high]):
            life.facts.insert(high, fact)
            fresh.append(fact)
    return fresh


def _follow(known: Sequence[LiveFact], facts: Sequence[LiveFact]) -> bool:
    """Whether facts are of instants one after another, all after those that are known."""
    if known and facts and facts[0].at_us <= known[-1].at_us:
        return False
    return all(one.at_us < other.at_us for one, other in pairwise(facts))


def _is_same(one: LiveFact, other: LiveFact) -> bool:
    """Whether two facts say the same, whenever they came in."""
    if type(one) is not type(other):
        return False
    names = [name for name in one.__slots__ if name != "ingested_us"]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def before(life: KeptLife, at_us: int) -> Snapshot | None:
    """The newest snapshot at hand from before an instant."""
    return next((one for one in reversed(life.ring) if one.horizon_us < at_us), None)


def since(life: KeptLife, horizon_us: int) -> list[LiveFact]:
    """The facts at hand from after a horizon."""
    return life.facts[bisect_right(life.facts, horizon_us, key=lambda one: one.at_us) :]


def rolled(life: KeptLife) -> None:
    """Keep no more snapshots at hand than are wanted, and the facts since the first."""
    del life.ring[:-AT_HAND]
    if life.ring and life.facts and life.facts[0].at_us <= life.ring[0].horizon_us:
        life.facts = since(life, life.ring[0].horizon_us)


def note_evidence(evidence: array[int], instants: Iterable[int]) -> None:
    """Add instants of which a position is known, thinned."""
    listed = list(instants)
    if listed and min(listed) // _HALF_DAY_US == max(listed) // _HALF_DAY_US:
        listed = [min(listed), max(listed)]
    for at_us in listed:
        half = at_us // _HALF_DAY_US
        low = bisect_left(evidence, half * _HALF_DAY_US)
        high = bisect_left(evidence, (half + 1) * _HALF_DAY_US)
        own = evidence[low:high]
        if not own:
            evidence.insert(low, at_us)
        elif at_us < own[0]:
            evidence[low:high] = array("q", [at_us, own[-1]])
        elif at_us > own[-1]:
            evidence[low:high] = array("q", [own[0], at_us])
