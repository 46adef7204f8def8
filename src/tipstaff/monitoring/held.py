"""What orders' versions hold, from when to when, as it was known at some time.

A condition holds while a version shows its order as active, from the later of the order's start and
its being served, up to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tipstaff.domain.conditions import Condition
from tipstaff.domain.orders import Order, OrderStatus, enforceable_from
from tipstaff.domain.periods import Period
from tipstaff.domain.versions import Stated, timeline
from tipstaff.domain.zones import Place, Polygon

OrderVersion = tuple[Stated, Order]


@dataclass(frozen=True, slots=True, repr=False)
class AbsenceGranted:
    """A period for which conditions are suspended: one of them, or all where none is named.

    `condition` is a name as watches have it.
    """

    period: Period
    condition: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Demands:
    """What watches are made from: all versions of each order, absences, where addresses are."""

    orders: Sequence[Sequence[OrderVersion]]
    absences: Sequence[AbsenceGranted] = ()
    addresses: Mapping[str, Polygon | Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A condition that one version holds for a stretch of time, by its name; absences beside it."""

    name: str
    condition: Condition
    during: Period
    absences: tuple[Period, ...]


def name_of(order: Order, condition: Condition) -> str:
    """The name of a condition among all of a wearer's."""
    return f"{order.reference}/{condition.reference}"


def all_held(told: Demands, during: Period, known_at: datetime) -> Iterator[Held]:
    """Every condition for every stretch in which a version holds it, within `during`."""
    for versions in told.orders:
        known = {stated.number: (stated, order) for stated, order in versions}
        heard = [stated for stated, _ in versions if stated.recorded_at <= known_at]
        for stretch in timeline(heard):
            order = known[stretch.number][1]
            span = _enforceable(order, stretch.start, stretch.end, during)
            if span is None:
                continue
            for condition in order.conditions:
                name = name_of(order, condition)
                free = (a.period for a in told.absences if a.condition in {"", name})
                yield Held(name, condition, span, tuple(free))


def _enforceable(
    order: Order, start: datetime, end: datetime | None, during: Period
) -> Period | None:
    """When a version's conditions can be enforced while it shows; None: never."""
    since = enforceable_from(order)
    if since is None or order.status is not OrderStatus.ACTIVE:
        return None
    begins = max(start, since, during.start)
    ends = min(at for at in (end, order.ends_at, during.end) if at is not None)
    return Period(begins, ends) if begins < ends else None
