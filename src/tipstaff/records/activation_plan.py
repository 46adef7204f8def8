"""Which activations may be recorded: pure. One device is worn by one person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tipstaff.domain.activations import Activation, overlaps


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
    """What to write: `new` replaces what is on record under the same id.

    `not_worn`: refused, because the device is one that no wearer wears. `wearers_before`: of whom
    what is replaced was said.
    """

    new: tuple[Activation, ...]
    unchanged: int
    clashes: tuple[Clash, ...]
    not_worn: tuple[Activation, ...] = ()
    wearers_before: tuple[str, ...] = ()


def plan(recorded: Mapping[str, Activation], incoming: Iterable[Activation]) -> ActivationPlan:
    """Decide on `incoming`, given what is on record by activation id; the order of rows is nothing.

    Every incoming row that overlaps another activation of its device, as things would then stand,
    is refused; a refused correction leaves the old belief standing, which may refuse others.
    """
    rows = sorted(incoming, key=lambda fact: (fact.activation_id, fact.row))
    wanted = {fact.activation_id: fact for fact in rows}
    repeated = [fact for fact in rows if not _same(wanted[fact.activation_id], fact)]
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
    while found := _clashes({**recorded, **wanted}, wanted):
        clashes += found
        for clash in found:
            wanted.pop(clash.activation_id, None)
    new = {k: f for k, f in wanted.items() if k not in recorded or not _same(f, recorded[k])}
    unchanged = len(wanted) - len(new)
    order = sorted(set(clashes), key=lambda c: (c.row, c.other_row, c.other_activation_id))
    return ActivationPlan(tuple(new[k] for k in sorted(new)), unchanged, tuple(order))


def _clashes(state: Mapping[str, Activation], wanted: Mapping[str, Activation]) -> list[Clash]:
    """Every pair that overlaps on one device, once for each side that is `wanted`."""
    return [
        Clash(one.row, one.activation_id, other.row, other.activation_id)
        for pair in overlaps(state.values())
        for one, other in (pair, pair[::-1])
        if one.activation_id in wanted
    ]


def _same(one: Activation, other: Activation) -> bool:
    """Whether both say the same, wherever they were read."""
    return replace(one, row=0) == replace(other, row=0)
