"""What orders' versions hold, from when to when, as it was known at some time.

A condition holds while a version shows its order as active, from the later of the order's start and
its being served, up to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tipstaff.domain.conditions import Condition, Curfew
from tipstaff.domain.orders import Order, OrderStatus, enforceable_from
from tipstaff.domain.periods import Period
from tipstaff.domain.timetables import addresses_of
from tipstaff.domain.versions import Stated, timeline
from tipstaff.domain.zones import Place, Polygon

OrderVersion = tuple[Stated, Order]
Where = Polygon | Place


@dataclass(frozen=True, slots=True, repr=False)
class AbsenceGranted:
    """A period for which conditions are suspended: one of them, or all where none is named.

    `condition` is a name as watches have it.
    """

    period: Period
    condition: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Located:
    """Where an address is from `since` on, until the next is said; None: nobody knows."""

    since: datetime
    where: Where | None


@dataclass(frozen=True, slots=True, repr=False)
class Demands:
    """What watches are made from: all versions of each order, absences, where addresses are.

    `moved`: the addresses that are not in one place for ever, each with its places in order.
    """

    orders: Sequence[Sequence[OrderVersion]]
    absences: Sequence[AbsenceGranted] = ()
    addresses: Mapping[str, Where] = field(default_factory=dict)
    moved: Mapping[str, Sequence[Located]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A condition that one version holds for a stretch of time, by its name; absences beside it.

    `places`: where each address of a curfew is meanwhile; one that is not known is left out.
    """

    name: str
    condition: Condition
    during: Period
    absences: tuple[Period, ...]
    places: tuple[tuple[str, Where], ...] = ()


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
                yield from _placed(Held(name, condition, span, tuple(free)), told)


def _placed(held: Held, told: Demands) -> Iterator[Held]:
    """The same with the places of a curfew's addresses, cut where one of them changes."""
    if not isinstance(held.condition, Curfew):
        yield held
        return
    names = addresses_of(held.condition.timetable)
    span = held.during
    moves = {one.since for name in names for one in told.moved.get(name, ())}
    cuts = [span.start, *sorted(at for at in moves if span.contains(at) and at != span.start)]
    for start, end in zip(cuts, [*cuts[1:], span.end], strict=True):
        found = ((name, _where(told, name, start)) for name in names)
        places = tuple((name, where) for name, where in found if where is not None)
        yield replace(held, during=Period(start, end), places=places)


def _where(told: Demands, name: str, at: datetime) -> Where | None:
    if name not in told.moved:
        return told.addresses.get(name)
    shown = [one.where for one in told.moved[name] if one.since <= at]
    return shown[-1] if shown else None


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
