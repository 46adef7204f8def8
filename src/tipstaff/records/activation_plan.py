"""Which activations may be recorded: pure. One device is worn by one person at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ActivationFact:
    """That a wearer wore a device from `start` up to, not including, `end`. `row` is its source."""

    activation_id: str
    device_id: str
    wearer: str
    start: datetime
    end: datetime
    row: int = 0

    def says_the_same(self, other: ActivationFact) -> bool:
        """Whether both say the same, wherever they were read."""
        return replace(self, row=0) == replace(other, row=0)


@dataclass(frozen=True, slots=True)
class Clash:
    """An incoming row that is refused, and the activation that it would overlap.

    `other_row` is 0 where the other one is on record already.
    """

    row: int
    activation_id: str
    other_row: int
    other_activation_id: str


@dataclass(frozen=True, slots=True)
class ActivationPlan:
    """What to write: `new` replaces what is on record under the same id."""

    new: tuple[ActivationFact, ...]
    unchanged: int
    clashes: tuple[Clash, ...]


def plan(
    recorded: Mapping[str, ActivationFact], incoming: Iterable[ActivationFact]
) -> ActivationPlan:
    """Decide on `incoming`, given what is on record by activation id; the order of rows is nothing.

    Every incoming row that overlaps another activation of its device, as things would then stand,
    is refused; a refused correction leaves the old belief standing, which may refuse others.
    """
    rows = sorted(incoming, key=lambda fact: (fact.activation_id, fact.row))
    wanted = {fact.activation_id: fact for fact in rows}
    repeated = [fact for fact in rows if not wanted[fact.activation_id].says_the_same(fact)]
    clashes = [
        Clash(one.row, one.activation_id, other.row, other.activation_id)
        for fact in repeated
        for one, other in (
            (fact, wanted[fact.activation_id]),
            (wanted[fact.activation_id], fact),
        )
    ]
    for fact in repeated:
        wanted.pop(fact.activation_id, None)
    while found := _overlaps({**recorded, **wanted}, wanted):
        clashes += found
        for clash in found:
            wanted.pop(clash.activation_id, None)
    new = {k: f for k, f in wanted.items() if k not in recorded or not f.says_the_same(recorded[k])}
    unchanged = len(wanted) - len(new)
    order = sorted(set(clashes), key=lambda c: (c.row, c.other_row, c.other_activation_id))
    return ActivationPlan(tuple(new[k] for k in sorted(new)), unchanged, tuple(order))


def _overlaps(
    state: Mapping[str, ActivationFact], wanted: Mapping[str, ActivationFact]
) -> list[Clash]:
    """Every pair that overlaps on one device, once for each side that is `wanted`."""
    by_device: defaultdict[str, list[ActivationFact]] = defaultdict(list)
    for fact in state.values():
        by_device[fact.device_id].append(fact)
    found: list[Clash] = []
    for facts in by_device.values():
        facts.sort(key=lambda fact: (fact.start, fact.end, fact.activation_id))
        for index, first in enumerate(facts):
            for second in facts[index + 1 :]:
                if second.start >= first.end:
                    break
                found += [
                    Clash(one.row, one.activation_id, other.row, other.activation_id)
                    for one, other in ((first, second), (second, first))
                    if one.activation_id in wanted
                ]
    return found
