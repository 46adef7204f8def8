"""When an order was in force, from all that was said of it; and whether collection has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import NOT_YET_MADE, OVER, OrderStatus
from tipstaff.domain.retention import Spell


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of an order's current timeline, from `since` on, and what shows in it."""

    since: datetime
    basis: LegalBasis
    status: OrderStatus
    starts_at: datetime
    ends_at: datetime | None


def spell_of(key: str, timeline: Iterable[Told], now: datetime) -> Spell | None:
    """The order as it bears on keeping, as it is known now; None where it never became one.

    What shows now speaks; where nothing does, what showed last. An order that is not over and has
    no end stands; the end of one that is over is that of its version, or when it began to be over.
    """
    stretches = sorted(timeline, key=lambda told: told.since)
    if all(told.status in NOT_YET_MADE for told in stretches):
        return None
    shown = [told for told in stretches if told.since <= now] or stretches[:1]
    last = shown[-1]
    end = last.ends_at
    if end is None and last.status in OVER:
        end = last.since
    return Spell(key, last.basis, last.starts_at, None if end is None else max(end, last.starts_at))


def chosen_apart(
    orders: Mapping[str, Spell], restores: Iterable[tuple[str, str]]
) -> tuple[Spell, ...]:
    """One person's orders, by reference, each licence with the voluntary orders it was relaxed for.

    `restores` are pairs of references: the order, and the licence that it names.
    """
    by_licence: dict[str, list[Spell]] = {}
    for name, licence in sorted(set(restores)):
        if name in orders and name != licence:
            by_licence.setdefault(licence, []).append(orders[name])
    return tuple(
        replace(order, relaxed_for=tuple(by_licence.get(name, ())))
        for name, order in sorted(orders.items())
    )


def collection_ended(orders: Iterable[Spell], at: datetime) -> bool:
    """Whether nothing may be collected `at` that instant: orders are on record, none in force.

    Nobody has to do anything for it: an order's end, or its revocation, is enough. Of a person
    without an order on record it is not known, which is not "ended".
    """
    listed = tuple(orders)
    return bool(listed) and not any(order.covers(at) for order in listed)
