"""From what the records say of an order to the facts by which the law of searching judges it.

An order counts for the time in which a version of it shows, within its own start and end, and only
while it was in force: what was referred or found suitable is no order yet, under a suspended one
nobody is monitored, and one that was revoked or has ended is over. Where versions that follow each
other look the same to the law of searching (a curfew was moved by an hour), they count as one, so
that a window across the change lies within the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from tipstaff.domain.conditions import Protected, Proximity, Trail, kind_of
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.search_facts import Consent, OrderFacts
from tipstaff.domain.wall_time import first_reached


@dataclass(frozen=True, slots=True, repr=False)
class ShownOrder:
    """An order as it shows from `start` up to, not including, `end` (None: without end)."""

    start: datetime
    end: datetime | None
    order: Order


def facts_of(
    shown: Iterable[ShownOrder],
    *,
    born_on: date | None,
    victim: bool,
    consents: Sequence[Consent] = (),
) -> tuple[OrderFacts, ...]:
    """The facts of one order, from all that shows of it; one for each time and each consent.

    `victim`: somebody's order protects the wearer.
    """
    pieces = [
        OrderFacts(
            basis=piece.order.basis,
            conditions=frozenset(kind_of(c) for c in piece.order.conditions if _holds(c, piece)),
            start=piece.start,
            end=piece.end,
            born_on=born_on,
            victims_device=victim,
            scheme=None if piece.order.rule is None else piece.order.rule.rule_id,
        )
        for one in sorted(shown, key=lambda one: one.start)
        for piece in _pieces(one)
    ]
    joined = tuple(_joined(pieces))
    if not consents:
        return joined
    return tuple(replace(facts, consent=consent) for facts in joined for consent in consents)


def victims_of(order: Order) -> frozenset[str]:
    """Whom the order protects as victims, by their references."""
    return frozenset(
        condition.person
        for condition in order.conditions
        if isinstance(condition, Proximity) and condition.protects is Protected.VICTIM
    )


def _pieces(shown: ShownOrder) -> Iterator[ShownOrder]:
    """The time in which the order was in force, cut where a trail in it ends before the order."""
    order = shown.order
    if order.status is not OrderStatus.ACTIVE:
        return
    start = max(shown.start, order.starts_at)
    end = _earlier(shown.end, order.ends_at)
    ends = {_trail_end(c) for c in order.conditions if isinstance(c, Trail) and c.until}
    cuts = sorted(cut for cut in ends if start < cut and (end is None or cut < end))
    edges = [start, *cuts]
    for first, last in zip(edges, [*cuts, end], strict=True):
        if last is None or first < last:
            yield ShownOrder(first, last, order)


def _holds(condition: object, piece: ShownOrder) -> bool:
    """Whether a condition holds in a piece; all but a trail hold as long as the order does."""
    if not isinstance(condition, Trail) or condition.until is None:
        return True
    return piece.start < _trail_end(condition)


def _trail_end(trail: Trail) -> datetime:
    """The midnight with which the day begins that is named as the trail's end."""
    if trail.until is None:
        raise ValueError("this trail has no end of its own")
    return first_reached(datetime.combine(trail.until, time()))


def _joined(pieces: Iterable[OrderFacts]) -> Iterator[OrderFacts]:
    """Pieces in order, those made one that touch and say the same."""
    last: OrderFacts | None = None
    for piece in pieces:
        if last is not None and last.end == piece.start and _alike(last, piece):
            last = replace(last, end=piece.end)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _alike(one: OrderFacts, other: OrderFacts) -> bool:
    return replace(one, start=other.start, end=other.end) == other


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((end for end in (one, other) if end is not None), default=None)
